/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When steerd makes commits, and what goes into each; see test_publish.c for each state. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "steerd/publish.h"
#include "unit/probes.h"
#include "unit/test.h"

#define TCP "tcp interval=1d rise=1 fall=1"

/* A store whose writes a test holds up and lets fail. */

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	bool held;          /*!< Writes wait. */
	bool fails;
	unsigned begun, ended;
	char text[256];     /*!< What was written by those that succeeded: see write_text(). */
	const steer_store_t *to; /*!< The last one. */
} disk = { .mutex = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER };

/*! A line of a commit: "*" for a heartbeat, id, creation and state of each check. */
static void write_text(const steer_status_entry_t *status, size_t count)
{
	char *at = disk.text + strlen(disk.text), *end = disk.text + sizeof(disk.text);
	for (size_t i = 0; i < count; i++) {
		if (status[i].kind == STEER_STATUS_HEARTBEAT) {
			assert_true(status[i].heartbeat->wall > 0 && status[i].heartbeat->boot_ms > 0);
			at += snprintf(at, end - at, "* ");
		} else {
			const steer_health_state_t *state = status[i].state;
			char reason[32], text[32];
			snprintf(reason, sizeof(reason), "%s is %s", status[i].id, state->up ? "good" : "bad");
			assert_int_equal(status[i].kind, STEER_STATUS_STATE);
			assert_int_equal(state->reason_len, strlen(reason));
			memcpy(text, state->reason, state->reason_len); // Freed memory is seen by sanitizers.
			assert_memory_equal(text, reason, state->reason_len);
			assert_true(state->since > 0 && state->since_boot > 0 && state->until == 0);
			at += snprintf(at, end - at, "%s/%u%c ", status[i].id, (unsigned)state->created,
			               state->up ? '+' : '-');
		}
	}
	snprintf(at, end - at, "\n");
}

int steer_status_write(steer_store_t *store, const steer_status_entry_t *status, size_t count,
                       steer_fault_t *fault)
{
	pthread_mutex_lock(&disk.mutex);
	disk.begun++;
	disk.to = store;
	pthread_cond_broadcast(&disk.cond);
	while (disk.held) {
		pthread_cond_wait(&disk.cond, &disk.mutex);
	}
	bool fails = disk.fails;
	if (!fails) {
		write_text(status, count);
	}
	disk.ended++;
	pthread_mutex_unlock(&disk.mutex);
	return fails ? steer_fault(fault, STEER_EFULL, "the disk is full") : STEER_OK;
}

static void set(bool held, bool fails)
{
	pthread_mutex_lock(&disk.mutex);
	disk.held = held;
	disk.fails = fails;
	pthread_cond_broadcast(&disk.cond);
	pthread_mutex_unlock(&disk.mutex);
}

static unsigned number_of(const unsigned *counter)
{
	pthread_mutex_lock(&disk.mutex);
	unsigned number = *counter;
	pthread_mutex_unlock(&disk.mutex);
	return number;
}

/* What publishes. */

static probers_t probers;
static metrics_t metrics;
static checks_t *checks;
static targets_t *targets;
static publisher_t *publisher;
static char places[2]; /*!< Their addresses stand for stores. */

static steer_store_t *store(unsigned number)
{
	return (steer_store_t *)&places[number];
}

static void on_changed(void *ctx)
{
	(void)ctx;
	publisher_wake(publisher);
}

static void run_loop(void)
{
	ev_run(probers.loop, EVRUN_NOWAIT);
	ev_sleep(PUBLISH_TOGETHER);
}

/*! Runs the loop until so many writes have begun, of which it is told nothing. */
static void until_begun(unsigned count)
{
	while (number_of(&disk.begun) < count) {
		run_loop();
	}
}

/*! Runs the loop until it knows of so many commits and attempts. */
static void until_known(unsigned count)
{
	while (metrics.commits[0] + metrics.commits[1] < count) {
		ev_run(probers.loop, EVRUN_ONCE);
	}
}

static void assert_written(const char *text)
{
	char written[sizeof(disk.text)];
	pthread_mutex_lock(&disk.mutex);
	memcpy(written, disk.text, sizeof(written));
	disk.text[0] = '\0';
	pthread_mutex_unlock(&disk.mutex);
	assert_string_equal(written, text); // Without the mutex, which a failure would leave locked.
}

static int set_up(void **state)
{
	(void)state;
	steer_fault_t fault;
	probers.loop = ev_loop_new(EVFLAG_NOENV);
	metrics_init(&metrics);
	checks = checks_new(&probers, &metrics, 100, on_changed, NULL);
	targets = targets_new(probers.loop, NULL, &metrics, on_changed, NULL);
	set(false, false);
	disk.begun = disk.ended = log_lines = 0;
	disk.text[0] = '\0';
	assert_int_equal(publisher_open(&publisher, probers.loop, checks, targets, &metrics, &fault),
	                 STEER_OK);
	publisher_use(publisher, store(0));
	until_known(1);
	assert_written("* \n"); // At once, and from now on every ten seconds.
	return 0;
}

/*! Ends all; nothing more is written. */
static int tear_down(void **state)
{
	(void)state;
	if (publisher != NULL) {
		publisher_close(publisher);
		publisher = NULL;
	}
	assert_string_equal(disk.text, "");
	checks_free(checks);
	targets_free(targets);
	metrics_free(&metrics);
	ev_loop_destroy(probers.loop);
	return 0;
}

static check_t *name(const char *id, uint32_t created, char stored)
{
	steer_health_status_t checked = checked_of(id, id[0] - 'a', created, TCP, stored);
	assert_int_equal(checks_update(checks, &checked), STEER_OK);
	return checks_get(checks, checked.check.slot);
}

/*! Probes a check with a result. */
static void probe(check_t *check, bool ok)
{
	ev_invoke(probers.loop, &check->timer, EV_TIMER);
	probes_end(check, ok);
}

static void drop_all(void)
{
	checks_update_begin(checks);
	checks_update_end(checks);
}

static void many_states_go_with_one_commit(void **state)
{
	(void)state;
	char want[256] = "", id[] = "a";
	for (; id[0] <= 'z'; id[0]++) { // More than there is room for at first.
		probe(name(id, 1, '?'), id[0] % 2 == 0);
		snprintf(want + strlen(want), sizeof(want) - strlen(want), "%s/1%c ", id,
		         id[0] % 2 == 0 ? '+' : '-');
	}
	until_known(2);
	strcat(want, "\n");
	assert_written(want);
	assert_true(metrics.states == 26 && metrics.commits[0] == 0 && metrics.commits[1] == 2);
	assert_false(checks_have_unpublished(checks));
}

static void what_is_decided_while_one_is_made_goes_with_the_next(void **state)
{
	(void)state;
	check_t *one = name("a", 1, '?'), *other = name("b", 1, '?');
	set(true, false);
	probe(one, true);
	until_begun(2);
	probe(other, false);
	probe(one, false);
	for (unsigned i = 0; i < 10; i++) { // Beyond the time that states wait for each other.
		run_loop();
	}
	assert_int_equal(number_of(&disk.begun), 2);
	set(false, false);
	until_known(3);
	assert_written("a/1+ \nb/1- a/1- \n");
	assert_int_equal(one->state.probed, STEER_PROBED_DOWN);
	assert_false(one->publishing || other->publishing);
}

static void what_could_not_be_written_is_tried_again(void **state)
{
	(void)state;
	check_t *one = name("a", 1, '?'), *other = name("b", 1, '?');
	unsigned lines = log_lines;
	steer_now_t failed, again;
	set(false, true);
	steer_now(&failed);
	probe(one, true);
	until_known(2);
	assert_string_equal(log_last, "states and targets cannot be published: the disk is full");
	assert_string_equal(metrics.publish_fault, "the disk is full");
	assert_true(one->unpublished && !one->publishing);
	probe(other, true); // Its time to wait for others is over long before the next attempt.
	until_known(3);
	steer_now(&again);
	assert_true(again.boot_ms - failed.boot_ms >= 1000 * PUBLISH_AGAIN);
	assert_int_equal(log_lines, lines + 3); // Two states, and one fault.
	probe(one, false);
	set(false, false);
	until_known(4);
	assert_written("a/1- b/1+ \n");
	assert_string_equal(log_last, "states and targets are published again");
	assert_null(metrics.publish_fault);
	assert_true(metrics.commits[0] == 2 && metrics.commits[1] == 2 && metrics.states == 2);
}

static void a_heartbeat_that_could_not_be_written_goes_with_the_next_attempt(void **state)
{
	(void)state;
	steer_fault_t fault;
	publisher_close(publisher);
	set(false, true);
	assert_int_equal(publisher_open(&publisher, probers.loop, checks, targets, &metrics, &fault),
	                 STEER_OK);
	publisher_use(publisher, store(0));
	probe(name("a", 1, '?'), true);
	until_known(2);
	set(false, false);
	until_known(3);
	assert_written("a/1+ * \n");
}

static void without_a_store_states_wait_for_one(void **state)
{
	(void)state;
	publisher_use(publisher, NULL);
	probe(name("a", 1, '?'), true);
	for (unsigned i = 0; i < 10; i++) {
		run_loop();
	}
	assert_int_equal(number_of(&disk.begun), 1);
	publisher_use(publisher, store(1));
	until_known(2);
	assert_written("a/1+ \n");
	assert_ptr_equal(disk.to, store(1));
}

static void *let_go(void *data)
{
	(void)data;
	ev_sleep(0.05); // However long: it is only that someone waits.
	set(false, false);
	return NULL;
}

static void a_store_is_not_taken_away_while_it_is_written_to(void **state)
{
	(void)state;
	pthread_t thread;
	set(true, false);
	probe(name("a", 1, '?'), true);
	until_begun(2);
	assert_int_equal(pthread_create(&thread, NULL, let_go, NULL), 0);
	publisher_use(publisher, NULL);
	assert_int_equal(number_of(&disk.ended), 2);
	pthread_join(thread, NULL);
	assert_written("a/1+ \n");
}

static void what_is_left_is_tried_once_at_the_end(void **state)
{
	(void)state;
	static const bool fails[] = { false, true };
	for (size_t i = 0; i < COUNT(fails); i++) {
		probe(name("a", 1, '?'), true);
		set(false, fails[i]);
		publisher_close(publisher);
		publisher = NULL;
		assert_int_equal(number_of(&disk.begun), 2);
		assert_written(fails[i] ? "" : "a/1+ \n");
		drop_all();
		tear_down(state);
		set_up(state);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many_states_go_with_one_commit),
		TEST(what_is_decided_while_one_is_made_goes_with_the_next),
		TEST(what_could_not_be_written_is_tried_again),
		TEST(a_heartbeat_that_could_not_be_written_goes_with_the_next_attempt),
		TEST(without_a_store_states_wait_for_one),
		TEST(a_store_is_not_taken_away_while_it_is_written_to),
		TEST(what_is_left_is_tried_once_at_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
