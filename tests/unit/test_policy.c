/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "formats/program.h"
#include "unit/draws.h"
#include "unit/policies.h"
#include "unit/records.h"
#include "unit/test.h"

/* Draws that are written down. */

static uint64_t below_as_written(steer_chance_t *chance, uint64_t bound)
{
	draws_t *draws = (draws_t *)chance;
	assert_in_range(draws->at, 0, draws->count - 1);
	assert_int_equal(bound, draws->drawn[draws->at].bound);
	return draws->drawn[draws->at++].number;
}

/*! Reads words "number/bound". */
static void draws_read(draws_t *draws, const char *text)
{
	draws->chance.below = below_as_written;
	draws->at = draws->count = 0;
	while (*(text += strspn(text, " ")) != '\0') {
		char *end;
		draws->drawn[draws->count].number = strtoull(text, &end, 10);
		assert_int_equal(*end, '/');
		draws->drawn[draws->count++].bound = strtoull(end + 1, &end, 10);
		text = end;
	}
}

typedef struct {
	const char *what, *program, *sets, *draws, *want;
} fixed_t;

static void check_fixed(const fixed_t *cases, size_t count, unsigned most, bool with_table)
{
	static sets_t sets;
	static group_t group;
	for (size_t i = 0; i < count; i++) {
		const fixed_t *test = &cases[i];
		draws_t draws;
		print_message("  %s\n", test->what);
		sets_read(&sets, test->sets);
		group_make(&group, &sets, test->program, with_table);
		draws_read(&draws, test->draws);
		group.policy.chance = &draws.chance;
		assert_string_equal(group_run(&group, false, most), test->want);
		assert_int_equal(draws.at, draws.count);
		group_free(&group);
	}
}

static void draws_follow_weights(void **state)
{
	(void)state;
	static const fixed_t cases[] = {
		{ "W1: first of the heavy share",  "weighted", "90 10", "0/100", "0" },
		{ "W1: last of the heavy share",   "weighted", "90 10", "89/100", "0" },
		{ "W1: first of the light share",  "weighted", "90 10", "90/100", "1" },
		{ "W1: last of the light share",   "weighted", "90 10", "99/100", "1" },
		{ "one set is not drawn for",      "weighted", "5", "", "0" },
		{ "largest weights", "weighted", "4294967295 4294967295 4294967295",
		  "8589934590/12884901885", "2" },
		{ "W2: weight 0 is not drawn while there is another", "weighted", "0 1 0 2", "1/3",
		  "3" },
		{ "W2: it is when that one is down", "weighted", "0 1! 0", "1/2", "2" },
		{ "W2: also for an alias",         "weighted", "0a 1! 0a", "0/2", "0" },
		{ "W3: all zero, each is as likely", "weighted", "0 0 0", "2/3", "2" },
		{ "W3: all zero and one down",     "weighted", "0! 0 0", "1/2", "2" },
		{ "W4: a draw of one that is down is drawn again among the others", "weighted",
		  "10 20! 20", "10/50 29/30", "2" },
		{ "W4: and has the share of those", "weighted", "10 20! 20", "29/50 9/30", "0" },
		{ "W4: what is down at the begin has no share", "weighted", "20! 10 20", "10/30", "2" },
		{ "W4: all are down, all are drawn among", "weighted", "10! 20! 20!", "30/50", "2" },
		{ "W4: and weight 0 stays behind", "weighted", "0! 20!", "0/20", "1" },
		{ "S6: one more is drawn",         "weighted, take 2", "1 2 3 4", "3/10 6/10", "2 3" },
		{ "S6: if it is the same, it is drawn among the rest", "weighted, take 2", "1 2 3 4",
		  "3/10 5/10 2/7", "2 1" },
		{ "S6: a whole order",             "weighted sticky=none", "1 2 3", "5/6 2/3", "2 0 1" },
		{ "S6: those without weight come last, at random", "up, weighted", "0 2 0 3",
		  "4/5 0/2 1/2", "3 1 0 2" },
	};
	check_fixed(cases, COUNT(cases), STEER_SETS_MAX, false);
}

static void a_table_draws_as_the_weights_do(void **state)
{
	(void)state;
	static const fixed_t cases[] = {
		{ "first",           "weighted", "90 10", "89/100", "0" },
		{ "second",          "weighted", "90 10", "90/100", "1" },
		{ "without weight",  "weighted", "0 0 5 0 0 7 0", "4/12", "2" },
		{ "without weight, trailing", "weighted", "0 0 5 0 0 7 0", "5/12", "5" },
		{ "none has weight", "weighted", "0 0 0", "1/3", "1" },
		{ "what is down at the begin has no share", "weighted", "4! 3! 2 1", "2/3", "3" },
		{ "a tier's part of it", "up, tier, weighted, take 1", "8@1! 3@1! 2@1 1@1 9@2", "2/3",
		  "3" },
		{ "the first tier's part", "up, tier, weighted, take 1", "2@1 1@1 9@2", "1/3", "0" },
		{ "a part without weight", "up, tier, weighted, take 1", "0@1 0@1 9@2", "1/2", "1" },
		{ "of 9, two draws are tried", "weighted", "1 1! 1 1 1! 1 1 1 1", "4/9 1/9 6/7", "8" },
		{ "of 16, three", "weighted", "1 1! 1! 1! 1 1 1 1 1 1 1 1 1 1 1 1", "1/16 2/16 3/16 0/13",
		  "0" },
	};
	check_fixed(cases, COUNT(cases), STEER_SETS_MAX, true);
}

static void tiers_fall_back_and_all_down_begins_anew(void **state)
{
	(void)state;
	static const fixed_t cases[] = {
		{ "F1: the primary",               "failover", "0@0 0@1", "", "0" },
		{ "F1: it is down",                "failover", "0@0! 0@1", "", "1" },
		{ "F1: the secondary is down",     "failover", "0@0 0@1!", "", "0" },
		{ "F1: both are",                  "failover", "0@0! 0@1!", "", "0" },
		{ "F1: a third tier",              "failover", "0@0! 0@1! 0@255", "", "2" },
		{ "F1: an alias whose target is down", "failover", "0@0A 0@1", "", "1" },
		{ "F1: one that does not evaluate", "failover", "0@0n 0@1", "", "0" },
		{ "F3: one of the tier",           "failover", "0@0 0@0 0@1", "1/2", "1" },
		{ "F3: one that is down is drawn again", "failover", "0@0 0@0! 0@0 0@1", "1/3 1/2", "2" },
		{ "F4: a secondary alone",         "failover", "0@1", "", "0" },
		{ "F4: and it is down",            "failover", "0@1!", "", "0" },
		{ "S5: all of the best tier, in their order", "tier", "0@1! 0@1 0@2", "", "0 1" },
		{ "S5: a tier of a list",          "take 3, tier", "0@1 0@1 0@2 0@2", "", "0 1" },
		{ "S5: the best healthy one of a list", "take 3, up, tier", "0@1! 0@2 0@2", "", "1 2" },
		{ "S5: a tier in which one of a list is down", "take 3, up, tier", "0@1! 0@1 0@2", "",
		  "1" },
		{ "S5: in the order that was drawn", "shuffle, take 3, tier", "0@1 0@1 0@2", "1/3 1/2",
		  "1 0" },
	};
	check_fixed(cases, COUNT(cases), STEER_SETS_MAX, false);
}

static void many_values_are_up_to_eight(void **state)
{
	(void)state;
	static const fixed_t cases[] = {
		{ "M1: one",                       "multivalue", "0", "", "0" },
		{ "M1: two, in random order",      "multivalue", "0 0", "1/2", "1 0" },
		{ "M1: one is down",               "multivalue", "0 0! 0", "0/2", "0 2" },
		{ "M1: eight of ten",              "multivalue", "0 0 0 0 0 0 0 0 0 0",
		  "0/10 0/9 0/8 0/7 0/6 0/5 0/4 0/3", "0 1 2 3 4 5 6 7" },
		{ "M1: eight of sixteen",          "multivalue", "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
		  "3/16 3/16 4/16 5/16 3/16 5/16 6/16 7/16 8/16 0/16 1/16", "3 4 5 6 7 8 0 1" },
		{ "M2: all are down",              "multivalue", "0! 0! 0!", "2/3 0/2", "2 1 0" },
		{ "M1: one with a dead target",    "multivalue", "0A 0a", "", "1" },
	};
	check_fixed(cases, COUNT(cases), STEER_SETS_MAX, false);
}

static void up_says_what_is_left(void **state)
{
	(void)state;
	static const fixed_t cases[] = {
		{ "S2: in their order",            "up", "0! 0 0A 0 0n", "", "1 3 4" },
		{ "S3: none is up, all go on",     "up", "0! 0A", "", "0 1" },
		{ "S3: none goes on",              "up all-down=none", "0! 0A", "", "" },
		{ "S3: servfail",                  "up all-down=servfail", "0! 0A", "", "servfail" },
		{ "S3: servfail of none",          "up all-down=none, up all-down=servfail", "0!", "",
		  "servfail" },
		{ "S3: servfail of none, though the first is up",
		  "up all-down=none min-healthy=100%, up all-down=servfail", "0 0!", "", "servfail" },
		{ "S3: all of none",               "up all-down=none, up", "0!", "", "" },
		{ "S3: none, then an order",       "up all-down=none, shuffle, take 3", "0! 0!", "", "" },
		{ "S3: none, then weights",        "up all-down=none, tier, weighted", "1! 1!", "", "" },
		{ "S3: none, then a client's order", "up all-down=none, weighted sticky=client", "1! 1!",
		  "", "" },
		{ "S4: half of them",              "up min-healthy=50%", "0! 0", "", "1" },
		{ "S4: less than half",            "up min-healthy=50%", "0! 0 0!", "", "0 1 2" },
		{ "S4: less than half, none",      "up min-healthy=50% all-down=none", "0! 0 0!", "", "" },
		{ "S4: a third is enough",         "up min-healthy=33% all-down=none", "0! 0 0!", "", "1" },
		{ "S4: all must be",               "up min-healthy=100%", "0 0 0!", "", "0 1 2" },
		{ "S4: all are",                   "up min-healthy=100% all-down=none", "0 0", "", "0 1" },
		{ "S4: of a tier",                 "tier, up min-healthy=50%, take 1", "0@0! 0@0 0@1! 0@1!",
		  "", "1" },
		{ "S4: of those left by another",  "up, up min-healthy=100% all-down=none", "0! 0", "",
		  "1" },
		{ "S9: the first as they stand",   "take 2", "0! 0 0", "", "0 1" },
		{ "S9: the first healthy",         "up, take 2", "0! 0 0 0", "", "1 2" },
		{ "S9: the healthy of the first",  "take 2, up", "0! 0 0 0", "", "1" },
		{ "S9: the first of the first",    "take 3, take 2", "0 0 0 0", "", "0 1" },
		{ "S8: the last order counts",     "weighted, shuffle, take 1", "5 1 1", "2/3", "2" },
		{ "S8: drawn after it was dropped", "shuffle, tier, up, take 1", "0@0! 0@0 0@1", "", "1" },
		{ "no step: all",                  "simple", "0!", "", "0" },
	};
	check_fixed(cases, COUNT(cases), STEER_SETS_MAX, false);
}

static void no_more_are_drawn_than_are_wanted(void **state)
{
	(void)state;
	static const fixed_t cases[] = {
		{ "as they stand", "up",           "0! 0 0 0", "",            "1" },
		{ "by weight",     "up, weighted", "1 2",      "2/3",         "1" },
		{ "at random",     "up, shuffle",  "0 0 0 0",  "1/4",         "1" },
		{ "of those taken", "multivalue",  "0 0 0 0",  "1/4",         "1" },
		{ "after a take", "shuffle, take 3, tier", "0 0 0 0", "1/4 0/3 0/2", "1" },
	};
	check_fixed(cases, COUNT(cases), 1, false);
}

static void a_strict_run_keeps_the_healthy_alone(void **state)
{
	(void)state;
	static const struct {
		const char *what, *program, *sets, *want;
	} cases[] = {
		{ "H3: no program, up",            "simple", "0", "0" },
		{ "H3: no program, down",          "simple", "0!", "" },
		{ "H3: no program, dead target",   "simple", "0A", "" },
		{ "H3: no program, healthy target", "simple", "0a", "0" },
		{ "H3: all-down=all",              "up, take 1", "0! 0!", "" },
		{ "H3: all-down=servfail",         "up all-down=servfail, take 1", "0! 0!", "" },
		{ "H3: one is up",                 "up, take 1", "0! 0", "1" },
		{ "H3: min-healthy stays",         "up min-healthy=60%, take 1", "0! 0", "" },
		{ "H3: \"up\" in front",           "tier, take 1", "0@0! 0@1", "1" },
		{ "H3: in front of another one",   "tier, up all-down=servfail, take 1", "0@0! 0@1", "1" },
		{ "H3: only one of weight 0 is up", "weighted", "5! 0", "1" },
		{ "H4: not evaluated",             "up, take 1", "0n 0!", "0" },
	};
	static sets_t sets;
	static group_t group;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		sets_read(&sets, cases[i].sets);
		group_make(&group, &sets, cases[i].program, false);
		assert_int_equal(steer_policy_up(&group.policy), *cases[i].want != '\0'); // No chance.
		draws_t draws;
		draws_begin(&draws);
		group.policy.chance = &draws.chance;
		assert_string_equal(group_run(&group, true, 1), cases[i].want);
		group_free(&group);
	}
}

static void a_set_is_healthy_if_check_and_target_are(void **state)
{
	(void)state;
	static const struct {
		const char *sets;
		bool follows;
		bool want;
	} cases[] = {
		{ "0", false, true }, { "0!", false, false }, { "0a", false, true }, { "0A", false, false },
		{ "0!a", false, false }, { "0!A", false, false }, { "0n", false, true },
		{ "0!n", false, false },
		{ "0", true, false }, { "0n", true, true }, { "0A", true, false }, { "0a", true, true },
	};
	static sets_t sets;
	static group_t group;
	for (size_t i = 0; i < COUNT(cases); i++) {
		sets_read(&sets, cases[i].sets);
		group_make(&group, &sets, "simple", false);
		group.policy.follows = cases[i].follows;
		assert_int_equal(steer_policy_up(&group.policy), cases[i].want);
		group.slots[0].generation++; // Another check's state says nothing (rule H1).
		assert_int_equal(steer_policy_up(&group.policy),
		                 cases[i].want || strcmp(cases[i].sets, "0!") == 0 ||
		                 strcmp(cases[i].sets, "0!a") == 0 || strcmp(cases[i].sets, "0!n") == 0);
		group_free(&group);
	}
}

static void plain_values_are_healthy_unless_they_lead_on(void **state)
{
	(void)state;
	static const steer_set_t set = {
		.slot = STEER_SLOT_NONE, .ttl = 60, .count = 1, .body = one_rr,
		.body_len = sizeof(one_rr),
	};
	const steer_group_t model = { .type = 1, .count = 1, .sets = &set };
	static group_t group;
	uint8_t bytes[128];
	size_t size = sizeof(bytes);
	assert_int_equal(steer_group_build(bytes, &size, &model), STEER_OK);
	assert_int_equal(steer_group_open(&group.group, bytes, size), STEER_OK);
	assert_non_null(steer_group_values(&group.group));
	group.policy = (steer_policy_t){
		.group = &group.group,
		.health_table = &group.health_table,
		.target_up = group_target_up,
		.ctx = &group,
		.work = &group.work,
		.work_most = UINT32_MAX,
	};
	assert_string_equal(group_run(&group, false, 1), "0");
	assert_string_equal(group_run(&group, true, 1), "0");
	assert_true(steer_policy_up(&group.policy));
	group.policy.follows = true;
	assert_string_equal(group_run(&group, false, 1), "0");
	assert_string_equal(group_run(&group, true, 1), "");
	assert_false(steer_policy_up(&group.policy));
	group.target_up[0] = true;
	assert_string_equal(group_run(&group, true, 1), "0");
	assert_true(steer_policy_up(&group.policy));
}

/* Explaining. */

static char told[4096];

__attribute__((format(printf, 1, 2)))
static void tell(const char *format, ...)
{
	size_t len = strlen(told);
	va_list args;
	va_start(args, format);
	vsnprintf(told + len, sizeof(told) - len, format, args);
	va_end(args);
}

static void tell_step(void *ctx, const steer_step_t *step)
{
	char text[64];
	(void)ctx;
	steer_step_print(step, text, sizeof(text));
	tell("%s%s:", told[0] != '\0' ? "; " : "", text);
}

static void tell_verdict(void *ctx, const steer_verdict_t *verdict)
{
	static const char *const why[] = {
		[STEER_WHY_UP] = "up", [STEER_WHY_CHECK_DOWN] = "check", [STEER_WHY_TARGET_DOWN] = "target",
		[STEER_WHY_RESTORED] = "restored", [STEER_WHY_ALL_DOWN] = "all-down",
		[STEER_WHY_TIER] = "tier", [STEER_WHY_OTHER_TIER] = "other", [STEER_WHY_DRAWN] = "drawn",
		[STEER_WHY_DRAWN_PAST] = "past", [STEER_WHY_TAKEN] = "taken",
		[STEER_WHY_NOT_TAKEN] = "not",
	};
	(void)ctx;
	tell(" %s%u %s", verdict->kept ? "+" : "-", verdict->set, why[verdict->why]);
	if (verdict->weight > 0 || verdict->bound > 0) {
		tell(" %u/%u by %u", (unsigned)verdict->draw, (unsigned)verdict->bound,
		     (unsigned)verdict->weight);
	}
}

static const steer_policy_trace_t trace = { .step = tell_step, .verdict = tell_verdict };

static void a_trace_tells_each_step_and_why(void **state)
{
	(void)state;
	static const struct {
		const char *program, *sets, *draws;
		bool strict;
		const char *want;
	} cases[] = {
		{ "weighted", "5 2! 3A 4", "6/14 0/9", false,
		  "up: +0 up -1 check -2 target +3 up; weighted: -1 past 6/14 by 2 +0 drawn 0/9 by 5; "
		  "take 1: +0 taken -3 not" },
		{ "weighted", "5!", "", false,
		  "up: +0 restored; weighted: +0 drawn 0/1 by 5; take 1: +0 taken" },
		{ "up all-down=servfail, take 1", "0! 0A", "", false,
		  "up all-down=servfail: -0 all-down -1 all-down" },
		{ "up, take 1", "0! 0A", "", true,
		  "up all-down=none: -0 all-down -1 all-down; take 1:" },
		{ "take 1", "0! 0", "", true, "up all-down=none: -0 check +1 up; take 1: +1 taken" },
		{ "up min-healthy=60%", "0! 0", "", false, "up min-healthy=60%: +0 restored +1 up" },
		{ "up min-healthy=60% all-down=none", "0! 0", "", false,
		  "up all-down=none min-healthy=60%: -0 all-down -1 all-down" },
		{ "failover", "0@0! 0@1 0@1 0@2!", "1/2", false,
		  "up: -0 check +1 up +2 up -3 check; tier: +1 tier +2 tier; "
		  "shuffle: +2 drawn 1/2 by 1; take 1: +2 taken -1 not" },
		{ "up, tier, up", "0@0! 0@1 0@1! 0@2", "", false,
		  "up: -0 check +1 up -2 check +3 up; tier: +1 tier -3 other; up: +1 up" },
		{ "up, shuffle", "0 0", "1/2", false, "up: +0 up +1 up; shuffle: +1 drawn 1/2 by 1 "
		  "+0 drawn 0/1 by 1" },
		{ "up, weighted", "0 3", "0/3", false,
		  "up: +0 up +1 up; weighted: +1 drawn 0/3 by 3 +0 drawn 0/1 by 1" },
		{ "weighted sticky=client, take 1", "1 1", "", false,
		  "weighted sticky=client: +0 drawn 0/0 by 1; take 1: +0 taken -1 not" },
	};
	static sets_t sets;
	static group_t group;
	for (size_t i = 0; i < COUNT(cases); i++) {
		draws_t draws;
		sets_read(&sets, cases[i].sets);
		group_make(&group, &sets, cases[i].program, false);
		draws_read(&draws, cases[i].draws);
		group.policy.chance = &draws.chance;
		group.policy.trace = &trace;
		told[0] = '\0';
		group_run(&group, cases[i].strict, STEER_SETS_MAX);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(draws.at, draws.count);
		group_free(&group);
	}
}

static void a_trace_changes_no_draw(void **state)
{
	(void)state;
	static const char *const programs[] = {
		"weighted", "failover", "multivalue", "up, weighted, take 500, shuffle, take 3",
		"up min-healthy=50%, tier, weighted", "shuffle, take 9, up, weighted, take 2",
	};
	static sets_t sets;
	static group_t group;
	static char answer[STEER_SETS_MAX * 4 + 16];
	for (unsigned i = 0; i < COUNT(programs); i++) {
		group_make_large(&group, &sets, i % 2 == 0 ? 1000 : 30, programs[i]);
		for (uint64_t seed = 0; seed < 20; seed++) {
			steer_chance_t chance, same;
			steer_chance_seed(&chance, seed);
			same = chance;
			group.policy.chance = &chance;
			group.policy.trace = NULL;
			strcpy(answer, group_run(&group, false, STEER_SETS_MAX));
			group.policy.chance = &same;
			group.policy.trace = &trace;
			told[0] = '\0';
			assert_string_equal(group_run(&group, false, STEER_SETS_MAX), answer);
			assert_memory_equal(&chance, &same, sizeof(chance));
		}
		group_free(&group);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_follow_weights),
		cmocka_unit_test(a_table_draws_as_the_weights_do),
		cmocka_unit_test(tiers_fall_back_and_all_down_begins_anew),
		cmocka_unit_test(many_values_are_up_to_eight),
		cmocka_unit_test(up_says_what_is_left),
		cmocka_unit_test(no_more_are_drawn_than_are_wanted),
		cmocka_unit_test(a_strict_run_keeps_the_healthy_alone),
		cmocka_unit_test(a_set_is_healthy_if_check_and_target_are),
		cmocka_unit_test(plain_values_are_healthy_unless_they_lead_on),
		cmocka_unit_test(a_trace_tells_each_step_and_why),
		cmocka_unit_test(a_trace_changes_no_draw),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
