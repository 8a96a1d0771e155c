/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/target_refresh.h"
#include "unit/test.h"

#define RECORDS  STEER_RESOLVED_RECORDS
#define NODATA   STEER_RESOLVED_NODATA
#define NXDOMAIN STEER_RESOLVED_NXDOMAIN
#define FAILURE  STEER_RESOLVED_FAILURE
#define NONE     STEER_RESOLVED_FAILURE

#define TAKEN STEER_REFRESH_TAKEN
#define HELD  STEER_REFRESH_HELD
#define STALE STEER_REFRESH_STALE
#define GONE  STEER_REFRESH_GONE

/*! Of the time that an answer stays: it is not stale. */
#define FRESH UINT32_MAX

#define BEGUN 1000000 /*!< The time, in seconds, when a case begins. */
static const uint64_t boot[2] = { 1, 2 };

static steer_now_t time_at(uint64_t seconds)
{
	return (steer_now_t) {
		.wall = BEGUN + seconds, .boot_ms = 1000 * seconds + 5, .boot = { boot[0], boot[1] },
	};
}

static const steer_refresh_rule_t usual = {
	.ttl_min = 5, .ttl_max = 3600, .stale_max = 86400, .empty_hold = 60,
};

/*! A result, and what is so after it. */
typedef struct {
	uint32_t at;             /*!< Seconds since the case began. */
	steer_resolved_t result;
	uint32_t ttl;
	steer_refresh_effect_t effect;
	steer_resolved_t answer;
	uint32_t wait, left;     /*!< Seconds: until the next try, and that the answer stays. */
} step_t;

static void look_at_step(const char *what, unsigned number, steer_refresh_t *refresh,
                         const steer_refresh_rule_t *rule, const step_t *step)
{
	const steer_now_t now = time_at(step->at);
	steer_refresh_effect_t effect =
		steer_refresh_result(refresh, rule, step->result, step->ttl, &now);
	uint64_t wait = steer_refresh_wait(refresh, rule, &now, 0);
	uint64_t left = steer_refresh_left(refresh, rule, &now);
	uint64_t stays = step->left == FRESH ? (uint64_t)STEER_LEFT_MAX : 1000 * (uint64_t)step->left;
	if (effect != step->effect || refresh->answer != step->answer || wait != 1000 * step->wait ||
	    left != stays || refresh->held != (effect == HELD || (effect == STALE && refresh->held))) {
		fail_msg("%s, step %u: effect %d, answer %d, wait %" PRIu64 ", left %" PRIu64, what, number,
		         effect, refresh->answer, wait, left);
	}
}

static void results_make_the_answer(void **state)
{
	(void)state; // Rule A4.
	static const struct {
		const char *what;
		steer_refresh_rule_t rule; /*!< Zeros: the usual one. */
		step_t steps[12];          /*!< Ended by one at no time. */
	} cases[] = {
		{ "a refresh at expiry", { 0 }, {
			{ 1, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 31, RECORDS, 60, TAKEN, RECORDS, 60, FRESH },
			{ 91, RECORDS, 10, TAKEN, RECORDS, 10, FRESH } } },
		{ "TTLs are clamped", { 0 }, {
			{ 1, RECORDS, 0, TAKEN, RECORDS, 5, FRESH },
			{ 6, RECORDS, 4, TAKEN, RECORDS, 5, FRESH },
			{ 11, RECORDS, 5, TAKEN, RECORDS, 5, FRESH },
			{ 16, RECORDS, 3600, TAKEN, RECORDS, 3600, FRESH },
			{ 20, RECORDS, 3601, TAKEN, RECORDS, 3600, FRESH },
			{ 21, RECORDS, UINT32_MAX, TAKEN, RECORDS, 3600, FRESH },
			{ 22, NXDOMAIN, 0, HELD, RECORDS, 60, FRESH } } },
		{ "bounds that cross", { 50, 20, 0, 0 }, {
			{ 1, RECORDS, 10, TAKEN, RECORDS, 20, FRESH },
			{ 2, RECORDS, 100, TAKEN, RECORDS, 20, FRESH } } },
		{ "tries that fail from the beginning", { 0 }, {
			{ 1, FAILURE, 0, STALE, NONE, 1, FRESH },
			{ 2, FAILURE, 0, STALE, NONE, 2, FRESH },
			{ 4, FAILURE, 0, STALE, NONE, 4, FRESH },
			{ 8, FAILURE, 0, STALE, NONE, 8, FRESH },
			{ 16, FAILURE, 0, STALE, NONE, 16, FRESH },
			{ 32, FAILURE, 0, STALE, NONE, 30, FRESH },
			{ 62, FAILURE, 0, STALE, NONE, 30, FRESH },
			{ 92, RECORDS, 20, TAKEN, RECORDS, 20, FRESH },
			{ 112, FAILURE, 0, STALE, RECORDS, 1, 86400 } } },
		{ "stale until stale-max after the TTL", { 5, 3600, 100, 60 }, {
			{ 10, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 41, FAILURE, 0, STALE, RECORDS, 1, 99 },
			{ 42, FAILURE, 0, STALE, RECORDS, 2, 98 },
			{ 139, FAILURE, 0, STALE, RECORDS, 4, 1 },
			{ 140, FAILURE, 0, GONE, NONE, 8, FRESH },
			{ 148, FAILURE, 0, STALE, NONE, 16, FRESH },
			{ 164, RECORDS, 30, TAKEN, RECORDS, 30, FRESH } } },
		{ "a response ends what is stale", { 5, 3600, 100, 60 }, {
			{ 10, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 139, FAILURE, 0, STALE, RECORDS, 1, 1 },
			{ 140, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 171, FAILURE, 0, STALE, RECORDS, 1, 99 } } },
		{ "no stale-max: gone with the first failure after the TTL", { 5, 3600, 0, 60 }, {
			{ 10, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 39, FAILURE, 0, STALE, RECORDS, 1, 1 },
			{ 40, FAILURE, 0, GONE, NONE, 2, FRESH },
			{ 42, NODATA, 30, TAKEN, NODATA, 30, FRESH },
			{ 73, FAILURE, 0, GONE, NONE, 1, FRESH } } },
		{ "no data, where nothing was known, is taken at once", { 0 }, {
			{ 1, NODATA, 30, TAKEN, NODATA, 30, FRESH },
			{ 31, NXDOMAIN, 7, TAKEN, NXDOMAIN, 7, FRESH },
			{ 38, NODATA, 30, TAKEN, NODATA, 30, FRESH },
			{ 68, RECORDS, 30, TAKEN, RECORDS, 30, FRESH } } },
		{ "no data after the records have gone", { 5, 3600, 0, 60 }, {
			{ 1, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 31, FAILURE, 0, GONE, NONE, 1, FRESH },
			{ 32, NXDOMAIN, 30, TAKEN, NXDOMAIN, 30, FRESH } } },
		{ "records are held until the second time", { 0 }, {
			{ 1, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 31, NXDOMAIN, 300, HELD, RECORDS, 60, FRESH },
			{ 91, NXDOMAIN, 300, TAKEN, NXDOMAIN, 300, FRESH } } },
		{ "the second time may have another reason", { 0 }, {
			{ 1, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 31, NXDOMAIN, 300, HELD, RECORDS, 60, FRESH },
			{ 91, NODATA, 20, TAKEN, NODATA, 20, FRESH } } },
		{ "twice in less than the time", { 0 }, {
			{ 1, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 31, NODATA, 300, HELD, RECORDS, 60, FRESH },
			{ 50, NXDOMAIN, 300, HELD, RECORDS, 41, FRESH },
			{ 90, NXDOMAIN, 300, HELD, RECORDS, 1, FRESH },
			{ 91, NODATA, 300, TAKEN, NODATA, 300, FRESH } } },
		{ "records end a hold", { 0 }, {
			{ 1, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 31, NODATA, 300, HELD, RECORDS, 60, FRESH },
			{ 91, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 121, NODATA, 300, HELD, RECORDS, 60, FRESH },
			{ 181, NODATA, 300, TAKEN, NODATA, 300, FRESH } } },
		{ "a failure neither ends nor renews a hold", { 0 }, {
			{ 1, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 31, NODATA, 300, HELD, RECORDS, 60, FRESH },
			{ 40, FAILURE, 0, STALE, RECORDS, 1, 86391 },
			{ 41, NODATA, 300, HELD, RECORDS, 50, FRESH },
			{ 91, FAILURE, 0, STALE, RECORDS, 1, 86340 },
			{ 92, NODATA, 300, TAKEN, NODATA, 300, FRESH } } },
		{ "what is held goes by stale-max", { 5, 3600, 10, 60 }, {
			{ 1, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 31, NODATA, 300, HELD, RECORDS, 60, FRESH },
			{ 91, FAILURE, 0, GONE, NONE, 1, FRESH },
			{ 92, RECORDS, 30, TAKEN, RECORDS, 30, FRESH } } },
		{ "without a hold", { 5, 3600, 10, 0 }, {
			{ 1, RECORDS, 30, TAKEN, RECORDS, 30, FRESH },
			{ 31, NODATA, 15, TAKEN, NODATA, 15, FRESH } } },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		steer_refresh_t refresh = { .ttl = 0 };
		bool is_usual = cases[i].rule.ttl_max == 0;
		for (unsigned k = 0; k < 12 && cases[i].steps[k].at > 0; k++) {
			look_at_step(cases[i].what, k, &refresh, is_usual ? &usual : &cases[i].rule,
			             &cases[i].steps[k]);
		}
	}
}

static void tries_are_late_never_early(void **state)
{
	(void)state;
	static const struct {
		uint32_t chance, wait; /*!< In milliseconds, of a TTL of 30 s. */
	} cases[] = {
		{ 0, 30000 }, { 1U << 31, 31500 }, { UINT32_MAX, 32999 },
	};
	const steer_now_t now = time_at(1), past = time_at(32);
	steer_refresh_t refresh = { .ttl = 0 };
	assert_int_equal(steer_refresh_wait(&refresh, &usual, &now, UINT32_MAX), 0);
	(void)steer_refresh_result(&refresh, &usual, RECORDS, 30, &now);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_in_range(steer_refresh_wait(&refresh, &usual, &now, cases[i].chance),
		                cases[i].wait, cases[i].wait);
	}
	// What is overdue is spread over the interval.
	assert_int_equal(steer_refresh_wait(&refresh, &usual, &past, 0), 0);
	assert_int_equal(steer_refresh_wait(&refresh, &usual, &past, 1U << 31), 15000);
	assert_int_equal(steer_refresh_wait(&refresh, &usual, &past, UINT32_MAX), 29999);
}

static void settings_that_change_count_at_once(void **state)
{
	(void)state;
	const steer_now_t now = time_at(1), later = time_at(101);
	steer_refresh_rule_t rule = usual;
	steer_refresh_t refresh = { .ttl = 0 };
	(void)steer_refresh_result(&refresh, &rule, RECORDS, 300, &now);
	rule.ttl_max = 200;
	assert_int_equal(steer_refresh_ttl(&refresh, &rule), 200);
	assert_int_equal(steer_refresh_wait(&refresh, &rule, &later, 0), 100000);
	rule.ttl_max = 50; // It is overdue.
	assert_int_equal(steer_refresh_wait(&refresh, &rule, &later, 1U << 31), 25000);
	rule = usual;
	rule.ttl_min = 1000;
	assert_int_equal(steer_refresh_ttl(&refresh, &rule), 1000);
	rule = usual;
	assert_int_equal(steer_refresh_ttl(&refresh, &rule), 300);

	(void)steer_refresh_result(&refresh, &rule, FAILURE, 0, &later);
	assert_false(steer_refresh_expire(&refresh, &rule, &later));
	rule.stale_max = 0;
	assert_int_equal(steer_refresh_left(&refresh, &rule, &later), 200000);
	rule.ttl_max = 101;
	assert_false(steer_refresh_expire(&refresh, &rule, &later));
	rule.ttl_max = 100;
	assert_true(steer_refresh_expire(&refresh, &rule, &later));
	assert_int_equal(refresh.answer, NONE);
	assert_false(steer_refresh_expire(&refresh, &rule, &later));

	rule = usual;
	(void)steer_refresh_result(&refresh, &rule, RECORDS, 300, &later);
	(void)steer_refresh_result(&refresh, &rule, NODATA, 300, &later);
	assert_true(refresh.held);
	const steer_now_t soon = time_at(121);
	rule.empty_hold = 20;
	assert_int_equal(steer_refresh_wait(&refresh, &rule, &soon, 0), 0);
	assert_int_equal(steer_refresh_result(&refresh, &rule, NODATA, 300, &soon), TAKEN);
}

/*! Stored by another boot, whose wall clock said so many seconds since the beginning. */
static steer_external_answer_t stored_at(uint64_t resolved, uint64_t tried)
{
	return (steer_external_answer_t) {
		.ttl = 30, .count = 1,
		.resolved = { .wall = BEGUN + resolved, .boot_ms = 9, .boot = { 7, 7 } },
		.tried = BEGUN + tried,
	};
}

static void a_restart_goes_on(void **state)
{
	(void)state;
	const steer_refresh_rule_t rule = { .ttl_min = 5, .ttl_max = 3600, .stale_max = 100,
	                                    .empty_hold = 60 };
	const steer_now_t now = time_at(1000);
	steer_refresh_t refresh;

	steer_external_answer_t stored = stored_at(990, 990);
	steer_refresh_restore(&refresh, &stored);
	assert_int_equal(refresh.answer, RECORDS);
	assert_int_equal(steer_refresh_wait(&refresh, &rule, &now, 0), 20000);
	assert_int_equal(steer_refresh_left(&refresh, &rule, &now), STEER_LEFT_MAX);

	stored = stored_at(100, 100); // Overdue.
	steer_refresh_restore(&refresh, &stored);
	assert_int_equal(steer_refresh_wait(&refresh, &rule, &now, 1U << 31), 15000);

	stored.failures = 6; // Stale, for longer than allowed: a failure ends it, not the restart.
	stored.tried = BEGUN + 990;
	steer_refresh_restore(&refresh, &stored);
	assert_int_equal(steer_refresh_wait(&refresh, &rule, &now, 0), 20000);
	assert_false(steer_refresh_expire(&refresh, &rule, &now));
	assert_int_equal(steer_refresh_result(&refresh, &rule, FAILURE, 0, &now), GONE);

	stored = stored_at(950, 970); // Held since 970.
	stored.held = true;
	steer_refresh_restore(&refresh, &stored);
	assert_true(refresh.held);
	assert_int_equal(steer_refresh_wait(&refresh, &rule, &now, 0), 30000);
	assert_int_equal(steer_refresh_result(&refresh, &rule, NXDOMAIN, 9, &now), HELD);
	const steer_now_t over = time_at(1030);
	assert_int_equal(steer_refresh_result(&refresh, &rule, NXDOMAIN, 9, &over), TAKEN);

	stored = stored_at(999, 999);
	stored.count = 0;
	steer_refresh_restore(&refresh, &stored);
	assert_int_equal(refresh.answer, NODATA);
	stored.nxdomain = true;
	steer_refresh_restore(&refresh, &stored);
	assert_int_equal(refresh.answer, NXDOMAIN);
}

static void a_clock_that_was_set_back_keeps_nothing(void **state)
{
	(void)state;
	const steer_refresh_rule_t rule = { .ttl_min = 5, .ttl_max = 3600, .stale_max = 100,
	                                    .empty_hold = 60 };
	const steer_now_t now = time_at(1000), hold_over = time_at(1060), over = time_at(1130);
	steer_refresh_t refresh;
	steer_external_answer_t stored = stored_at(900000, 900000);
	stored.held = true;
	steer_refresh_restore(&refresh, &stored);
	assert_int_equal(steer_refresh_wait(&refresh, &rule, &now, 0), 60000);
	assert_int_equal(steer_refresh_result(&refresh, &rule, NODATA, 9, &now), HELD);
	assert_int_equal(steer_refresh_result(&refresh, &rule, NODATA, 9, &hold_over), TAKEN);

	stored.held = false;
	steer_refresh_restore(&refresh, &stored);
	assert_int_equal(steer_refresh_wait(&refresh, &rule, &now, 0), 30000);
	assert_int_equal(steer_refresh_result(&refresh, &rule, FAILURE, 0, &now), STALE);
	assert_int_equal(steer_refresh_left(&refresh, &rule, &now), 130000);
	assert_int_equal(steer_refresh_result(&refresh, &rule, FAILURE, 0, &over), GONE);
}

static void failures_are_counted_within_bounds(void **state)
{
	(void)state;
	const steer_now_t now = time_at(1);
	steer_refresh_t refresh = { .failures = UINT32_MAX };
	(void)steer_refresh_result(&refresh, &usual, FAILURE, 0, &now);
	assert_int_equal(refresh.failures, UINT32_MAX);
	assert_int_equal(steer_refresh_wait(&refresh, &usual, &now, 0), 30000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_make_the_answer),
		cmocka_unit_test(tries_are_late_never_early),
		cmocka_unit_test(settings_that_change_count_at_once),
		cmocka_unit_test(a_restart_goes_on),
		cmocka_unit_test(a_clock_that_was_set_back_keeps_nothing),
		cmocka_unit_test(failures_are_counted_within_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
