/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "core/health_probe.h"
#include "unit/test.h"

/*! Time between results. */
#define INTERVAL 1000

#define UNKNOWN STEER_PROBED_UNKNOWN
#define UP      STEER_PROBED_UP
#define DOWN    STEER_PROBED_DOWN

static char letter_of(steer_probed_t probed)
{
	static const char letters[] = {
		[UNKNOWN] = '?', [UP] = 'U', [DOWN] = 'D',
	};
	return letters[probed];
}

static void states_change_after_enough_equal_results(void **state)
{
	(void)state; // Rules H1 and H12.
	static const struct {
		const char *what;
		unsigned rise, fall;
		uint64_t up_delay;
		steer_probed_t from;
		const char *results, *states; /*!< + good, - failed; and the state after each. */
	} cases[] = {
		{ "new: up after rise",          3, 3, 0, UNKNOWN, "++++",     "??UU" },
		{ "new: down after fall",        3, 3, 0, UNKNOWN, "----",     "??DD" },
		{ "new: rise and fall differ",   1, 2, 0, UNKNOWN, "+--+",     "UUDU" },
		{ "new: the first result decides", 1, 1, 0, UNKNOWN, "-+-",    "DUD" },
		{ "new: results that alternate", 2, 2, 0, UNKNOWN, "+-+-+-",   "??????" },
		{ "new: the count begins anew",  3, 3, 0, UNKNOWN, "++-++-+++", "????????U" },
		{ "new: likewise for fall",      3, 3, 0, UNKNOWN, "--+--+---", "????????D" },
		{ "new: up without up-delay",    2, 2, 9000, UNKNOWN, "++",    "?U" },
		{ "new: down, then up-delay",    1, 1, 2000, UNKNOWN, "-+++",  "DDDU" },
		{ "up: stays",                   3, 3, 0, UP, "++++",          "UUUU" },
		{ "up: down after fall",         3, 3, 0, UP, "----",          "UUDD" },
		{ "up: at once with fall 1",     3, 1, 0, UP, "-+++",          "DDDU" },
		{ "up: flaps within fall",       3, 3, 0, UP, "--+--+-+--+",   "UUUUUUUUUUU" },
		{ "up: only failures count",     3, 3, 0, UP, "+++++---",      "UUUUUUUD" },
		{ "up: up-delay is not for down", 3, 3, 9000, UP, "---",       "UUD" },
		{ "up: the most that can be asked", 10, 10, 0, UP, "---------+----------",
		  "UUUUUUUUUUUUUUUUUUUD" },
		{ "down: stays",                 3, 3, 0, DOWN, "----",        "DDDD" },
		{ "down: up after rise",         3, 3, 0, DOWN, "++++",        "DDUU" },
		{ "down: at once with rise 1",   1, 3, 0, DOWN, "+---",        "UUUD" },
		{ "down: flaps within rise",     3, 3, 0, DOWN, "++-++-+-++-", "DDDDDDDDDDD" },
		{ "down and up again",           2, 2, 0, DOWN, "++--++",      "DUUDDU" },
		{ "up-delay shorter than rise",  3, 3, 1500, DOWN, "+++",      "DDU" },
		{ "up-delay as long as rise",    3, 3, 2000, DOWN, "+++",      "DDU" },
		{ "up-delay a little longer",    3, 3, 2001, DOWN, "++++",     "DDDU" },
		{ "up-delay with rise 1",        1, 3, 3000, DOWN, "++++",     "DDDU" },
		{ "up-delay that a failure interrupts", 1, 3, 3000, DOWN, "+++-++++", "DDDDDDDU" },
		{ "up-delay each time",          1, 1, 1000, DOWN, "++-++",    "DUDDU" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_probe_rule_t rule = { cases[i].rise, cases[i].fall, cases[i].up_delay };
		steer_probe_state_t probe = { .probed = cases[i].from };
		assert_int_equal(strlen(cases[i].results), strlen(cases[i].states));
		for (size_t k = 0; cases[i].results[k] != '\0'; k++) {
			steer_probed_t before = probe.probed;
			bool changed = steer_probe_result(&probe, &rule, cases[i].results[k] == '+',
			                                  UINT64_C(5000000) + k * INTERVAL);
			assert_int_equal(letter_of(probe.probed), cases[i].states[k]);
			assert_int_equal(changed, probe.probed != before);
		}
	}
}

static void equal_results_are_counted_from_the_first(void **state)
{
	(void)state;
	const steer_probe_rule_t rule = { 2, 2, 0 };
	static const struct {
		bool ok;
		uint64_t now;
		uint32_t in_a_row;
		uint64_t since;
	} cases[] = {
		{ false, 0, 1, 0 },     { false, 10, 2, 0 },  { false, 20, 3, 0 }, { true, 30, 1, 30 },
		{ false, 40, 1, 40 },   { true, 50, 1, 50 },  { true, 50, 2, 50 }, { true, 70, 3, 50 },
	};
	steer_probe_state_t probe = { .probed = UNKNOWN };
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_probe_result(&probe, &rule, cases[i].ok, cases[i].now);
		assert_int_equal(probe.ok, cases[i].ok);
		assert_int_equal(probe.in_a_row, cases[i].in_a_row);
		assert_int_equal(probe.since, cases[i].since);
	}
	probe.in_a_row = UINT32_MAX;
	assert_false(steer_probe_result(&probe, &rule, true, 80));
	assert_true(probe.in_a_row == UINT32_MAX);
}

static void a_rule_that_changes_holds_for_the_next_result(void **state)
{
	(void)state;
	const steer_probe_rule_t slow = { 9, 9, 60000 }, quick = { 2, 2, 0 };
	steer_probe_state_t probe = { .probed = DOWN };
	assert_false(steer_probe_result(&probe, &slow, true, 1000));
	assert_true(steer_probe_result(&probe, &quick, true, 2000));
	assert_int_equal(probe.probed, UP);
}

/* When checks are probed. */

#define CHECKS  10000
#define BUCKETS 100

static const char *id_of(unsigned number)
{
	static char id[32];
	snprintf(id, sizeof(id), "web-%u", number);
	return id;
}

static void each_interval_has_one_probe(void **state)
{
	(void)state;
	static const uint64_t intervals[] = { 1000, 1500, 10000, 30000, 86400000 };
	static const uint64_t begins[] = { 0, 1, 999, 86399999, UINT64_C(5000000123) };
	for (size_t i = 0; i < COUNT(intervals) * COUNT(begins); i++) {
		uint64_t interval = intervals[i / COUNT(begins)], now = begins[i % COUNT(begins)];
		for (unsigned number = 0; number < 100; number++) {
			uint64_t wait = steer_probe_wait(id_of(number), interval, now), first = now + wait;
			assert_in_range(wait, 1, interval);
			assert_int_equal(steer_probe_wait(id_of(number), interval, first), interval);
			// However late the timer is, within the interval.
			assert_int_equal(steer_probe_wait(id_of(number), interval, first + 1), interval - 1);
			assert_int_equal(steer_probe_wait(id_of(number), interval, first + interval - 1), 1);
		}
	}
}

static void probes_are_spread_and_a_restart_moves_none(void **state)
{
	(void)state;
	static const uint64_t begins[] = { 0, 5, 9999, 1234567 };
	const uint64_t interval = 10000;
	for (size_t i = 0; i < COUNT(begins); i++) {
		unsigned starts[BUCKETS] = { 0 };
		for (unsigned number = 0; number < CHECKS; number++) {
			uint64_t wait = steer_probe_wait(id_of(number), interval, begins[i]);
			uint64_t restart = begins[i] + interval / 2;
			starts[(wait - 1) * BUCKETS / interval]++;
			assert_int_equal((begins[i] + wait) % interval,
			                 (restart + steer_probe_wait(id_of(number), interval, restart)) %
			                 interval);
		}
		for (unsigned k = 0; k < BUCKETS; k++) { // 100 on average; what is known of the hash.
			assert_in_range(starts[k], 60, 150);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_change_after_enough_equal_results),
		cmocka_unit_test(equal_results_are_counted_from_the_first),
		cmocka_unit_test(a_rule_that_changes_holds_for_the_next_result),
		cmocka_unit_test(each_interval_has_one_probe),
		cmocka_unit_test(probes_are_spread_and_a_restart_moves_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
