/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/external_answer.h"
#include "core/health_transition.h"
#include "core/heartbeat.h"
#include "core/name.h"
#include "core/node.h"
#include "unit/damage.h"
#include "unit/records.h"
#include "unit/seeds.h"
#include "unit/test.h"

static const uint8_t addresses[][4] = { { 192, 0, 2, 1 }, { 192, 0, 2, 2 } };

#define CREATED 7
#define NEVER      UINT64_MAX

/* An hour after the state below was written, in the same boot. */
static const steer_now_t now = { .wall = 10000, .boot_ms = 5000000, .boot = { 1, 2 } };

/*! With the setting "keep", it does not matter when steerd becomes silent. */
static const steer_silence_t at_work = { .left_ms = 1000 };

#define STATE_OF(of, is_up, ...) \
	(&(const steer_health_state_t) { \
		.up = (is_up), .created = (of), .since = 6400, .since_boot = 1400000, \
		.boot = { 1, 2 }, .who = "alice", .who_len = 5, __VA_ARGS__ \
	})
/*! A state of the check. */
#define STATE(is_up, ...) STATE_OF(CREATED, is_up, __VA_ARGS__)
#define UP   STATE(true, .until = 0)
#define DOWN STATE(false, .until = 0)
/*! States with a limit: 60 seconds from now, or a second ago. */
#define LASTS .until = 10060, .until_boot = 5060000
#define ENDED .until = 9999, .until_boot = 4999000

static void a_check_is_forced_then_reported_then_probed(void **state)
{
	(void)state; // Rules H1, H7, H9 and H10.
	enum { HTTP = STEER_CHECK_HTTP, MANUAL = STEER_CHECK_MANUAL, NONE = STEER_CHECK_NONE };
	enum { INV = STEER_CHECK_INVERTED, DIS = STEER_CHECK_DISABLED };
	const struct {
		const char *what;
		uint8_t type, flags;
		const steer_health_state_t *force, *report, *probed;
		bool up;
		steer_state_by_t by;
		uint64_t left_ms;
	} cases[] = {
		{ "new: up",                     HTTP, 0, NULL, NULL, NULL, true, STEER_BY_NOTHING, NEVER },
		{ "new and inverted: down",      HTTP, INV, NULL, NULL, NULL, false, STEER_BY_NOTHING,
		  NEVER },
		{ "new and manual: up",          MANUAL, 0, NULL, NULL, NULL, true, STEER_BY_NOTHING,
		  NEVER },
		{ "probed down",                 HTTP, 0, NULL, NULL, DOWN, false, STEER_BY_PROBE, NEVER },
		{ "probed up",                   HTTP, 0, NULL, NULL, UP, true, STEER_BY_PROBE, NEVER },
		{ "probed down, inverted",       HTTP, INV, NULL, NULL, DOWN, true, STEER_BY_PROBE, NEVER },
		{ "probed up, inverted",         HTTP, INV, NULL, NULL, UP, false, STEER_BY_PROBE, NEVER },
		{ "a report of a probed one is nothing", HTTP, 0, NULL, DOWN, UP, true, STEER_BY_PROBE,
		  NEVER },
		{ "reported down",               MANUAL, 0, NULL, DOWN, NULL, false, STEER_BY_REPORT,
		  NEVER },
		{ "reported down, inverted",     MANUAL, INV, NULL, DOWN, NULL, true, STEER_BY_REPORT,
		  NEVER },
		{ "a probe of a manual one is nothing", MANUAL, 0, NULL, NULL, DOWN, true,
		  STEER_BY_NOTHING, NEVER },
		{ "reported for a while",        MANUAL, 0, NULL, STATE(false, LASTS), NULL, false,
		  STEER_BY_REPORT, 60000 },
		{ "a report that has ended",     MANUAL, 0, NULL, STATE(false, ENDED), NULL, true,
		  STEER_BY_NOTHING, NEVER },
		{ "a report that has ended, inverted", MANUAL, INV, NULL, STATE(true, ENDED), NULL, false,
		  STEER_BY_NOTHING, NEVER },
		{ "forced down over a probe",    HTTP, 0, DOWN, NULL, UP, false, STEER_BY_FORCE, NEVER },
		{ "forced up over a report",     MANUAL, 0, UP, DOWN, NULL, true, STEER_BY_FORCE, NEVER },
		{ "a force is not inverted",     HTTP, INV, DOWN, NULL, UP, false, STEER_BY_FORCE, NEVER },
		{ "forced for a while",          HTTP, 0, STATE(true, LASTS), NULL, DOWN, true,
		  STEER_BY_FORCE, 60000 },
		{ "a force that has ended",      HTTP, 0, STATE(true, ENDED), NULL, DOWN, false,
		  STEER_BY_PROBE, NEVER },
		{ "disabled: up",                HTTP, DIS, NULL, NULL, DOWN, true, STEER_BY_DISABLED,
		  NEVER },
		{ "disabled and inverted: down", HTTP, DIS | INV, NULL, NULL, UP, false, STEER_BY_DISABLED,
		  NEVER },
		{ "disabled over a report",      MANUAL, DIS, NULL, DOWN, NULL, true, STEER_BY_DISABLED,
		  NEVER },
		{ "forced though disabled",      HTTP, DIS, DOWN, NULL, NULL, false, STEER_BY_FORCE,
		  NEVER },
		{ "not defined: up",             NONE, 0, NULL, NULL, NULL, true, STEER_BY_UNDEFINED,
		  NEVER },
		{ "not defined, forced down: up", NONE, 0, DOWN, DOWN, DOWN, true, STEER_BY_UNDEFINED,
		  NEVER },
		{ "a force of an earlier check", HTTP, 0, STATE_OF(6, false, .until = 0), NULL, NULL,
		  true,
		  STEER_BY_NOTHING, NEVER },
		{ "a probe of an earlier check", HTTP, 0, NULL, NULL, STATE_OF(8, false, .until = 0),
		  true,
		  STEER_BY_NOTHING, NEVER },
		{ "a report of an earlier check", MANUAL, 0, NULL, STATE_OF(8, false, .until = 0), NULL,
		  true, STEER_BY_NOTHING, NEVER },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_health_known_t known = {
			.force = cases[i].force, .report = cases[i].report, .probed = cases[i].probed,
			.silence = &at_work,
		};
		const steer_effective_health_t is =
			steer_health_decide(cases[i].type, cases[i].flags, CREATED, &known, &now);
		assert_int_equal(is.up, cases[i].up);
		assert_int_equal(is.by, cases[i].by);
		assert_true(is.left_ms == cases[i].left_ms);
		assert_ptr_equal(is.state, is.by == STEER_BY_FORCE ? cases[i].force
		                 : is.by == STEER_BY_REPORT ? cases[i].report
		                 : is.by == STEER_BY_PROBE ? cases[i].probed : NULL);
	}
}

static void a_calculated_check_is_up_if_enough_of_its_children_are(void **state)
{
	(void)state; // Rule H11.
	enum { INV = STEER_CHECK_INVERTED, DIS = STEER_CHECK_DISABLED };
	const struct {
		const char *what, *children; /*!< + up, - down. */
		unsigned threshold;
		uint8_t flags;
		const steer_health_state_t *force;
		bool up;
		steer_state_by_t by;
	} cases[] = {
		{ "more than needed",         "+++", 2, 0, NULL, true, STEER_BY_CHILDREN },
		{ "as many as needed",        "+-+", 2, 0, NULL, true, STEER_BY_CHILDREN },
		{ "one too few",              "--+", 2, 0, NULL, false, STEER_BY_CHILDREN },
		{ "all of them, and",         "+++", 3, 0, NULL, true, STEER_BY_CHILDREN },
		{ "not all of them",          "++-", 3, 0, NULL, false, STEER_BY_CHILDREN },
		{ "one of them, or",          "--+", 1, 0, NULL, true, STEER_BY_CHILDREN },
		{ "not one of them",          "---", 1, 0, NULL, false, STEER_BY_CHILDREN },
		{ "threshold 0: up",          "---", 0, 0, NULL, true, STEER_BY_CHILDREN },
		{ "threshold 0, no children", "",    0, 0, NULL, true, STEER_BY_CHILDREN },
		{ "more than there are: down", "++", 3, 0, NULL, false, STEER_BY_CHILDREN },
		{ "enough, inverted",         "++-", 2, INV, NULL, false, STEER_BY_CHILDREN },
		{ "too few, inverted",        "+--", 2, INV, NULL, true, STEER_BY_CHILDREN },
		{ "disabled",                 "---", 2, DIS, NULL, true, STEER_BY_DISABLED },
		{ "disabled and inverted",    "+++", 2, DIS | INV, NULL, false, STEER_BY_DISABLED },
		{ "forced up",                "---", 2, INV, UP, true, STEER_BY_FORCE },
		{ "forced down",              "+++", 2, INV, DOWN, false, STEER_BY_FORCE },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		steer_health_children_t children = {
			.threshold = cases[i].threshold, .left_ms = NEVER,
		};
		for (const char *child = cases[i].children; *child != '\0'; child++) {
			steer_health_children_add(&children, *child == '+', child[1] == '\0' ? NEVER : 500);
		}
		assert_int_equal(children.count, strlen(cases[i].children));
		// What is stored of other types is none of its business.
		const steer_health_known_t known = {
			.force = cases[i].force, .report = UP, .probed = DOWN, .children = &children,
			.silence = &at_work,
		};
		const steer_effective_health_t is =
			steer_health_decide(STEER_CHECK_CALCULATED, cases[i].flags, CREATED, &known, &now);
		assert_int_equal(is.up, cases[i].up);
		assert_int_equal(is.by, cases[i].by);
		assert_true(is.left_ms == (is.by == STEER_BY_CHILDREN && children.count > 0 ? 500 : NEVER));
		assert_ptr_equal(is.state, cases[i].force);
	}
}

static void what_was_probed_counts_as_up_if_steerd_is_silent_and_that_is_wanted(void **state)
{
	(void)state; // Rule H13.
	enum { HTTP = STEER_CHECK_HTTP, INV = STEER_CHECK_INVERTED, DIS = STEER_CHECK_DISABLED };
	enum { MANUAL = STEER_CHECK_MANUAL, ALL = STEER_CHECK_CALCULATED, NONE = STEER_CHECK_NONE };
	static const steer_silence_t silent = { .up = true, .silent = true, .left_ms = NEVER };
	static const steer_silence_t soon = { .up = true, .left_ms = 1000 };
	static const steer_silence_t kept = { .silent = true, .left_ms = NEVER };
	const struct {
		const char *what;
		const steer_silence_t *silence;
		uint8_t type, flags;
		const steer_health_state_t *force, *report, *probed;
		bool up;
		steer_state_by_t by;
		uint64_t left_ms;
	} cases[] = {
		{ "down: up", &silent, HTTP, 0, NULL, NULL, DOWN, true, STEER_BY_STALE, NEVER },
		{ "up: up", &silent, HTTP, 0, NULL, NULL, UP, true, STEER_BY_STALE, NEVER },
		{ "inverted: up", &silent, HTTP, INV, NULL, NULL, UP, true, STEER_BY_STALE, NEVER },
		{ "new and inverted: up", &silent, HTTP, INV, NULL, NULL, NULL, true, STEER_BY_STALE,
		  NEVER },
		{ "forced down", &silent, HTTP, 0, DOWN, NULL, UP, false, STEER_BY_FORCE, NEVER },
		{ "forced down for a while", &silent, HTTP, 0, STATE(false, LASTS), NULL, UP, false,
		  STEER_BY_FORCE, 60000 },
		{ "a force that has ended", &silent, HTTP, 0, STATE(false, ENDED), NULL, DOWN, true,
		  STEER_BY_STALE, NEVER },
		{ "disabled and inverted: down", &silent, HTTP, DIS | INV, NULL, NULL, UP, false,
		  STEER_BY_DISABLED, NEVER },
		{ "reported down", &silent, MANUAL, 0, NULL, DOWN, NULL, false, STEER_BY_REPORT, NEVER },
		{ "not reported, inverted", &silent, MANUAL, INV, NULL, NULL, NULL, false,
		  STEER_BY_NOTHING, NEVER },
		{ "calculated", &silent, ALL, 0, NULL, NULL, NULL, false, STEER_BY_CHILDREN, 500 },
		{ "not defined", &silent, NONE, 0, NULL, NULL, DOWN, true, STEER_BY_UNDEFINED, NEVER },
		{ "silent in a second", &soon, HTTP, 0, NULL, NULL, DOWN, false, STEER_BY_PROBE, 1000 },
		{ "new, silent in a second", &soon, HTTP, INV, NULL, NULL, NULL, false, STEER_BY_NOTHING,
		  1000 },
		{ "reported, silent in a second", &soon, MANUAL, 0, NULL, DOWN, NULL, false,
		  STEER_BY_REPORT, NEVER },
		{ "forced, silent in a second", &soon, HTTP, 0, DOWN, NULL, UP, false, STEER_BY_FORCE,
		  NEVER },
		{ "disabled, silent in a second", &soon, HTTP, DIS, NULL, NULL, DOWN, true,
		  STEER_BY_DISABLED, NEVER },
		{ "kept down", &kept, HTTP, 0, NULL, NULL, DOWN, false, STEER_BY_PROBE, NEVER },
		{ "kept up, inverted", &kept, HTTP, INV, NULL, NULL, UP, false, STEER_BY_PROBE, NEVER },
	};
	const steer_health_children_t children = { .count = 2, .threshold = 1, .left_ms = 500 };
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_health_known_t known = {
			.force = cases[i].force, .report = cases[i].report, .probed = cases[i].probed,
			.children = &children, .silence = cases[i].silence,
		};
		const steer_effective_health_t is =
			steer_health_decide(cases[i].type, cases[i].flags, CREATED, &known, &now);
		assert_int_equal(is.up, cases[i].up);
		assert_int_equal(is.by, cases[i].by);
		assert_true(is.left_ms == cases[i].left_ms);
		assert_true(is.state == NULL || is.by != STEER_BY_STALE);
	}
}

static void a_state_ends_by_the_clock_that_can_be_trusted(void **state)
{
	(void)state; // Rule H8.
	static const struct {
		const char *what;
		steer_now_t now;
		uint64_t left_ms;
	} cases[] = {
		{ "now",                        { 1000, 50000, { 1, 2 } }, 60000 },
		{ "a millisecond before",       { 1060, 109999, { 1, 2 } }, 1 },
		{ "at its end",                 { 1060, 110000, { 1, 2 } }, 0 },
		{ "behind its end",             { 1061, 111000, { 1, 2 } }, 0 },
		{ "the wall clock jumped on",   { 9999, 50000, { 1, 2 } }, 60000 },
		{ "the wall clock jumped back", { 1, 110000, { 1, 2 } }, 0 },
		{ "another boot, before",       { 1030, 1, { 1, 3 } }, 30000 },
		{ "another boot, at the end",   { 1060, 1, { 3, 2 } }, 0 },
		{ "no boot is known",           { 1030, 999999, { 0, 0 } }, 30000 },
	};
	const steer_health_state_t forced = {
		.since = 1000, .until = 1060, .since_boot = 50000, .until_boot = 110000, .boot = { 1, 2 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		assert_int_equal(steer_health_state_left(&forced, &cases[i].now), cases[i].left_ms);
	}
	steer_health_state_t unknown = forced;
	unknown.boot[0] = unknown.boot[1] = 0;
	assert_int_equal(steer_health_state_left(&unknown, &cases[8].now), 30000);
	unknown.until = UINT64_MAX;
	assert_true(steer_health_state_left(&unknown, &now) == STEER_LEFT_MAX);
	unknown.until = 0;
	assert_true(steer_health_state_left(&unknown, &now) == NEVER);
}

/* The values. */

static void a_state_says_what_was_written(void **state)
{
	(void)state;
	const steer_health_state_t was = {
		.up = true, .created = 0x01020304, .since = 1700000000, .until = 1700000060,
		.since_boot = 12345, .until_boot = 72345,
		.boot = { UINT64_C(0x1122334455667788), UINT64_C(0x99aabbccddeeff00) },
		.who = "alice", .who_len = 5, .reason = "maintenance", .reason_len = 11,
	};
	uint8_t value[STEER_HEALTH_STATE_MAX];
	steer_health_state_t is;
	size_t size = steer_health_state_write(value, &was);
	assert_int_equal(size, STEER_STATUS_SIZE + 16);
	assert_int_equal(steer_health_state_open(&is, value, size), STEER_OK);
	seeds_write("health_check", "state", 1, 4, value, size);
	assert_true(is.up);
	assert_int_equal(is.created, was.created);
	assert_true(is.since == was.since && is.until == was.until);
	assert_true(is.since_boot == was.since_boot && is.until_boot == was.until_boot);
	assert_true(is.boot[0] == was.boot[0] && is.boot[1] == was.boot[1]);
	assert_int_equal(is.who_len, 5);
	assert_memory_equal(is.who, "alice", 5);
	assert_int_equal(is.reason_len, 11);
	assert_memory_equal(is.reason, "maintenance", 11);
}

static int open_state(const void *value, size_t size)
{
	steer_health_state_t state;
	return steer_health_state_open(&state, value, size);
}

static void a_changed_bit_a_cut_or_a_field_out_of_bounds_damages_a_state(void **state)
{
	(void)state;
	static const damage_t cases[] = {
		{ "another format", 4, 2 },   { "neither up, down, nor cleared", 5, 3 },
		{ "reserved", 6, 1 },
		{ "who too long", 13, 3 },    { "reason too long", 15, 3 },    { "who longer", 12, 6 },
		{ "reserved2", 71, 1 },
	};
	uint8_t value[STEER_HEALTH_STATE_MAX];
	size_t size = steer_health_state_write(value, STATE(false, .reason = "why", .reason_len = 3));
	assert_bits_matter(value, size, open_state);
	assert_length_matters(value, size, open_state);
	assert_damage_is_seen(value, size, open_state, cases, COUNT(cases));
}

/* The heartbeat of steerd. */

static int open_heartbeat(const void *value, size_t size)
{
	steer_now_t beat;
	return steer_heartbeat_open(&beat, value, size);
}

static void a_heartbeat_says_what_was_written(void **state)
{
	(void)state;
	static const damage_t cases[] = {
		{ "another format", 4, 2 }, { "reserved", 5, 1 }, { "reserved2", 7, 1 },
	};
	const steer_now_t was = {
		.wall = 1700000000, .boot_ms = 12345,
		.boot = { UINT64_C(0x1122334455667788), UINT64_C(0x99aabbccddeeff00) },
	};
	uint8_t value[STEER_HEARTBEAT_SIZE];
	steer_now_t is;
	size_t size = steer_heartbeat_write(value, &was);
	assert_int_equal(size, STEER_HEARTBEAT_SIZE);
	assert_int_equal(steer_heartbeat_open(&is, value, size), STEER_OK);
	assert_memory_equal(&is, &was, sizeof(was));
	seeds_write("health_check", "heartbeat", 8, 4, value, size);
	assert_bits_matter(value, size, open_heartbeat);
	assert_length_matters(value, size, open_heartbeat);
	assert_damage_is_seen(value, size, open_heartbeat, cases, COUNT(cases));
}

static void steerd_is_silent_when_it_has_not_been_heard_of_for_so_long(void **state)
{
	(void)state; // Rule H13.
	static const struct {
		const char *what;
		steer_now_t now;
		bool silent;
		uint64_t left_ms;
	} cases[] = {
		{ "at once",                     { 9000, 900000, { 1, 2 } }, false, 60000 },
		{ "a millisecond before",        { 9060, 959999, { 1, 2 } }, false, 1 },
		{ "at the end",                  { 9060, 960000, { 1, 2 } }, true, NEVER },
		{ "long after",                  { 99999, 99999999, { 1, 2 } }, true, NEVER },
		{ "the wall clock jumped on",    { 99999, 910000, { 1, 2 } }, false, 50000 },
		{ "the wall clock jumped back",  { 1, 960000, { 1, 2 } }, true, NEVER },
		{ "ahead in the same boot",      { 9000, 899000, { 1, 2 } }, false, 61000 },
		{ "another boot, before",        { 9059, 5, { 1, 3 } }, false, 1000 },
		{ "another boot, at the end",    { 9060, 5, { 1, 3 } }, true, NEVER },
		{ "no boot is known",            { 9010, 99999999, { 0, 0 } }, false, 50000 },
		{ "of the future",               { 8941, 5, { 1, 3 } }, false, 119000 },
		{ "of a future too far",         { 8940, 5, { 1, 3 } }, true, 1 },
		{ "of a future still farther",   { 8000, 5, { 1, 3 } }, true, 940001 },
	};
	const steer_now_t beat = { .wall = 9000, .boot_ms = 900000, .boot = { 1, 2 } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		steer_silence_t silence = { .after = 60, .up = true };
		steer_silence_decide(&silence, &beat, &cases[i].now);
		assert_int_equal(silence.silent, cases[i].silent);
		assert_true(silence.left_ms == cases[i].left_ms);
		assert_true(silence.since == 9000 && silence.after == 60 && silence.up);
	}
	steer_silence_t silence = { .after = STEER_STALE_AFTER_MAX };
	steer_silence_decide(&silence, NULL, &now);
	assert_false(silence.silent);
	assert_true(silence.since == 0 && silence.left_ms == NEVER);
	const steer_now_t never = { .wall = UINT64_MAX };
	steer_silence_decide(&silence, &never, &now);
	assert_true(silence.silent && silence.left_ms < STEER_LEFT_MAX);
}

/* Transitions. */

/*! Writes a force of a check. */
static size_t transition_write(uint8_t *value, const char *id)
{
	uint8_t state[STEER_HEALTH_STATE_MAX];
	const steer_health_state_t cleared = { .cleared = true, .reason = "why", .reason_len = 3 };
	size_t size = steer_health_state_write(state, &cleared);
	return steer_health_transition_write(value, STEER_STATUS_FORCE, id, strlen(id), state, size);
}

static void a_transition_says_what_was_written(void **state)
{
	(void)state;
	uint8_t value[STEER_TRANSITION_MAX];
	steer_health_transition_t is;
	size_t size = transition_write(value, "web");
	assert_int_equal(size, STEER_TRANSITION_SIZE + 3 + STEER_STATUS_SIZE + 3);
	assert_int_equal(steer_health_transition_open(&is, value, size), STEER_OK);
	seeds_write("health_check", "transition", 16, 4, value, size);
	assert_int_equal(is.kind, STEER_STATUS_FORCE);
	assert_int_equal(is.id_len, 3);
	assert_memory_equal(is.id, "web", 3);
	assert_true(is.state.cleared && !is.state.up);
	assert_int_equal(is.state.reason_len, 3);
	assert_memory_equal(is.state.reason, "why", 3);
}

static int open_transition(const void *value, size_t size)
{
	steer_health_transition_t transition;
	return steer_health_transition_open(&transition, value, size);
}

static void a_changed_bit_a_cut_or_a_field_out_of_bounds_damages_a_transition(void **state)
{
	(void)state;
	static const damage_t cases[] = {
		{ "another format", 4, 2 },  { "another kind", 5, 't' }, { "no id", 6, 0 },
		{ "id too long", 6, 129 },   { "id longer", 6, 4 },      { "id shorter", 6, 2 },
		{ "reserved", 7, 1 },        { "the state", STEER_TRANSITION_SIZE + 3 + 4, 2 },
	};
	uint8_t value[STEER_TRANSITION_MAX];
	size_t size = transition_write(value, "web");
	assert_bits_matter(value, size, open_transition);
	assert_length_matters(value, size, open_transition);
	assert_damage_is_seen(value, size, open_transition, cases, COUNT(cases));

	char id[STEER_CHECK_ID_MAX + 2] = { 0 };
	uint8_t larger[STEER_TRANSITION_MAX + 1];
	memset(id, 'x', STEER_CHECK_ID_MAX);
	assert_int_equal(open_transition(larger, transition_write(larger, id)), STEER_OK);
	id[STEER_CHECK_ID_MAX] = 'x';
	assert_int_equal(open_transition(larger, transition_write(larger, id)), STEER_EDAMAGED);
}

/* Targets. */

static void a_target_says_what_was_written(void **state)
{
	(void)state;
	static const char error[] = "SERVFAIL";
	uint8_t rrs[2 * (STEER_RR_HEAD + 4)], value[STEER_TARGET_SIZE + sizeof(rrs) + 8];
	size_t len = steer_rr_write(rrs, T_A, 60, addresses[0], 4);
	len += steer_rr_write(rrs + len, T_A, 60, addresses[1], 4);
	const steer_external_answer_t was = {
		.ttl = 60, .count = 2, .rrs = rrs, .rrs_len = len, .held = true,
		.resolved = { .wall = 1700000000, .boot_ms = 12345, .boot = { 6, 7 } },
		.tried = 1700000100, .failures = 3, .error = error, .error_len = strlen(error),
	};
	steer_external_answer_t is;
	size_t size = steer_external_answer_write(value, &was);
	assert_int_equal(size, sizeof(value));
	assert_int_equal(steer_external_answer_open(&is, T_A, value, size), STEER_OK);
	seeds_write("health_check", "target", 2, 4, value, size);
	assert_int_equal(is.ttl, 60);
	assert_int_equal(is.count, 2);
	assert_true(is.held && !is.nxdomain);
	assert_int_equal(is.rrs_len, sizeof(rrs));
	assert_memory_equal(is.rrs, rrs, sizeof(rrs));
	assert_memory_equal(&is.resolved, &was.resolved, sizeof(is.resolved));
	assert_int_equal(is.tried, 1700000100);
	assert_int_equal(is.failures, 3);
	assert_int_equal(is.error_len, strlen(error));
	assert_memory_equal(is.error, error, strlen(error));
	assert_int_equal(steer_external_answer_open(&is, T_AAAA, value, size), STEER_EDAMAGED);

	const steer_external_answer_t nothing = { .ttl = 30, .nxdomain = true };
	size = steer_external_answer_write(value, &nothing);
	assert_int_equal(steer_external_answer_open(&is, T_A, value, size), STEER_OK);
	assert_int_equal(is.count, 0);
	assert_int_equal(is.rrs_len, 0);
	assert_int_equal(is.ttl, 30);
	assert_true(is.nxdomain && !is.held);
}

static int open_target(const void *value, size_t size)
{
	steer_external_answer_t target;
	return steer_external_answer_open(&target, T_A, value, size);
}

static void a_changed_bit_or_a_field_out_of_bounds_damages_a_target(void **state)
{
	(void)state;
	static const damage_t cases[] = {
		{ "another format", 4, 2 }, { "an unknown flag", 5, 4 },    { "no record", 6, 0 },
		{ "one record more", 6, 2 }, { "more bytes of records", 12, 17 },
		{ "reserved", 62, 1 },      { "reserved2", 64, 1 },         { "an error", 60, 1 },
		{ "another owner", STEER_TARGET_SIZE, 0 },
		{ "rdata behind the end", STEER_TARGET_SIZE + 11, 5 },
	};
	uint8_t rr[STEER_RR_HEAD + 4], value[STEER_TARGET_SIZE + sizeof(rr)];
	steer_rr_write(rr, T_A, 60, addresses[0], 4);
	const steer_external_answer_t target = {
		.ttl = 60, .count = 1, .rrs = rr, .rrs_len = sizeof(rr)
	};
	size_t size = steer_external_answer_write(value, &target);
	assert_bits_matter(value, size, open_target);
	assert_damage_is_seen(value, size, open_target, cases, COUNT(cases));
}

static void targets_lie_by_type_and_name(void **state)
{
	(void)state;
	steer_key_t name;
	uint8_t key[STEER_EXTERNAL_KEY_MAX];
	steer_key_from_name(&name, (const uint8_t *)"\x01""a\x07""example");
	size_t len = steer_external_answer_key(key, 0x1234, &name);
	assert_int_equal(len, 3 + name.len);
	assert_memory_equal(key, "t\x12\x34", 3);
	assert_memory_equal(key + 3, name.bytes, name.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_check_is_forced_then_reported_then_probed),
		cmocka_unit_test(a_calculated_check_is_up_if_enough_of_its_children_are),
		cmocka_unit_test(what_was_probed_counts_as_up_if_steerd_is_silent_and_that_is_wanted),
		cmocka_unit_test(a_state_ends_by_the_clock_that_can_be_trusted),
		cmocka_unit_test(a_state_says_what_was_written),
		cmocka_unit_test(a_changed_bit_a_cut_or_a_field_out_of_bounds_damages_a_state),
		cmocka_unit_test(a_heartbeat_says_what_was_written),
		cmocka_unit_test(steerd_is_silent_when_it_has_not_been_heard_of_for_so_long),
		cmocka_unit_test(a_transition_says_what_was_written),
		cmocka_unit_test(a_changed_bit_a_cut_or_a_field_out_of_bounds_damages_a_transition),
		cmocka_unit_test(a_target_says_what_was_written),
		cmocka_unit_test(a_changed_bit_or_a_field_out_of_bounds_damages_a_target),
		cmocka_unit_test(targets_lie_by_type_and_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
