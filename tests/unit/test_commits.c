/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When steerd makes commits, and what goes into each; see test_publish.c for each state. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "steerd/publish.h"
#include "unit/probes.h"
#include "unit/queries.h"
#include "unit/records.h"
#include "unit/test.h"

/*! Of a larger commit there is no text. */
#define TEXT_ENTRIES 26
#define TCP "tcp interval=1d rise=1 fall=1"

/* A store whose writes a test holds up and lets fail. */

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	bool held;          /*!< Writes wait. */
	bool fails;
	unsigned begun, ended;
	size_t entries[4];  /*!< Of the first commits. */
	char text[256];     /*!< What was written by those that succeeded: see write_text(). */
	const steer_store_t *to; /*!< The last one. */
} disk = { .mutex = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER };

/*!
 * Writes a target: its name, then records and TTL, with "n" for NXDOMAIN, "h" if it is held and "s"
 * with the length of its error if it is stale; or "-".
 */
static int write_target(char *at, size_t size, const steer_status_entry_t *entry)
{
	char name[STEER_NAME_TEXT_MAX];
	const steer_external_answer_t *target = entry->target;
	steer_name_to_text(name, entry->name);
	if (target == NULL) {
		return snprintf(at, size, "%s- ", name);
	}
	assert_int_equal(entry->type, T_A);
	assert_true(steer_rrs_are_whole(target->rrs, target->rrs_len, T_A, target->count));
	assert_true(target->resolved.wall > 0 && target->tried >= target->resolved.wall);
	int len = snprintf(at, size, "%s=%u/%u%s%s", name, target->count, target->ttl,
	                   target->nxdomain ? "n" : "", target->held ? "h" : "");
	if (target->failures > 0) {
		assert_true(target->error_len >= 8 && memcmp(target->error, "SERVFAIL", 8) == 0);
		len += snprintf(at + len, size - len, "s%u", target->error_len);
	} else {
		assert_int_equal(target->error_len, 0);
	}
	return len + snprintf(at + len, size - len, " ");
}

/*!
 * A line of a commit: "*" for a heartbeat, id, creation and state of each check, and each target,
 * see write_target().
 */
static void write_text(const steer_status_entry_t *status, size_t count)
{
	char *at = disk.text + strlen(disk.text), *end = disk.text + sizeof(disk.text);
	for (size_t i = 0; i < count; i++) {
		if (status[i].kind == STEER_STATUS_HEARTBEAT) {
			assert_true(status[i].heartbeat->wall > 0 && status[i].heartbeat->boot_ms > 0);
			at += snprintf(at, end - at, "* ");
		} else if (status[i].kind == STEER_STATUS_TARGET) {
			at += write_target(at, end - at, &status[i]);
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
	if (disk.begun < COUNT(disk.entries)) {
		disk.entries[disk.begun] = count;
	}
	disk.begun++;
	disk.to = store;
	pthread_cond_broadcast(&disk.cond);
	while (disk.held) {
		pthread_cond_wait(&disk.cond, &disk.mutex);
	}
	bool fails = disk.fails;
	if (!fails && count <= TEXT_ENTRIES) {
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
	targets_configure(targets, &(steer_refresh_rule_t) { .ttl_max = 3600, .stale_max = 86400 });
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

/*! Has a target in use, and asks for it. */
static target_t *ask(const char *text)
{
	assert_int_equal(targets_update(targets, T_A, name_of(text)), STEER_OK);
	target_t *target = NULL;
	for (uint32_t i = 0; target == NULL || strcmp(target->text, text) != 0; i++) {
		target = targets_get(targets, i);
	}
	ev_timer_stop(probers.loop, &target->next);
	ev_invoke(probers.loop, &target->next, EV_TIMER);
	return target;
}

/*! Likewise, and gives it addresses with a TTL; NULL: it fails. */
static void resolve(const char *text, uint32_t ttl, const char *addresses)
{
	target_t *target = ask(text);
	if (addresses != NULL) {
		queries_end_records(target, ttl, addresses);
	} else {
		queries_end_failure(target, "SERVFAIL");
	}
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

static void targets_wait_for_others_and_go_with_states(void **state)
{
	(void)state;
	steer_now_t began, known;
	steer_now(&began);
	resolve("x.far.", 300, "192.0.2.1");
	resolve("y.far.", 20, "192.0.2.1 192.0.2.2");
	resolve("never.far.", 0, NULL);
	until_known(2);
	steer_now(&known);
	assert_written("x.far.=1/300 y.far.=2/20 \n");
	assert_true(known.boot_ms - began.boot_ms + 1 >= 1000 * PUBLISH_TARGETS_TOGETHER);
	assert_true(metrics.answers == 2 && metrics.states == 0);

	resolve("x.far.", 0, NULL);
	probe(name("a", 1, '?'), true);
	until_known(3);
	assert_written("a/1+ x.far.=1/300s8 \n");
	targets_update_begin(targets);
	targets_update_end(targets);
	until_known(4);
	assert_written("x.far.- y.far.- \n");
	assert_int_equal(metrics.answers, 5);
}

static void all_that_is_known_of_a_target_is_written(void **state)
{
	(void)state;
	char error[STEER_LOG_TEXT_MAX + 8];
	memset(error, 'x', sizeof(error));
	memcpy(error, "SERVFAIL", 8);
	error[sizeof(error) - 1] = '\0';
	targets_configure(targets, &(steer_refresh_rule_t) {
		.ttl_max = 3600, .stale_max = 86400, .empty_hold = 60,
	});
	queries_end_empty(ask("x.far."), RESPONSE_NXDOMAIN, 50);
	queries_end_empty(ask("y.far."), RESPONSE_NODATA, 40);
	resolve("z.far.", 30, "192.0.2.1");
	until_known(2);
	assert_written("x.far.=0/50n y.far.=0/40 z.far.=1/30 \n");
	queries_end_empty(ask("z.far."), RESPONSE_NXDOMAIN, 50);
	queries_end_failure(ask("y.far."), error);
	until_known(3);
	assert_written("z.far.=1/30h y.far.=0/40s512 \n");
}

static void a_target_that_could_not_be_written_is_tried_again(void **state)
{
	(void)state;
	set(false, true);
	resolve("x.far.", 300, "192.0.2.1");
	until_known(2);
	steer_now_t failed, again;
	steer_now(&failed);
	resolve("y.far.", 20, "192.0.2.1");
	set(false, false);
	until_known(3);
	steer_now(&again);
	assert_true(again.boot_ms - failed.boot_ms + 1 >= 900 * PUBLISH_AGAIN);
	assert_written("x.far.=1/300 y.far.=1/20 \n");
	assert_true(metrics.commits[0] == 1 && metrics.answers == 2);
}

static void a_target_goes_on_while_it_is_written(void **state)
{
	(void)state;
	set(true, false);
	resolve("x.far.", 300, "192.0.2.1");
	until_begun(2);
	resolve("x.far.", 30, "192.0.2.1 192.0.2.2");
	resolve("y.far.", 20, "192.0.2.1");
	targets_update_begin(targets);
	assert_int_equal(targets_update(targets, T_A, name_of("y.far.")), STEER_OK);
	targets_update_end(targets);
	set(false, false);
	until_known(3);
	assert_written("x.far.=1/300 \nx.far.- y.far.=1/20 \n");
}

static void times_are_written_at_the_end(void **state)
{
	(void)state;
	resolve("x.far.", 300, "192.0.2.1");
	resolve("y.far.", 300, "192.0.2.1");
	until_known(2);
	assert_written("x.far.=1/300 y.far.=1/300 \n");
	resolve("x.far.", 300, "192.0.2.1");
	for (unsigned i = 0; i < 2 * PUBLISH_TARGETS_TOGETHER / PUBLISH_TOGETHER; i++) {
		run_loop();
	}
	assert_int_equal(number_of(&disk.begun), 2);
	publisher_close(publisher);
	publisher = NULL;
	assert_written("x.far.=1/300 \n");
}

/*! However large the answers are, a commit has not many more bytes than are meant. */
static void large_answers_go_with_several_commits(void **state)
{
	(void)state;
	enum { SIZE = 60000, MOST = BATCH_BYTES / SIZE + 1, TARGETS = MOST + TEXT_ENTRIES + 1 };
	static const bool ends[] = { false, true };
	for (size_t i = 0; i < COUNT(ends); i++) {
		for (unsigned k = 0; k < TARGETS; k++) {
			char text[32];
			snprintf(text, sizeof(text), "n%u.far.", k);
			queries_end_bulk(ask(text), 1, SIZE);
		}
		if (ends[i]) {
			publisher_close(publisher);
			publisher = NULL;
		}
		until_known(3);
		assert_int_equal(disk.entries[1], MOST);
		assert_int_equal(disk.entries[2], TARGETS - MOST);
		assert_written("");
		tear_down(state);
		set_up(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many_states_go_with_one_commit),
		TEST(what_is_decided_while_one_is_made_goes_with_the_next),
		TEST(what_could_not_be_written_is_tried_again),
		TEST(a_heartbeat_that_could_not_be_written_goes_with_the_next_attempt),
		TEST(without_a_store_states_wait_for_one),
		TEST(a_store_is_not_taken_away_while_it_is_written_to),
		TEST(targets_wait_for_others_and_go_with_states),
		TEST(all_that_is_known_of_a_target_is_written),
		TEST(a_target_that_could_not_be_written_is_tried_again),
		TEST(a_target_goes_on_while_it_is_written),
		TEST(times_are_written_at_the_end),
		TEST(large_answers_go_with_several_commits),
		TEST(what_is_left_is_tried_once_at_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
