/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/presets.h"
#include "core/program.h"
#include "unit/draws.h"
#include "unit/policies.h"
#include "unit/records.h"
#include "unit/shares.h"
#include "unit/test.h"

/* Small groups: the rules carried out in full, in the simplest way, against all outcomes. */

#define FEW 5

static unsigned runs_of_few[2]; /* Runs of presets over few sets with values, over any. */

typedef struct {
	unsigned count;
	struct {
		char answer[16];
		double odds;
	} outcomes[512];
} odds_t;

static double *odds_of(odds_t *odds, const char *answer)
{
	for (unsigned i = 0; i < odds->count; i++) {
		if (strcmp(odds->outcomes[i].answer, answer) == 0) {
			return &odds->outcomes[i].odds;
		}
	}
	assert_in_range(odds->count, 0, COUNT(odds->outcomes) - 1);
	strcpy(odds->outcomes[odds->count].answer, answer);
	odds->outcomes[odds->count].odds = 0;
	return &odds->outcomes[odds->count++].odds;
}

typedef struct {
	const sets_t *sets;
	bool strict;
	unsigned most;
	bool up[FEW];
	steer_step_t steps[16];
	unsigned count;
	odds_t odds;
} plain_t;

static void plain_step(plain_t *plain, unsigned step, const unsigned *sets, unsigned count,
                       double odds);

/*! All orders of sets, the first of which are fixed already. */
static void plain_order(plain_t *plain, unsigned step, unsigned *sets, unsigned count,
                        unsigned done, double odds)
{
	bool weighted = plain->steps[step].number == STEER_STEP_WEIGHTED;
	double sum = 0;
	if (done == count) {
		plain_step(plain, step + 1, sets, count, odds);
		return;
	}
	for (unsigned i = done; i < count; i++) {
		sum += weighted ? plain->sets->sets[sets[i]].weight : 1;
	}
	for (unsigned i = done; i < count; i++) {
		unsigned set = sets[i], other = sets[done];
		double share = weighted && sum > 0 ? plain->sets->sets[set].weight / sum
		                                   : 1.0 / (count - done);
		if (share > 0) {
			sets[i] = other;
			sets[done] = set;
			plain_order(plain, step, sets, count, done + 1, odds * share);
			sets[done] = other;
			sets[i] = set;
		}
	}
}

static void plain_up(plain_t *plain, unsigned step, const unsigned *sets, unsigned count,
                     double odds)
{
	unsigned left[FEW], up = 0;
	for (unsigned i = 0; i < count; i++) {
		if (plain->up[sets[i]]) {
			left[up++] = sets[i];
		}
	}
	unsigned all_down = plain->strict ? STEER_ALL_DOWN_NONE : plain->steps[step].all_down;
	if (up > 0 && up * 100 >= plain->steps[step].min_healthy * count) {
		plain_step(plain, step + 1, left, up, odds);
	} else if (all_down == STEER_ALL_DOWN_SERVFAIL) {
		*odds_of(&plain->odds, "servfail") += odds;
	} else {
		plain_step(plain, step + 1, sets, all_down == STEER_ALL_DOWN_ALL ? count : 0, odds);
	}
}

static void plain_tier(plain_t *plain, unsigned step, const unsigned *sets, unsigned count,
                       double odds)
{
	unsigned left[FEW], kept = 0, best = UINT8_MAX;
	for (unsigned i = 0; i < count; i++) {
		unsigned tier = plain->sets->sets[sets[i]].tier;
		best = tier < best ? tier : best;
	}
	for (unsigned i = 0; i < count; i++) {
		if (plain->sets->sets[sets[i]].tier == best) {
			left[kept++] = sets[i];
		}
	}
	plain_step(plain, step + 1, left, kept, odds);
}

static void plain_end(plain_t *plain, const unsigned *sets, unsigned count, double odds)
{
	char answer[16] = "";
	for (unsigned i = 0; i < count && i < plain->most; i++) {
		snprintf(answer + strlen(answer), sizeof(answer) - strlen(answer), "%s%u",
		         i > 0 ? " " : "", sets[i]);
	}
	*odds_of(&plain->odds, answer) += odds;
}

static void plain_step(plain_t *plain, unsigned step, const unsigned *sets, unsigned count,
                       double odds)
{
	unsigned copy[FEW];
	if (step == plain->count) {
		plain_end(plain, sets, count, odds);
		return;
	}
	switch (plain->steps[step].number) {
	case STEER_STEP_UP:
		plain_up(plain, step, sets, count, odds);
		break;
	case STEER_STEP_TIER:
		plain_tier(plain, step, sets, count, odds);
		break;
	case STEER_STEP_TAKE:
		count = count < plain->steps[step].take ? count : plain->steps[step].take;
		plain_step(plain, step + 1, sets, count, odds);
		break;
	default:
		memcpy(copy, sets, count * sizeof(*sets));
		plain_order(plain, step, copy, count, 0, odds);
		break;
	}
}

static void plain_odds(plain_t *plain, const group_t *group)
{
	const uint8_t *at = group->group.program, *end = at + group->group.program_len;
	unsigned sets[FEW];
	plain->count = plain->odds.count = 0;
	if (plain->strict && (at == end || *at != STEER_STEP_UP)) {
		plain->steps[plain->count++] = (steer_step_t) { .number = STEER_STEP_UP };
	}
	while (steer_program_next(&at, end, &plain->steps[plain->count])) {
		plain->count++;
	}
	for (unsigned i = 0; i < group->group.count; i++) {
		sets[i] = i;
	}
	plain_step(plain, 0, sets, group->group.count, 1);
}

/*! Runs what was just run again, as a preset over few sets: the same numbers lead to the same. */
static void check_few(group_t *group, bool any, bool strict, unsigned most, draws_t *draws,
                      const char *answer, unsigned work)
{
	unsigned drawn = draws->at, before = group->work, asked[FEW];
	memcpy(asked, group->asked, sizeof(asked));
	draws->at = 0;
	const char *few = group_run_few(group, any, strict, most);
	if (few != NULL) {
		assert_string_equal(few, answer);
		assert_int_equal(group->work - before, work);
		assert_int_equal(draws->at, drawn);
		assert_memory_equal(group->asked, asked, sizeof(asked));
		runs_of_few[any]++;
	}
	memcpy(group->asked, asked, sizeof(asked));
	draws->at = drawn;
}

/*! Adds up all outcomes of a run. */
static void run_odds(group_t *group, bool strict, unsigned most, odds_t *odds)
{
	draws_t draws;
	draws_begin(&draws);
	group->policy.chance = &draws.chance;
	odds->count = 0;
	do {
		unsigned before = group->work;
		const char *answer = group_run(group, strict, most);
		*odds_of(odds, answer) += 1.0 / draws_runs(&draws);
		unsigned work = group->work - before;
		check_few(group, false, strict, most, &draws, answer, work);
		check_few(group, true, strict, most, &draws, answer, work);
	} while (draws_next(&draws));
}

/*! Compares a group's odds in a state of its sets: a bit for each that is down. */
static void check_odds(group_t *group, plain_t *plain, unsigned down)
{
	static odds_t odds;
	bool any = false;
	for (unsigned i = 0; i < group->group.count; i++) {
		bool alias = plain->sets->sets[i].alias;
		plain->up[i] = !(down >> i & 1);
		group->target_up[i] = plain->up[i];
		group->slots[i].down = !alias && !plain->up[i];
	}
	plain_odds(plain, group);
	run_odds(group, plain->strict, plain->most, &odds);
	assert_int_equal(odds.count, plain->odds.count);
	for (unsigned i = 0; i < odds.count; i++) {
		double want = *odds_of(&plain->odds, odds.outcomes[i].answer);
		any = any || odds.outcomes[i].answer[0] != '\0';
		assert_true(fabs(odds.outcomes[i].odds - want) < 1e-12);
	}
	if (plain->strict) {
		assert_int_equal(steer_policy_up(&group->policy), any);
	}
}

static void odds_are_those_of_the_program_carried_out_in_full(void **state)
{
	(void)state;
	static const char *const programs[] = {
		"weighted", "failover", "multivalue", "up, weighted", "weighted, take 2",
		"up, weighted, take 2", "up all-down=none, weighted, take 1", "up, shuffle",
		"up min-healthy=50%, shuffle, take 2", "shuffle, take 2, up all-down=none, weighted",
		"up min-healthy=50% all-down=servfail, tier, weighted, take 2",
		"weighted, tier, up, take 1",
		"tier, up, shuffle, take 1", "up, weighted, take 3, shuffle, take 1", "take 2, up",
		"shuffle, up all-down=servfail, take 2, tier", "up, weighted, take 2, tier, weighted",
		"weighted, up min-healthy=75% all-down=none", "tier, up all-down=none, take 2",
		"weighted, take 3, up min-healthy=60%, take 2", "shuffle, weighted, take 2, up",
		"up all-down=none, up all-down=servfail, shuffle, take 1",
	};
	static const char *const groups[] = {
		"1 2 3 1", "3a 0 2a 0", "0 0a 0", "5@0 1@0a 2@1 0@1", "1@0 1@1 1@2a", "4", "2a 3a", "2a",
		"3 0 2 0", "0 0 0", "5@0 1@0 2@1 0@1 1@2",
	};
	static sets_t sets;
	static group_t group;
	plain_t *plain = calloc(1, sizeof(*plain));
	plain->sets = &sets;
	unsigned compared = 0;
	for (unsigned i = 0; i < COUNT(programs) * COUNT(groups) * 2; i++) {
		sets_read(&sets, groups[i / 2 % COUNT(groups)]);
		group_make(&group, &sets, programs[i / 2 / COUNT(groups)], i % 2 == 1);
		for (unsigned k = 0; k < 4u << sets.count; k++, compared++) {
			plain->strict = k & 1;
			plain->most = k & 2 ? 1 : STEER_SETS_MAX;
			check_odds(&group, plain, k / 4);
		}
		group_free(&group);
	}
	print_message("  %u groups in a state, %u runs of few sets with values, %u of any\n", compared,
	              runs_of_few[false], runs_of_few[true]);
	assert_true(runs_of_few[false] > 5000 && runs_of_few[true] > 10000);
	free(plain);
}

/* Presets over few sets. */

/*! Up to nine sets with all kinds of weights, tiers and states, with values or also aliases. */
static void random_sets(sets_t *sets, bool aliases, uint64_t *seed)
{
	static const uint32_t weights[] = { 0, 0, 1, 2, 255, UINT32_MAX };
	unsigned count = 1 + next_number(seed) % (STEER_FEW_SETS + 1), tier = 0;
	unsigned kinds = 1 + next_number(seed) % COUNT(weights), down = next_number(seed) % 4;
	sets->count = 0;
	while (sets->count < count) {
		sets_add(sets, weights[next_number(seed) % kinds], tier, next_number(seed) % 3 < down);
		if (aliases && next_number(seed) % 2) {
			sets_make_alias(sets, next_number(seed) % 4 > 0, next_number(seed) % 3 >= down);
		}
		tier += next_number(seed) % 3 == 0;
	}
}

static void few_sets_draw_as_their_program_does(void **state)
{
	(void)state;
	static const char *const programs[] = { "weighted", "failover", "multivalue" };
	static const unsigned wanted[] = { 1, 7, 8, STEER_SETS_MAX };
	static sets_t sets;
	static group_t group;
	char answer[64];
	uint64_t seed = 5;
	for (unsigned i = 0; i < 60000; i++) {
		bool strict = next_number(&seed) % 2, multivalue = i % 3 == 2;
		unsigned most = wanted[next_number(&seed) % COUNT(wanted)];
		steer_chance_t chance, same;
		bool aliases = next_number(&seed) % 2;
		random_sets(&sets, aliases, &seed);
		group_make(&group, &sets, programs[i % 3], false);
		steer_chance_seed(&chance, i);
		same = chance;
		group.policy.chance = &chance;
		strcpy(answer, group_run(&group, strict, most));
		unsigned work = group.work;
		group.policy.chance = &same;
		const char *few = group_run_few(&group, aliases, strict, most);
		assert_int_equal(few != NULL, sets.count <= STEER_FEW_SETS && (!multivalue || most >= 8));
		if (few != NULL) {
			assert_string_equal(few, answer);
			assert_memory_equal(&chance, &same, sizeof(chance));
			assert_int_equal(group.work, 2 * work);
		}
		group_free(&group);
	}
}

static void other_groups_are_left_to_their_program(void **state)
{
	(void)state;
	static const struct {
		const char *program, *sets;
		bool any; /*!< steer_presets_run_any() runs it. */
	} cases[] = {
		{ "weighted", "1 1a", true }, { "simple", "0a", false },
		{ "up, weighted, take 2", "1 1", false }, { "geo, take 1", "1 1", false },
		{ "up, weighted sticky=client, take 1", "1 1", false },
		{ "up, latency, take 2", "1 1", false },
		{ "up all-down=none, weighted, take 1", "1 1", false }, { "up, shuffle", "1 1", false },
		{ "up, shuffle, take 9", "1 1", false },
	};
	static sets_t sets;
	static group_t group;
	for (unsigned i = 0; i < COUNT(cases); i++) {
		sets_read(&sets, cases[i].sets);
		steer_chance_t chance;
		group_make(&group, &sets, cases[i].program, false);
		steer_chance_seed(&chance, 1);
		group.policy.chance = &chance;
		assert_null(group_run_few(&group, false, false, STEER_SETS_MAX));
		assert_int_equal(group_run_few(&group, true, false, STEER_SETS_MAX) != NULL, cases[i].any);
		group_free(&group);
	}
}

/* Large groups. */

static void shares_of_large_groups_are_exact(void **state)
{
	(void)state;
	static const char *const programs[] = {
		"weighted", "up, weighted, take 4", "up, weighted", "failover", "multivalue",
	};
	static sets_t sets;
	static group_t group;
	for (unsigned i = 0; i < 3 * COUNT(programs); i++) {
		unsigned count = i % 3 == 0 ? 10 : i % 3 == 1 ? 100 : 1000, hits[STEER_SETS_MAX] = { 0 };
		steer_chance_t chance;
		group_make_large(&group, &sets, count, programs[i / 3]);
		steer_chance_seed(&chance, 1);
		group.policy.chance = &chance;
		for (unsigned k = 0; k < SAMPLES; k++) {
			uint16_t chosen[STEER_SETS_MAX];
			unsigned kept;
			assert_int_equal(steer_policy_run(&group.policy, false, 1, chosen, &kept), STEER_OK);
			assert_int_equal(kept, 1);
			hits[chosen[0]]++;
		}
		check_shares(&sets, hits, i / 3 < 3);
		group_free(&group);
	}
}

static void eight_of_many_are_each_as_likely(void **state)
{
	(void)state;
	static sets_t sets;
	static group_t group;
	for (unsigned count = 10; count <= 1000; count *= 10) {
		unsigned hits[STEER_SETS_MAX] = { 0 }, place[8][STEER_SETS_MAX] = { { 0 } };
		steer_chance_t chance;
		group_make_large(&group, &sets, count, "multivalue");
		steer_chance_seed(&chance, 2);
		group.policy.chance = &chance;
		for (unsigned k = 0; k < SAMPLES; k++) {
			uint16_t chosen[STEER_SETS_MAX];
			unsigned kept;
			steer_policy_run(&group.policy, false, STEER_SETS_MAX, chosen, &kept);
			assert_int_equal(kept, count == 10 ? 6 : 8);
			for (unsigned i = 0; i < kept; i++) {
				place[i][chosen[i]]++;
				hits[chosen[i]]++;
			}
		}
		check_shares(&sets, place[5], false); // A late place is as fair as the first.
		for (unsigned i = 0; count == 10 && i < count; i++) {
			assert_int_equal(hits[i], sets.down[i] ? 0 : SAMPLES);
		}
		group_free(&group);
	}
}

static void a_thousand_sets_come_each_once(void **state)
{
	(void)state;
	static const char *const programs[] = {
		"up, weighted", "shuffle", "up, weighted sticky=client", "weighted, take 999",
		"up, shuffle",
	};
	static sets_t sets;
	static group_t group;
	for (unsigned i = 0; i < COUNT(programs); i++) {
		bool seen[STEER_SETS_MAX] = { 0 };
		uint16_t chosen[STEER_SETS_MAX];
		steer_chance_t chance;
		unsigned kept, without = 0;
		sets.count = 0;
		while (sets.count < STEER_SETS_MAX) {
			sets_add(&sets, sets.count % 5, 0, false);
		}
		group_make(&group, &sets, programs[i], true);
		steer_chance_seed(&chance, 3);
		group.policy.chance = &chance;
		steer_policy_run(&group.policy, false, STEER_SETS_MAX, chosen, &kept);
		assert_int_equal(kept, i == 3 ? 999 : 1000);
		for (unsigned k = 0; k < kept; k++) {
			assert_false(seen[chosen[k]]);
			seen[chosen[k]] = true;
			without += chosen[k] % 5 == 0;
			assert_true(without == 0 || chosen[k] % 5 == 0 ||
			            strstr(programs[i], "shuffle") != NULL);
		}
		group_free(&group);
	}
}

static void numbers_below_a_bound_are_each_as_likely(void **state)
{
	(void)state;
	static const uint64_t bounds[] = { UINT64_C(3) << 62, (UINT64_C(1) << 63) + 1, 3, 6 };
	steer_chance_t chance;
	steer_chance_seed(&chance, 4);
	for (unsigned i = 0; i < COUNT(bounds); i++) {
		unsigned low = 0, third = 0;
		for (unsigned k = 0; k < SAMPLES; k++) {
			uint64_t number = steer_chance_below(&chance, bounds[i]);
			assert_true(number < bounds[i]);
			low += number < bounds[i] / 3;
			third += number % 3 == 0;
		}
		// A remainder gives the low half of 3 << 62 twice as often; a product without correction
		// one number of three. 2200 is ten standard deviations.
		assert_in_range(low, SAMPLES / 3 - 2200, SAMPLES / 3 + 2200);
		assert_in_range(third, SAMPLES / 3 - 2200, SAMPLES / 3 + 2200);
	}
}

/* Sticky clients. */

#define CLIENTS 1000000

static unsigned first_of(group_t *group, uint64_t client)
{
	uint16_t chosen[STEER_SETS_MAX];
	unsigned kept;
	group->hash = client * UINT64_C(0x9e3779b97f4a7c15) ^ client >> 7;
	group->hashed = 0;
	steer_policy_run(&group->policy, false, 1, chosen, &kept);
	assert_int_equal(group->hashed, 1);
	assert_int_equal(kept, 1);
	return chosen[0];
}

static void clients_spread_by_weight(void **state)
{
	(void)state;
	static const char *const groups[] = { "1 1", "1 2 3 4 0", "0 0 0", "1 1000",
	                                      "7! 1 4294967295a" };
	static sets_t sets;
	static group_t group;
	for (unsigned i = 0; i < COUNT(groups); i++) {
		unsigned hits[FEW] = { 0 };
		double sum = 0;
		sets_read(&sets, groups[i]);
		group_make(&group, &sets, "up, weighted sticky=client, take 1", false);
		for (uint64_t client = 0; client < CLIENTS; client++) {
			hits[first_of(&group, client)]++;
		}
		for (unsigned k = 0; k < sets.count; k++) {
			sum += sets.down[k] ? 0 : sets.sets[k].weight;
		}
		for (unsigned k = 0; k < sets.count; k++) {
			double want = sets.down[k] ? 0 : sum > 0 ? sets.sets[k].weight / sum : 1.0 / sets.count;
			print_message("  %s: %.5f of %.5f\n", groups[i], (double)hits[k] / CLIENTS, want);
			assert_true(fabs((double)hits[k] / CLIENTS - want) < 1.5e-3);
		}
		group_free(&group);
	}
}

/*! Compares the clients of two groups: only those of one set may move, or move to one. */
static void check_moves(const char *before, const char *after, int from, int to)
{
	static sets_t sets;
	static group_t a, b;
	unsigned moved = 0;
	sets_read(&sets, before);
	group_make(&a, &sets, "up, weighted sticky=client, take 1", false);
	sets_read(&sets, after);
	group_make(&b, &sets, "up, weighted sticky=client, take 1", true);
	for (uint64_t client = 0; client < 20000; client++) {
		int was = first_of(&a, client), is = first_of(&b, client);
		if (was != is) {
			assert_true(was == from || is == to);
			moved++;
		}
	}
	assert_true(moved > 0);
	group_free(&a);
	group_free(&b);
}

static void a_change_of_one_set_moves_its_clients_alone(void **state)
{
	(void)state;
	check_moves("1 2 3 4", "1 2 3! 4", 2, -1); // It went down.
	check_moves("1 2 3! 4", "1 2 3 4", -1, 2); // It came up.
	check_moves("1 2 3 4", "1 2 9 4", -1, 2);  // Its weight rose.
	check_moves("1 2 3 4", "1 2 0 4", 2, -1);  // Its weight is 0.
	check_moves("1 2 3", "1 2 3 4", -1, 3);    // It is new.
}

static void a_client_has_an_order_that_stays(void **state)
{
	(void)state;
	static sets_t sets;
	static group_t group;
	char before[16];
	sets_read(&sets, "1 2 0 3 0");
	group_make(&group, &sets, "weighted sticky=client", false);
	for (group.hash = 0; group.hash < 100; group.hash++) {
		strcpy(before, group_run(&group, false, STEER_SETS_MAX));
		assert_string_equal(group_run(&group, false, STEER_SETS_MAX), before);
		assert_true(strstr(before, "2 4") == before + 6 || strstr(before, "4 2") == before + 6);
		assert_int_equal(group_run(&group, false, 1)[0], before[0]); // The same, as far as it goes.
		before[3] = '\0';
		assert_string_equal(group_run(&group, false, 2), before);
	}
	group.hash = 12345; // An order stays the same for all versions and machines.
	assert_string_equal(group_run(&group, false, STEER_SETS_MAX), "3 1 0 2 4");
	group_free(&group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odds_are_those_of_the_program_carried_out_in_full),
		cmocka_unit_test(few_sets_draw_as_their_program_does),
		cmocka_unit_test(other_groups_are_left_to_their_program),
		cmocka_unit_test(shares_of_large_groups_are_exact),
		cmocka_unit_test(eight_of_many_are_each_as_likely),
		cmocka_unit_test(a_thousand_sets_come_each_once),
		cmocka_unit_test(numbers_below_a_bound_are_each_as_likely),
		cmocka_unit_test(clients_spread_by_weight),
		cmocka_unit_test(a_change_of_one_set_moves_its_clients_alone),
		cmocka_unit_test(a_client_has_an_order_that_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
