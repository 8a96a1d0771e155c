/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "steerd/checks.h"
#include "unit/probes.h"
#include "unit/test.h"

/*! Probes with sockets at the same time. */
#define SOCKETS 2

#define TCP "tcp interval=1d rise=1 fall=1"

static probers_t probers;
static metrics_t metrics;
static checks_t *checks;
static unsigned decided;

static void on_decided(void *ctx)
{
	(void)ctx;
	decided++;
}

static int set_up(void **state)
{
	(void)state;
	probers.loop = ev_loop_new(EVFLAG_NOENV);
	metrics_init(&metrics);
	decided = log_lines = 0;
	checks = checks_new(&probers, &metrics, SOCKETS, on_decided, NULL);
	assert_non_null(checks);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	checks_free(checks);
	assert_int_equal(probes_running, 0);
	assert_false(ev_run(probers.loop, EVRUN_NOWAIT)); // No timer of theirs is active.
	metrics_free(&metrics);
	ev_loop_destroy(probers.loop);
	return 0;
}

/*! Names a check in an update, in the slot that its id gives: "0" to "9". */
static check_t *name(const char *id, uint32_t created, const char *text, char stored)
{
	uint32_t slot = id[0] - '0';
	steer_health_status_t checked = checked_of(id, slot, created, text, stored);
	assert_int_equal(checks_update(checks, &checked), STEER_OK);
	return checks_get(checks, slot);
}

static check_t *name_tcp(const char *id)
{
	return name(id, 1, TCP, '?');
}

/*! It is time for a probe. */
static void due(check_t *check)
{
	ev_timer_stop(probers.loop, &check->timer);
	ev_invoke(probers.loop, &check->timer, EV_TIMER);
	assert_true(ev_is_active(&check->timer));
}

/*! Probes a check with a result. */
static void probe(check_t *check, bool ok)
{
	due(check);
	probes_end(check, ok);
}

static bool runs(const char *id)
{
	return checks_get(checks, id[0] - '0')->probe != NULL;
}

static void those_that_find_no_room_wait_for_their_turn(void **state)
{
	(void)state;
	check_t *all[5];
	for (unsigned i = 0; i < COUNT(all); i++) {
		all[i] = name_tcp((const char *[]) { "0", "1", "2", "3", "4" }[i]);
		due(all[i]);
		due(all[i]); // No second probe beside the first, no second place in the queue.
	}
	assert_int_equal(probes_running, SOCKETS);
	assert_int_equal(log_lines, 1);
	assert_string_equal(log_last, "2 probes run at the same time, which is the limit: others wait");
	due(name("9", 1, "command command=/bin/true", '?'));
	assert_int_equal(probes_running, SOCKETS + 1); // Processes have their own limit.
	probes_end(checks_get(checks, 9), true);
	assert_int_equal(probes_running, SOCKETS);
	for (unsigned i = 0; i < COUNT(all); i++) {
		probes_end(all[i], true);
		unsigned left = COUNT(all) - i - 1;
		assert_int_equal(probes_running, left < SOCKETS ? left : SOCKETS);
		assert_true(left < SOCKETS || all[i + SOCKETS]->probe != NULL);
	}
	due(all[4]);
	assert_int_equal(probes_running, 1);
	assert_int_equal(all[4]->probes, 1);
}

static void the_queue_goes_on_when_checks_go(void **state)
{
	(void)state;
	checks_update_begin(checks);
	for (unsigned i = 0; i < 5; i++) {
		due(name_tcp((const char *[]) { "0", "1", "2", "3", "4" }[i]));
	}
	checks_update_begin(checks); // The first that runs and the first that waits are named no more.
	name_tcp("1");
	name_tcp("3");
	name_tcp("4");
	checks_update_end(checks);
	assert_null(checks_get(checks, 0));
	assert_null(checks_get(checks, 2));
	assert_true(runs("1") && runs("3") && !runs("4"));
	name("1", 1, "tcp interval=1d port=9", '?'); // Defined anew.
	assert_true(!runs("1") && runs("3") && runs("4"));
	assert_int_equal(probes_running, SOCKETS);
	assert_true(ev_is_active(&checks_get(checks, 1)->timer));
	due(checks_get(checks, 1));
	assert_int_equal(probes_running, SOCKETS);
}

static void an_update_keeps_what_it_names(void **state)
{
	(void)state;
	static const struct {
		const char *what, *text;
		uint32_t created;
		char stored;
		bool stays, goes_on;
		char is;
	} cases[] = {
		{ "as it was",         TCP, 1, 'D', true, true, 'D' },
		{ "disabled",          TCP " disabled=yes", 1, 'D', false, false, '?' },
		{ "manual",            "manual", 1, '?', false, false, '?' },
		{ "defined anew",      TCP " port=9", 1, 'D', true, false, 'D' },
		{ "of another type",   "icmp interval=1d rise=1 fall=1", 1, 'D', true, false, 'D' },
		{ "deleted and created", TCP, 2, '?', true, false, '?' },
		{ "without its state", TCP, 1, '?', true, true, '?' },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		checks_update_begin(checks);
		check_t *check = name("1", 1, TCP, 'D');
		check_t *other = name("2", 1, TCP, 'U');
		checks_update_end(checks);
		assert_int_equal(check->state.probed, STEER_PROBED_DOWN);
		assert_int_equal(other->state.probed, STEER_PROBED_UP);
		due(check);
		due(other);
		checks_update_begin(checks);
		name("2", 1, TCP, 'U');
		check = name("1", cases[i].created, cases[i].text, cases[i].stored);
		checks_update_end(checks);
		check = checks_get(checks, 1);
		assert_int_equal(check != NULL, cases[i].stays);
		assert_non_null(checks_get(checks, 2)->probe);
		if (check != NULL) {
			assert_int_equal(check->probe != NULL, cases[i].goes_on);
			assert_int_equal(check->state.probed, cases[i].is == 'D' ? STEER_PROBED_DOWN
			                                                        : STEER_PROBED_UNKNOWN);
		}
		checks_update_begin(checks);
		checks_update_end(checks);
		assert_null(checks_get(checks, 2));
		assert_int_equal(probes_running, 0);
	}
}

static void slots_far_apart_have_no_checks_between_them(void **state)
{
	(void)state;
	for (uint32_t slot = 3; slot < 100000; slot = 3 * slot + 1) {
		steer_health_status_t checked = checked_of("far", slot, 1, TCP, '?');
		assert_int_equal(checks_update(checks, &checked), STEER_OK);
		unsigned found = 0;
		for (uint32_t i = 0; i < checks_slots(checks); i++) {
			found += checks_get(checks, i) != NULL;
		}
		assert_non_null(checks_get(checks, slot));
		assert_null(checks_get(checks, checks_slots(checks)));
		assert_in_range(found, 1, 12);
		checks_update_begin(checks);
		checks_update_end(checks);
		assert_null(checks_get(checks, slot));
	}
}

static void a_definition_that_changes_begins_the_count_anew(void **state)
{
	(void)state;
	check_t *check = name("1", 1, "tcp interval=1d rise=2 fall=2", 'U');
	probe(check, false);
	name("1", 1, "tcp interval=1d rise=2 fall=2 port=9", 'U');
	probe(check, false);
	assert_int_equal(check->state.probed, STEER_PROBED_UP);
	name("1", 1, "tcp interval=1d rise=2 fall=2 port=9", 'U'); // As it was.
	probe(check, false);
	assert_int_equal(check->state.probed, STEER_PROBED_DOWN);
}

static void what_is_decided_is_told_and_unpublished(void **state)
{
	(void)state;
	check_t *check = name_tcp("1"), *other = name_tcp("2");
	probe(check, false);
	assert_string_equal(log_last, "health check '1' is down: 1 is bad");
	probe(other, true);
	assert_string_equal(log_last, "health check '2' is up: 2 is good");
	probe(other, true);
	assert_int_equal(log_lines, 2);
	assert_int_equal(decided, 2);
	probe(check, true); // Before it was published.
	assert_int_equal(decided, 3);
	assert_string_equal(check->reason, "1 is good");
	assert_true(check->decided.boot_ms > 0 && check->decided.boot_ms == check->last.boot_ms);
	assert_int_equal(metrics.types[STEER_CHECK_TCP].transitions[true], 2);
	assert_int_equal(metrics.types[STEER_CHECK_TCP].transitions[false], 1);
	assert_true(checks_have_unpublished(checks));
	assert_ptr_equal(checks_take_unpublished(checks), check);
	checks_unpublish(check);
	assert_ptr_equal(checks_take_unpublished(checks), other);
	assert_ptr_equal(checks_take_unpublished(checks), check);
	assert_null(checks_take_unpublished(checks));
	probe(other, false);
	checks_update_begin(checks);
	checks_update_end(checks);
	assert_false(checks_have_unpublished(checks));
}

static void the_stored_state_counts_unless_another_is_on_its_way(void **state)
{
	(void)state;
	check_t *check = name("1", 1, TCP, 'U');
	probe(check, false);
	name("1", 1, TCP, 'U'); // The new one is not in the store yet.
	assert_int_equal(check->state.probed, STEER_PROBED_DOWN);
	assert_ptr_equal(checks_take_unpublished(checks), check);
	check->publishing = true;
	name("1", 1, TCP, 'U');
	assert_int_equal(check->state.probed, STEER_PROBED_DOWN);
	check->publishing = false;
	name("1", 1, TCP, '?');
	assert_int_equal(check->state.probed, STEER_PROBED_UNKNOWN);
	assert_int_equal(check->state.in_a_row, 0);
}

static void what_cannot_be_probed_keeps_its_state(void **state)
{
	(void)state;
	check_t *check = name_tcp("1");
	probe(check, true);
	unsigned lines = log_lines;
	for (unsigned i = 0; i < 3; i++) {
		due(check);
		probes_end_inconclusive(check);
	}
	assert_int_equal(log_lines, lines + 1);
	assert_string_equal(log_last,
	                    "health check '1' cannot be probed and keeps its state: no room");
	assert_int_equal(check->state.probed, STEER_PROBED_UP);
	assert_true(check->last_inconclusive);
	assert_string_equal(check->last_reason, "no room");
	assert_true(check->probes == 4 && check->failures == 0 && check->inconclusive == 3);
	const metrics_type_t *counts = &metrics.types[STEER_CHECK_TCP];
	assert_true(counts->results[METRICS_INCONCLUSIVE] == 3 &&
	            counts->results[METRICS_SUCCESS] == 1 && counts->duration == 1000);
	probe(check, true);
	due(check);
	probes_end_inconclusive(check);
	assert_int_equal(log_lines, lines + 2);
	probe(check, false);
	assert_int_equal(check->failures, 1);
}

static void durations_are_counted_by_their_upper_bound(void **state)
{
	(void)state;
	static const struct {
		uint32_t duration;
		unsigned bucket;
	} cases[] = {
		{ 0, 0 }, { 1000, 0 }, { 1001, 1 }, { 2500, 1 }, { 10000000, METRICS_BOUNDS - 1 },
		{ 10000001, METRICS_BOUNDS }, { UINT32_MAX, METRICS_BOUNDS },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		metrics_t counted;
		metrics_init(&counted);
		metrics_probe(&counted, STEER_CHECK_TCP, METRICS_INCONCLUSIVE, cases[i].duration);
		metrics_probe(&counted, STEER_CHECK_TCP, METRICS_FAILURE, cases[i].duration);
		for (unsigned k = 0; k <= METRICS_BOUNDS; k++) {
			assert_int_equal(counted.types[STEER_CHECK_TCP].durations[k], k == cases[i].bucket);
		}
		assert_true(counted.types[STEER_CHECK_TCP].duration == cases[i].duration);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(those_that_find_no_room_wait_for_their_turn),
		TEST(the_queue_goes_on_when_checks_go),
		TEST(an_update_keeps_what_it_names),
		TEST(slots_far_apart_have_no_checks_between_them),
		TEST(a_definition_that_changes_begins_the_count_anew),
		TEST(what_is_decided_is_told_and_unpublished),
		TEST(the_stored_state_counts_unless_another_is_on_its_way),
		TEST(what_cannot_be_probed_keeps_its_state),
		cmocka_unit_test(durations_are_counted_by_their_upper_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
