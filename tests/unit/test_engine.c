/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "core/name.h"
#include "core/node.h"
#include "engine/internal.h"
#include "engine/snapshot.h"
#include "steer/engine.h"
#include "store/change/transaction.h"
#include "store/maps.h"
#include "store/settings.h"
#include "unit/answers.h"
#include "unit/records.h"
#include "unit/stored_maps.h"
#include "unit/stores.h"
#include "unit/test.h"

#define SOA    "@ SOA ns hm 1 2 3 4 5\n"
#define NOT_OURS "error 1\n"
#define EDAMAGED "error 5\n"
#define NO_WORKER "error 14\n"

/*! Length of the refresher's second here; 0: it never ends. */
static atomic_int second_ms = 50;
static atomic_uint polls; /*!< How often the refresher has waited. */

/*!
 * Replaces poll(2) in this program, to change the length of the refresher's second.
 *
 * Everything else about the wait stays: what wakes it, and that it lasts until then.
 */
int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	atomic_fetch_add(&polls, 1);
	bool second = timeout_ms == 1000;
	int ms = second ? atomic_load(&second_ms) : timeout_ms;
	const struct timespec wait = { ms / 1000, ms % 1000 * 1000000L };
	return ppoll(fds, count, second && ms == 0 ? NULL : &wait, NULL);
}

static atomic_long wall_step; /*!< Seconds that the wall clock was set forward by. */
static atomic_long passed;    /*!< Seconds that have passed without a wait. */

/*! Replaces clock_gettime(2), so that the wall clock can be set, and time can pass. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int ret = syscall(SYS_clock_gettime, clock, now);
	if (clock == CLOCK_REALTIME) {
		now->tv_sec += atomic_load(&wall_step) + atomic_load(&passed);
	} else if (clock == CLOCK_BOOTTIME) {
		now->tv_sec += atomic_load(&passed);
	}
	return ret;
}

/*! Address space for maps larger than LITTLE, and how much of it is used. */
static atomic_size_t space = SIZE_MAX / 2, space_used;
#define LITTLE ((size_t)512 << 10)

#define FOR_LIBRARIES __attribute__((visibility("default")))

/*! Replaces mmap(2), for LMDB too, so that address space can be short. */
FOR_LIBRARIES void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
	bool counts = len > LITTLE;
	if (counts && atomic_fetch_add(&space_used, len) + len > atomic_load(&space)) {
		atomic_fetch_sub(&space_used, len);
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset);
}

FOR_LIBRARIES int munmap(void *at, size_t len)
{
	if (len > LITTLE) {
		atomic_fetch_sub(&space_used, len);
	}
	return syscall(SYS_munmap, at, len);
}

#define LOOKS_MS 300 /*!< The refresher has looked several times. */

/*
 * LMDB lets a process open an environment once, so stores are changed by other processes here.
 * They are forked by one that has no threads: while a thread allocates, a fork may leave the
 * sanitizers' allocator locked forever in the child.
 */

typedef int (*change_f)(const char *dir, const char *text);

typedef struct {
	change_f change;
	char dir[512];
	bool has_text;
	char text[1024];
} order_t;

static int forker = -1; /*!< Socket to the process that forks; it is a fork of this one. */

/*! Carries out orders, each in a process of its own, and sends its exit status. */
static void fork_for_others(int orders)
{
	order_t order;
	while (recv(orders, &order, sizeof(order), 0) == sizeof(order)) {
		int status = -1;
		pid_t pid = fork();
		if (pid == 0) {
			_exit(order.change(order.dir, order.has_text ? order.text : NULL));
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid ||
		    send(orders, &status, sizeof(status), 0) != sizeof(status)) {
			_exit(1);
		}
	}
	_exit(0);
}

static void forker_start(void)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		abort();
	}
	pid_t pid = fork();
	if (pid < 0) {
		abort();
	}
	if (pid == 0) {
		close(ends[0]);
		fork_for_others(ends[1]);
	}
	close(ends[1]);
	forker = ends[0];
}

static void change_begin(const char *dir, change_f change, const char *text)
{
	order_t order = { .change = change, .has_text = text != NULL };
	assert_true(strlen(dir) < sizeof(order.dir));
	assert_true(text == NULL || strlen(text) < sizeof(order.text));
	strcpy(order.dir, dir);
	strcpy(order.text, text != NULL ? text : "");
	assert_int_equal(send(forker, &order, sizeof(order), 0), sizeof(order));
}

/*! Receives what a change returned; false: it is still running, and the caller does not wait. */
static bool change_ended(bool wait, int *result)
{
	int status;
	ssize_t len = recv(forker, &status, sizeof(status), wait ? 0 : MSG_DONTWAIT);
	if (len < 0 && errno == EAGAIN) {
		return false;
	}
	assert_int_equal(len, sizeof(status));
	if (!WIFEXITED(status)) {
		fail_msg("a change was ended by signal %d", WTERMSIG(status));
	}
	*result = WEXITSTATUS(status);
	return true;
}

static int change_in_child(const char *dir, change_f change, const char *text)
{
	int result = -1;
	change_begin(dir, change, text);
	assert_true(change_ended(true, &result));
	return result;
}

static int do_init(const char *dir, const char *text)
{
	(void)text;
	store_init(dir);
	return 0;
}

static int do_replace(const char *dir, const char *text)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	store_must(store, STEER_ZONE_REPLACE, text);
	steer_store_close(store);
	return 0;
}

static int do_replace_overlay(const char *dir, const char *text)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_change_t *change = steer_change_new();
	const steer_apply_t options = { 0 };
	steer_summary_t summary;
	steer_fault_t fault;
	int ret = change_add_text(change, STEER_ZONE_REPLACE, text);
	steer_change_mode(change, 0, STEER_ZONE_OVERLAY);
	must(ret == STEER_OK ? steer_store_apply(store, change, &options, &summary, &fault) : ret,
	     &fault);
	steer_change_free(change);
	steer_store_close(store);
	return 0;
}

static int do_delete(const char *dir, const char *text)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	store_must(store, STEER_ZONE_DELETE, text);
	steer_store_close(store);
	return 0;
}

/*! Spoils the node of a name. */
static int do_damage(const char *dir, const char *name)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_write_t write;
	steer_fault_t fault;
	steer_key_t key;
	steer_key_from_name(&key, name_of(name));
	must(steer_write_begin(&write, store, &fault), &fault);
	must(steer_write_put(&write, STEER_DB_NODES, key.bytes, key.len, "spoilt", 6), &fault);
	must(steer_write_commit(&write), &fault);
	steer_store_close(store);
	return 0;
}

static void make_store(const char *dir, const char *zone)
{
	assert_int_equal(change_in_child(dir, do_init, NULL), 0);
	if (zone != NULL) {
		assert_int_equal(change_in_child(dir, do_replace, zone), 0);
	}
}

/*! Puts a page of the apex filter, or removes it (NULL), as a change of the filter. */
static void put_filter_page(steer_write_t *write, uint8_t number, const uint8_t *page, size_t len)
{
	const uint8_t key[STEER_APEXES_KEY] = { [STEER_APEXES_KEY - 1] = number };
	const uint64_t sequence = steer_le_u64(write->sequence);
	must(page != NULL ? steer_write_put(write, STEER_DB_APEXES, key, sizeof(key), page, len)
	                  : steer_write_del(write, STEER_DB_APEXES, key, sizeof(key)), write->fault);
	must(steer_write_put(write, STEER_DB_META, STEER_META_APEXES, strlen(STEER_META_APEXES),
	                     &sequence, sizeof(sequence)), write->fault);
}

/*! Adds a page that makes the apex filter invalid ("+"), or removes it. */
static int do_spoil_filter(const char *dir, const char *text)
{
	static const uint8_t page[STEER_APEXES_SIZE + STEER_APEXES_COUNTERS];
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_write_t write;
	steer_fault_t fault;
	must(steer_write_begin(&write, store, &fault), &fault);
	put_filter_page(&write, 1 << STEER_APEXES_BITS_MIN, *text == '+' ? page : NULL, sizeof(page));
	must(steer_write_commit(&write), &fault);
	steer_store_close(store);
	return 0;
}

/*! Empties all pages of the apex filter except for their sums. */
static int do_damage_filter(const char *dir, const char *text)
{
	(void)text;
	static const uint8_t page[STEER_APEXES_SIZE + STEER_APEXES_COUNTERS] = { 1 };
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_write_t write;
	steer_fault_t fault;
	must(steer_write_begin(&write, store, &fault), &fault);
	for (unsigned i = 0; i < 1 << STEER_APEXES_BITS_MIN; i++) {
		put_filter_page(&write, i, page, sizeof(page));
	}
	must(steer_write_commit(&write), &fault);
	steer_store_close(store);
	return 0;
}

/*! When a check was created. */
static uint32_t created_of(steer_store_t *store, const char *id)
{
	steer_reader_t *records, *status;
	steer_health_status_t checked;
	steer_fault_t fault;
	steer_now_t now;
	uint64_t txn;
	steer_now(&now);
	must(steer_reader_open(&records, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_open(&status, store, STEER_ENV_STATUS, &fault), &fault);
	assert_int_equal(steer_reader_renew(records, &txn), STEER_OK);
	assert_int_equal(steer_reader_renew(status, &txn), STEER_OK);
	assert_int_equal(steer_health_check_find(records, status, id, &now, &checked), STEER_OK);
	steer_reader_close(status);
	steer_reader_close(records);
	return checked.check.created;
}

/*! Forces the check "c" down: "until by wall, until by boot, boot's id"; it is there then. */
static int do_force(const char *dir, const char *text)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_change_t *change = steer_change_new();
	const steer_health_check_t check = { .type = STEER_CHECK_MANUAL };
	const steer_apply_t options = { 0 };
	const steer_source_location_t origin = { .file = "file" };
	steer_health_state_t state = { .up = false };
	const steer_status_entry_t force = { .kind = STEER_STATUS_FORCE, .id = "c", .state = &state };
	steer_summary_t summary;
	steer_fault_t fault;
	if (sscanf(text, "%lu %lu %lu %lu", &state.until, &state.until_boot, &state.boot[0],
	           &state.boot[1]) != 4) {
		return 1;
	}
	must(steer_change_health_check(change, "c", &check, &origin), &fault);
	must(steer_store_apply(store, change, &options, &summary, &fault), &fault);
	state.created = created_of(store, "c");
	must(steer_status_write(store, &force, 1, &fault), &fault);
	steer_change_free(change);
	steer_store_close(store);
	return 0;
}

/*! Writes a heartbeat of steerd, "wall, by boot, boot's id", and "c" as probed down. */
static int do_beat(const char *dir, const char *text)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_change_t *change = steer_change_new();
	const steer_health_check_t check = { .type = STEER_CHECK_HTTP };
	const steer_apply_t options = { 0 };
	const steer_source_location_t origin = { .file = "file" };
	steer_health_state_t down = { .up = false };
	steer_now_t beat;
	const steer_status_entry_t entries[] = {
		{ .kind = STEER_STATUS_STATE, .id = "c", .state = &down },
		{ .kind = STEER_STATUS_HEARTBEAT, .heartbeat = &beat },
	};
	steer_summary_t summary;
	steer_fault_t fault;
	if (sscanf(text, "%lu %lu %lu %lu", &beat.wall, &beat.boot_ms, &beat.boot[0],
	           &beat.boot[1]) != 4) {
		return 1;
	}
	must(steer_change_health_check(change, "c", &check, &origin), &fault);
	must(steer_store_apply(store, change, &options, &summary, &fault), &fault);
	down.created = created_of(store, "c");
	must(steer_status_write(store, entries, 2, &fault), &fault);
	steer_change_free(change);
	steer_store_close(store);
	return 0;
}

/*! Writes the answer of an external target: "name last", the last byte of its address. */
static int do_resolve(const char *dir, const char *text)
{
	char name[64];
	uint8_t address[4] = { 192, 0, 2 }, rr[STEER_RR_HEAD + sizeof(address)];
	if (sscanf(text, "%63s %hhu", name, &address[3]) != 2) {
		return 1;
	}
	const steer_external_answer_t target = {
		.ttl = 300, .count = 1, .rrs = rr,
		.rrs_len = steer_rr_write(rr, T_A, 300, address, sizeof(address)),
	};
	const steer_status_entry_t entry = {
		.kind = STEER_STATUS_TARGET, .name = name_of(name), .type = T_A, .target = &target,
	};
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	steer_fault_t fault;
	must(steer_status_write(store, &entry, 1, &fault), &fault);
	steer_store_close(store);
	return 0;
}

/*! Changes a setting: "which number". */
static int do_set(const char *dir, const char *text)
{
	unsigned setting;
	uint32_t number;
	if (sscanf(text, "%u %u", &setting, &number) != 2) {
		return 1;
	}
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	store_set_number(store, setting, number);
	steer_store_close(store);
	return 0;
}

static int do_put_map(const char *dir, const char *text)
{
	stored_map_asn(dir, text);
	return 0;
}

static int do_delete_map(const char *dir, const char *name)
{
	steer_fault_t fault;
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	must(steer_maps_delete(store, name, &fault), &fault);
	steer_store_close(store);
	return 0;
}

/*! Spoils a map. */
static int do_damage_map(const char *dir, const char *name)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	raw_put(store, STEER_DB_MAPS, name, strlen(name), "spoilt", 6);
	steer_store_ring(store);
	steer_store_close(store);
	return 0;
}

/*! Gives a region a number. */
static int do_number(const char *dir, const char *region)
{
	static const steer_apply_t options;
	const steer_dictionary_name_t name = { STEER_DICTIONARY_REGION, strlen(region), region };
	uint32_t number;
	steer_fault_t fault;
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	must(steer_store_apply_names(store, &name, 1, &options, &number, &fault), &fault);
	steer_store_close(store);
	return 0;
}

/* What the engine logs. */

static _Thread_local bool is_host_thread; /*!< Set by main for its own thread. */
static atomic_uint threads_begun, threads_ended;

void steer_host_thread_begin(void)
{
	is_host_thread = true;
	atomic_fetch_add(&threads_begun, 1);
}

void steer_host_thread_end(void)
{
	is_host_thread = false;
	atomic_fetch_add(&threads_ended, 1);
}

typedef struct {
	pthread_mutex_t mutex;
	char text[4096];
	_Atomic uint64_t gauges[STEER_GAUGES];
	atomic_uint foreign_calls; /*!< From threads that the host does not know. */
} log_t;

#define LOG_NEW { .mutex = PTHREAD_MUTEX_INITIALIZER }

static void take_log(void *ctx, int priority, const char *text)
{
	log_t *log = ctx;
	atomic_fetch_add(&log->foreign_calls, !is_host_thread);
	pthread_mutex_lock(&log->mutex);
	size_t len = strlen(log->text);
	snprintf(log->text + len, sizeof(log->text) - len, "<%d> %s\n", priority, text);
	pthread_mutex_unlock(&log->mutex);
}

static void take_gauge(void *ctx, steer_gauge_t gauge, uint64_t value)
{
	log_t *log = ctx;
	atomic_fetch_add(&log->foreign_calls, !is_host_thread);
	atomic_store(&log->gauges[gauge], value);
}

static unsigned count_log(log_t *log, const char *what)
{
	unsigned count = 0;
	pthread_mutex_lock(&log->mutex);
	for (const char *at = log->text; (at = strstr(at, what)) != NULL; at++) {
		count++;
	}
	pthread_mutex_unlock(&log->mutex);
	return count;
}

/* Asking. */

static char *ask_engine(steer_engine_t *engine, unsigned thread, const steer_question_t *question)
{
	char *body = NULL;
	size_t size;
	paper_t paper = { .out = open_memstream(&body, &size), .room = ROOMY };
	const steer_sink_t sink = { .put = paper_put, .ctx = &paper, .room = STEER_WIRE_MAX };
	steer_outcome_t outcome;
	int ret = steer_engine_answer(engine, thread, question, &sink, &outcome);
	fclose(paper.out);
	return answer_text(ret, &outcome, body);
}

static char *ask_name(steer_engine_t *engine, const char *name, uint16_t type)
{
	const steer_question_t question = question_of(name, type);
	return ask_engine(engine, 0, &question);
}

static void check_answer(steer_engine_t *engine, const char *name, uint16_t type, const char *want)
{
	char *text = ask_name(engine, name, type);
	assert_string_equal(text, want);
	free(text);
}

static void sleep_ms(long ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
	nanosleep(&time, NULL);
}

#define TRIES 12000 /*!< A minute in steps of 5 ms: what has not come by then never comes. */

/*! Waits until a question has an answer; bounded. */
static void await_answer(steer_engine_t *engine, const char *name, uint16_t type, const char *want)
{
	for (unsigned tries = 0; tries < TRIES; tries++) {
		char *text = ask_name(engine, name, type);
		bool same = strcmp(text, want) == 0;
		free(text);
		if (same) {
			return;
		}
		sleep_ms(5);
	}
	check_answer(engine, name, type, want);
}

/*! Waits until a gauge is not 0, or 0; bounded. */
static uint64_t await_gauge(log_t *log, steer_gauge_t gauge, bool set)
{
	for (unsigned tries = 0; tries < 2000 && (log->gauges[gauge] != 0) != set; tries++) {
		sleep_ms(5);
	}
	assert_int_equal(log->gauges[gauge] != 0, set);
	return log->gauges[gauge];
}

/*! Waits until something has been said so often, and no more. */
static void await_logs(log_t *log, const char *what, unsigned count)
{
	for (unsigned tries = 0; tries < TRIES && count_log(log, what) < count; tries++) {
		sleep_ms(5);
	}
	if (count_log(log, what) != count) {
		fail_msg("not said %u times: %s; said: %s", count, what, log->text);
	}
}

static void await_log(log_t *log, const char *what)
{
	for (unsigned tries = 0; tries < TRIES && count_log(log, what) == 0; tries++) {
		sleep_ms(5);
	}
	if (count_log(log, what) == 0) {
		fail_msg("not said: %s; said: %s", what, log->text);
	}
}

static steer_engine_t *engine_open(const char *dir, unsigned threads, log_t *log)
{
	steer_engine_t *engine = NULL;
	const steer_listener_t listener = { .log = take_log, .gauge = take_gauge, .ctx = log };
	assert_int_equal(steer_engine_open(&engine, dir, threads, &listener), STEER_OK);
	assert_non_null(engine);
	return engine;
}

#define WWW(last)    "example.\n" SOA "www A 192.0.2." last "\n"
#define ANSWER(last) "POSITIVE 0 AA\nAN = 300 A 192.0.2." last "\n"

static void a_store_is_served_from_the_first_query_on_and_followed(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	steer_engine_t *engine = engine_open(dir, 1, &log);
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	check_answer(engine, "www.example.", T_A, ANSWER("1")); // As cached.
	check_answer(engine, "www.other.", T_A, NOT_OURS);
	assert_int_equal(count_log(&log, "serving"), 1);

	change_in_child(dir, do_replace, WWW("2"));
	await_answer(engine, "www.example.", T_A, ANSWER("2"));
	change_in_child(dir, do_replace, "other.\n" SOA "www A 192.0.2.3\n");
	await_answer(engine, "www.other.", T_A, ANSWER("3"));
	change_in_child(dir, do_delete, "example.\n");
	await_answer(engine, "www.example.", T_A, NOT_OURS);
	check_answer(engine, "www.other.", T_A, ANSWER("3"));
	assert_int_equal(count_log(&log, "<"), 1); // Commits are not logged.
	steer_engine_close(engine, &log);
	temp_free(dir);
}

static void a_ring_is_enough_to_see_a_commit(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	atomic_store(&second_ms, 0);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	static const char *const zones[] = { WWW("2"), WWW("3"), WWW("4") };
	static const char *const answers[] = { ANSWER("2"), ANSWER("3"), ANSWER("4") };
	for (unsigned i = 0; i < COUNT(zones); i++) {
		change_in_child(dir, do_replace, zones[i]);
		await_answer(engine, "www.example.", T_A, answers[i]);
		sleep_ms(40); // The looks after the ring are over: the next one must ring again.
	}
	steer_engine_close(engine, &log);
	atomic_store(&second_ms, 50);
	temp_free(dir);
}

static void without_a_doorbell_commits_are_found_later(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	assert_int_equal(unlink(path_in(dir, STEER_DOORBELL_FILE)), 0);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	await_log(&log, "doorbell cannot be watched");
	change_in_child(dir, do_replace, WWW("2"));
	await_answer(engine, "www.example.", T_A, ANSWER("2"));
	assert_int_equal(count_log(&log, "cannot be watched"), 1);
	// The writer created it again.
	assert_int_equal(access(path_in(dir, STEER_DOORBELL_FILE), W_OK), 0);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! Commits, and ends as if killed between LMDB's data and its transaction id. */
static int do_commit_unpublished(const char *dir, const char *text)
{
	enum { ID_AT = 8 + sizeof(pthread_mutex_t) }; // In the lock file (LMDB 0.9, MDB_txbody).
	int fd = open(path_in(dir, "records/lock.mdb"), O_RDWR);
	uint64_t id;
	ssize_t len = pread(fd, &id, sizeof(id), ID_AT);
	do_replace(dir, text);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	MDB_txn *txn = NULL;
	if (len != sizeof(id) || mdb_txn_begin(store->env[STEER_ENV_RECORDS], NULL, 0, &txn) != 0 ||
	    pwrite(fd, &id, sizeof(id), ID_AT) != sizeof(id)) {
		return 1;
	}
	_exit(0); // The lock of writers is held.
}

static int do_open(const char *dir, const char *text)
{
	(void)text;
	steer_store_close(store_open(dir, STEER_STORE_WRITE));
	return 0;
}

static void a_commit_of_a_killed_writer_is_mended_by_the_next(void **state)
{
	(void)state;
	char *dir = temp_new();
	steer_source_t *source = NULL;
	steer_fault_t fault;
	bool taken = true;
	make_store(dir, WWW("1"));
	must(steer_source_open(&source, dir, 2, &fault), &fault);
	assert_int_equal(change_in_child(dir, do_commit_unpublished, WWW("2")), 0);
	must(steer_source_refresh(source, &taken, &fault), &fault);
	assert_false(taken);
	assert_int_equal(change_in_child(dir, do_open, NULL), 0);
	must(steer_source_refresh(source, &taken, &fault), &fault);
	assert_true(taken);
	steer_source_close(source);
	temp_free(dir);
}

static void an_overlay_is_barred_where_the_host_says(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint16_t type;
		int host_labels;
		bool overlay_only;
		steer_bar_t bar;
		const char *want;
		int exists;
	} rows[] = { // In this order: what is cached must not be used where it is barred.
		{ "www.over.", T_A, 1, false, STEER_BAR_NONE, ANSWER("1"), STEER_OK },
		{ "www.over.", T_A, 1, false, STEER_BAR_NONE, ANSWER("1"), STEER_OK },
		{ "www.over.", T_A, 1, true, STEER_BAR_NONE, ANSWER("1"), STEER_OK },
		{ "www.over.", T_A, 1, false, STEER_BAR_SIGNED, NOT_OURS, STEER_ENOENT },
		{ "www.over.", T_A, 1, true, STEER_BAR_SIGNED, NOT_OURS, STEER_ENOENT },
		{ "www.over.", T_A, 1, false, STEER_BAR_ABSENT, NOT_OURS, STEER_ENOENT },
		{ "www.over.", T_A, STEER_NO_ZONE, false, STEER_BAR_ABSENT, NOT_OURS, STEER_ENOENT },
		{ "www.over.", T_A, 0, false, STEER_BAR_NONE, ANSWER("1"), STEER_OK },
		{ "www.over.", T_A, 2, false, STEER_BAR_NONE, NOT_OURS, STEER_ENOENT },
		{ "www.over.", T_TXT, 1, false, STEER_BAR_NONE, NOT_OURS, STEER_OK },
		{ "b.over.", T_A, 1, false, STEER_BAR_NONE, NOT_OURS, STEER_OK },
		{ "none.over.", T_A, 1, false, STEER_BAR_NONE, NOT_OURS, STEER_ENOENT },
		{ "www.example.", T_A, 1, false, STEER_BAR_SIGNED, ANSWER("2"), STEER_ENOENT },
		{ "www.example.", T_A, 1, true, STEER_BAR_NONE, NOT_OURS, STEER_ENOENT },
	};
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("2"));
	change_in_child(dir, do_replace_overlay, "over.\nwww A 192.0.2.1\na.b TXT x\n");
	steer_engine_t *engine = engine_open(dir, 1, &log);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const uint8_t *name = name_of(rows[i].name);
		host_t host = { .name = name, .labels = rows[i].host_labels, .bar = rows[i].bar };
		const steer_question_t question = {
			.name = name, .name_len = steer_name_len(name), .type = rows[i].type,
			.overlay_only = rows[i].overlay_only,
			.zone = host_zone, .bar = host_bar, .host = &host,
		};
		print_message("  row %zu\n", i);
		char *text = ask_engine(engine, 0, &question);
		assert_string_equal(text, rows[i].want);
		free(text);
		assert_int_equal(steer_engine_exists(engine, 0, &question), rows[i].exists);
		assert_int_equal(steer_engine_exists(engine, 1, &question), STEER_EWORKER);
	}
	assert_int_equal(count_log(&log, "zone over. is signed"), 1);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

static void the_host_is_asked_for_its_zone_once_and_late(void **state)
{
	(void)state;
	static const struct {
		const char *what, *name;
		int host_labels;
		unsigned asked;
		const char *want;
	} rows[] = {
		{ "no hosted zone", "www.other.", 1, 0, NOT_OURS },
		{ "again, as nothing is remembered", "www.other.", 1, 0, NOT_OURS },
		{ "above the hosted zone", ".", 0, 0, NOT_OURS },
		{ "the host's zone is closer", "www.sub.example.", 2, 1, NOT_OURS },
		{ "found in the store", "www.example.", 1, 1, ANSWER("1") },
		{ "remembered", "www.example.", 1, 1, ANSWER("1") },
		{ "of another view of the host", "www.example.", STEER_NO_ZONE, 1, ANSWER("1") },
		{ "where the name is the host's", "www.example.", 2, 1, NOT_OURS },
		{ "no such name", "no.example.", 1, 1, "NXDOMAIN 3 AA\nAU? example. 5 SOA ns.example. "
		  "hm.example. 1 2 3 4 5\n" },
	};
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	steer_engine_t *engine = engine_open(dir, 1, &log);
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("  %s\n", rows[i].what);
		const uint8_t *name = name_of(rows[i].name);
		host_t host = { .name = name, .labels = rows[i].host_labels };
		steer_question_t question = {
			.name = name, .name_len = steer_name_len(name), .type = T_A, .zone = host_zone,
			.bar = host_bar, .host = &host,
		};
		char *text = ask_engine(engine, 0, &question);
		assert_string_equal(text, rows[i].want);
		free(text);
		assert_int_equal(host.zones_asked, rows[i].asked);
		(void)steer_engine_exists(engine, 0, &question);
		assert_int_equal(host.zones_asked, 2 * rows[i].asked);
		// One that has found its zone is not asked.
		question.host_zone = zone_len(&host);
		text = ask_engine(engine, 0, &question);
		assert_string_equal(text, rows[i].want);
		free(text);
		(void)steer_engine_exists(engine, 0, &question);
		assert_int_equal(host.zones_asked, 2 * rows[i].asked);
	}
	steer_engine_close(engine, &log);
	temp_free(dir);
}

static void a_store_made_later_is_served(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	log_t log = LOG_NEW;
	steer_engine_t *engine = engine_open(dir, 1, &log);
	check_answer(engine, "www.example.", T_A, NOT_OURS);
	assert_int_equal(count_log(&log, dir), 1);
	assert_int_equal(count_log(&log, "no hosted zones are served"), 1);
	sleep_ms(LOOKS_MS);
	assert_int_equal(count_log(&log, dir), 1); // Once is enough.

	make_store(dir, WWW("1"));
	await_answer(engine, "www.example.", T_A, ANSWER("1"));
	await_log(&log, "serving");
	steer_engine_close(engine, &log);
	free(dir);
	temp_free(temp);
}

static void the_same_store_has_one_engine(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	char *link = strdup(path_in(temp, "link")), *other = strdup(path_in(temp, "other"));
	log_t first = LOG_NEW, second = LOG_NEW, third = LOG_NEW;
	make_store(dir, WWW("1"));
	make_store(other, WWW("9"));
	assert_int_equal(symlink("store", link), 0);

	steer_engine_t *one = engine_open(dir, 2, &first);
	steer_engine_t *two = engine_open(dir, 2, &second);
	steer_engine_t *three = engine_open(link, 2, &third);
	assert_ptr_equal(one, two);
	assert_ptr_equal(one, three);
	steer_engine_t *stranger = engine_open(other, 2, &first);
	assert_ptr_not_equal(one, stranger);
	check_answer(stranger, "www.example.", T_A, ANSWER("9"));

	// As a reload does it: the new instance opens, then the old one closes.
	steer_engine_close(one, &first);
	check_answer(two, "www.example.", T_A, ANSWER("1"));
	steer_engine_close(two, &second);
	check_answer(three, "www.example.", T_A, ANSWER("1"));
	steer_engine_close(stranger, &first);
	change_in_child(dir, do_replace, WWW("2"));
	await_answer(three, "www.example.", T_A, ANSWER("2")); // The refresher still runs.
	steer_engine_close(three, &third);
	steer_engine_close(NULL, NULL);

	steer_engine_t *again = engine_open(dir, 2, &first);
	check_answer(again, "www.example.", T_A, ANSWER("2"));
	steer_engine_close(again, &first);
	free(dir);
	free(link);
	free(other);
	temp_free(temp);
}

static void the_refresher_is_a_thread_of_the_host(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	log_t log = LOG_NEW;
	unsigned begun = atomic_load(&threads_begun), ended = atomic_load(&threads_ended);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	make_store(dir, WWW("1"));
	await_log(&log, "serving"); // The refresher logs it.
	await_gauge(&log, STEER_GAUGE_CHANGE_SET, true);
	steer_engine_close(engine, &log);
	assert_int_equal(log.foreign_calls, 0);
	assert_int_equal(threads_begun, begun + 1);
	assert_int_equal(threads_ended, ended + 1);
	free(dir);
	temp_free(temp);
}

static void messages_go_to_the_last_sink_that_is_open(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	log_t old = LOG_NEW, new = LOG_NEW;
	steer_engine_t *engine = engine_open(dir, 1, &old);
	assert_int_equal(count_log(&old, "<"), 1);
	engine_open(dir, 1, &new);
	steer_engine_close(engine, &old); // The sink is the new one's by now: it stays.
	make_store(dir, WWW("1"));
	await_log(&new, "serving");
	assert_int_equal(count_log(&old, "serving"), 0);
	steer_engine_close(engine, &new);

	// The newest instance goes first, as when a reload fails: the one before has its log again.
	engine = engine_open(dir, 1, &old);
	engine_open(dir, 1, &new);
	steer_engine_close(engine, &new);
	unsigned before = count_log(&new, "<");
	change_in_child(dir, do_damage, "www.example.");
	await_answer(engine, "www.example.", T_A, EDAMAGED);
	assert_int_equal(count_log(&new, "<"), before);
	assert_int_equal(count_log(&old, "asked for www.example."), 1);
	steer_engine_close(engine, &old);
	free(dir);
	temp_free(temp);
}

static void a_store_that_is_replaced_is_picked_up(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	char *next = strdup(path_in(temp, "next")), *old = strdup(path_in(temp, "old"));
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	make_store(next, WWW("2"));
	steer_engine_t *engine = engine_open(dir, 1, &log);
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	assert_int_equal(rename(dir, old), 0);
	assert_int_equal(rename(next, dir), 0);
	await_answer(engine, "www.example.", T_A, ANSWER("2"));
	change_in_child(dir, do_replace, WWW("3"));
	await_answer(engine, "www.example.", T_A, ANSWER("3"));
	change_in_child(old, do_replace, WWW("4")); // Nobody looks at the old one any more.
	sleep_ms(LOOKS_MS);
	check_answer(engine, "www.example.", T_A, ANSWER("3"));
	steer_engine_close(engine, &log);
	free(dir);
	free(next);
	free(old);
	temp_free(temp);
}

static void write_text(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void a_store_that_goes_bad_leaves_the_last_good_snapshot(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	char *next = strdup(path_in(temp, "next")), *old = strdup(path_in(temp, "old"));
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	steer_engine_t *engine = engine_open(dir, 1, &log);

	assert_int_equal(log.gauges[STEER_GAUGE_CHANGE_SET], 1);
	assert_int_equal(log.gauges[STEER_GAUGE_STALE_SINCE], 0);
	uint64_t before = time(NULL);

	assert_int_equal(rename(dir, old), 0);
	await_log(&log, "the last good snapshot is served");
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	uint64_t since = await_gauge(&log, STEER_GAUGE_STALE_SINCE, true);
	assert_in_range(since, before, time(NULL));
	sleep_ms(1100); // It is a point in time, not a duration, and another reason does not change it.

	make_store(next, WWW("2"));
	change_in_child(next, do_replace, WWW("2") "more A 192.0.2.9\n");
	char newer[16];
	sprintf(newer, "%d\n", STEER_STORE_VERSION + 1);
	write_text(path_in(next, "version"), newer);
	assert_int_equal(rename(next, dir), 0);
	await_log(&log, "this program knows 1 to");
	sleep_ms(LOOKS_MS);
	assert_int_equal(count_log(&log, "this program knows 1 to"), 1);
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	assert_int_equal(log.gauges[STEER_GAUGE_STALE_SINCE], since);
	assert_int_equal(log.gauges[STEER_GAUGE_CHANGE_SET], 1);
	log_t later = LOG_NEW;
	engine_open(dir, 1, &later); // A new instance is told the present values.
	assert_int_equal(later.gauges[STEER_GAUGE_STALE_SINCE], since);
	assert_int_equal(later.gauges[STEER_GAUGE_CHANGE_SET], 1);

	sprintf(newer, "%d\n", STEER_STORE_VERSION);
	write_text(path_in(dir, "version"), newer);
	await_answer(engine, "www.example.", T_A, ANSWER("2"));
	await_gauge(&log, STEER_GAUGE_STALE_SINCE, false);
	await_gauge(&later, STEER_GAUGE_STALE_SINCE, false);
	assert_int_equal(log.gauges[STEER_GAUGE_CHANGE_SET], 2);
	assert_int_equal(later.gauges[STEER_GAUGE_CHANGE_SET], 2);
	steer_engine_close(engine, &later);
	change_in_child(dir, do_replace, WWW("3"));
	await_answer(engine, "www.example.", T_A, ANSWER("3"));
	for (unsigned tries = 0; tries < 2000 && log.gauges[STEER_GAUGE_CHANGE_SET] != 3; tries++) {
		sleep_ms(5);
	}
	assert_int_equal(log.gauges[STEER_GAUGE_CHANGE_SET], 3);
	assert_int_equal(later.gauges[STEER_GAUGE_CHANGE_SET], 2);
	steer_engine_close(engine, &log);
	free(dir);
	free(next);
	free(old);
	temp_free(temp);
}

/* Changes by time alone. */

#define UP   ANSWER("1")
#define DOWN ANSWER("2")
#define FAILOVER "example.\n" SOA "www A =failover\nwww A +a health=c 192.0.2.1\n" \
                 "www A +b tier=1 192.0.2.2\n"

/*! Forces "c" down; until_ms: by the boot clock, if the boot is this one. */
static void force_down(const char *dir, uint64_t until_s, int64_t until_ms, bool this_boot)
{
	char text[128];
	steer_now_t now;
	steer_now(&now);
	snprintf(text, sizeof(text), "%lu %lu %lu %lu", now.wall + until_s, now.boot_ms + until_ms,
	         this_boot ? now.boot[0] : ~now.boot[0], now.boot[1]);
	assert_int_equal(change_in_child(dir, do_force, text), 0);
}

static int64_t monotonic_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/*! Whether the refresher waits as long as it should. */
static bool is_calm(void)
{
	enum { WAITS = 6 };
	int64_t begin = monotonic_ms();
	unsigned before = atomic_load(&polls);
	for (unsigned tries = 0; tries < TRIES && atomic_load(&polls) - before <= WAITS; tries++) {
		sleep_ms(5);
	}
	assert_true(atomic_load(&polls) - before > WAITS);
	// Some may be cut.
	return monotonic_ms() - begin >= (WAITS - 2) * atomic_load(&second_ms);
}

/*! Rings that came before may cut waits on a busy machine; what spins is never calm. */
static void check_no_spinning(void)
{
	bool calm = is_calm();
	for (unsigned tries = 0; tries < 10 && !calm; tries++) {
		calm = is_calm();
	}
	assert_true(calm);
}

static void looks_that_fail_when_a_state_has_ended_are_no_spinning(void **state)
{
	(void)state;
	enum { FORCE_S = 3600 };
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, FAILOVER);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	check_answer(engine, "www.example.", T_A, UP);
	force_down(dir, 2 * FORCE_S, FORCE_S * 1000, true);
	await_answer(engine, "www.example.", T_A, DOWN);
	change_in_child(dir, do_spoil_filter, "+");
	await_log(&log, "the filter of hosted zones cannot be read");
	atomic_store(&passed, FORCE_S);

	check_no_spinning();
	check_answer(engine, "www.example.", T_A, DOWN);

	change_in_child(dir, do_spoil_filter, "-");
	await_answer(engine, "www.example.", T_A, UP);
	await_log(&log, "again");
	assert_int_equal(count_log(&log, "following"), 1);
	atomic_store(&passed, 0);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! A force of an earlier boot expires by the wall clock, which is often set after a boot. */
static void a_wall_clock_that_is_set_is_noticed(void **state)
{
	(void)state;
	enum { HOUR = 3600 };
	static const struct {
		const char *what;
		long step;
		const char *want;
	} rows[] = {
		{ "not yet over", HOUR / 2, DOWN },
		{ "forward, over the end", HOUR, UP },
		{ "back: it has not ended after all", -HOUR, DOWN },
		{ "forward again", HOUR, UP },
	};
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, FAILOVER);
	force_down(dir, HOUR, 0, false);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	check_answer(engine, "www.example.", T_A, DOWN);
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("  %s\n", rows[i].what);
		atomic_fetch_add(&wall_step, rows[i].step);
		await_answer(engine, "www.example.", T_A, rows[i].want);
	}
	check_no_spinning();
	atomic_store(&wall_step, 0);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! Writes a heartbeat of so long ago, and "c" as probed down. */
static void beat(const char *dir, int64_t age_ms, bool this_boot)
{
	char text[128];
	steer_now_t now;
	steer_now(&now);
	snprintf(text, sizeof(text), "%lu %lu %lu %lu", now.wall - age_ms / 1000,
	         now.boot_ms - age_ms, this_boot ? now.boot[0] : ~now.boot[0], now.boot[1]);
	assert_int_equal(change_in_child(dir, do_beat, text), 0);
}

static void set_number(const char *dir, unsigned setting, uint32_t number)
{
	char text[64];
	snprintf(text, sizeof(text), "%u %u", setting, number);
	assert_int_equal(change_in_child(dir, do_set, text), 0);
}

static void a_steerd_that_is_silent_is_told_and_counts_as_wanted(void **state)
{
	(void)state; // Rule H13.
	enum { AFTER = 3600, AFTER_MS = AFTER * 1000 };
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, FAILOVER);
	set_number(dir, STEER_SETTING_STALE_AFTER, AFTER);
	beat(dir, 0, true);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	check_answer(engine, "www.example.", T_A, DOWN);
	atomic_fetch_add(&passed, AFTER);
	assert_int_equal(await_gauge(&log, STEER_GAUGE_STEERD_SILENT_SINCE, true) / 1000000000, 1);
	await_log(&log, ", the last states of health checks are kept\n");
	check_no_spinning();
	check_answer(engine, "www.example.", T_A, DOWN);

	set_number(dir, STEER_SETTING_STALE, STEER_STALE_UP);
	await_answer(engine, "www.example.", T_A, UP);
	set_number(dir, STEER_SETTING_STALE, STEER_STALE_KEEP);
	await_answer(engine, "www.example.", T_A, DOWN);
	set_number(dir, STEER_SETTING_STALE, STEER_STALE_UP);
	await_answer(engine, "www.example.", T_A, UP);
	assert_int_equal(count_log(&log, "silent since"), 1);

	beat(dir, 0, true);
	await_answer(engine, "www.example.", T_A, DOWN);
	await_log(&log, "is back");
	await_gauge(&log, STEER_GAUGE_STEERD_SILENT_SINCE, false);
	atomic_fetch_add(&passed, AFTER);
	await_answer(engine, "www.example.", T_A, UP); // By time alone.
	await_log(&log, ", all health checks that it probes count as up\n");
	set_number(dir, STEER_SETTING_STALE_AFTER, 2 * AFTER);
	await_answer(engine, "www.example.", T_A, DOWN);

	beat(dir, 3 * AFTER_MS, false); // By the wall clock.
	await_answer(engine, "www.example.", T_A, UP);
	beat(dir, AFTER_MS, false);
	await_answer(engine, "www.example.", T_A, DOWN);
	await_logs(&log, "silent since", 3); // Answers may change before a line is written.
	await_logs(&log, "is back", 3);
	atomic_store(&passed, 0);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! Replaces the zone by one of some MiB. */
static int do_grow(const char *dir, const char *text)
{
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	char *zone = NULL;
	size_t size;
	FILE *out = open_memstream(&zone, &size);
	fputs(text, out);
	for (unsigned i = 0; i < 200; i++) {
		for (unsigned j = 0; j < 60; j++) {
			fprintf(out, "n%u TXT %0250u\n", i, j);
		}
	}
	fclose(out);
	store_must(store, STEER_ZONE_REPLACE, zone);
	free(zone);
	steer_store_close(store);
	return 0;
}

typedef struct {
	steer_engine_t *engine;
	atomic_bool stop;
	unsigned answers, wrong;
} asker_t;

/*! Asks for what never changes. */
static void *ask_on(void *data)
{
	static const uint8_t name[] = "\x04same\x07""example";
	const steer_question_t question = {
		.name = name, .name_len = sizeof(name), .type = T_A,
	};
	asker_t *picker = data;
	while (!atomic_load(&picker->stop)) {
		char *text = ask_engine(picker->engine, 1, &question);
		picker->answers++;
		picker->wrong += strcmp(text, ANSWER("7")) != 0 && strcmp(text, "error 11\n") != 0;
		free(text);
	}
	return NULL;
}

static asker_t picker;

/*! Cleans up what a failed test may have left. */
static int end_little_space(void **state)
{
	(void)state;
	atomic_store(&picker.stop, true);
	atomic_store(&space, SIZE_MAX / 2);
	return 0;
}

static void a_map_that_was_halved_is_enlarged(void **state)
{
	(void)state;
	enum { MIB = 1 << 20, NARROW = 6 * MIB, WIDE = 32 * MIB };
	char *dir = temp_new();
	log_t log = LOG_NEW;
	pthread_t thread;
	make_store(dir, WWW("1") "same A 192.0.2.7\n");
	size_t before = atomic_load(&space_used);
	atomic_store(&space, before + NARROW);
	steer_engine_t *engine = engine_open(dir, 2, &log);
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	assert_in_range(atomic_load(&space_used) - before, MIB, NARROW);
	picker.engine = engine;
	assert_int_equal(pthread_create(&thread, NULL, ask_on, &picker), 0);

	// If there is no more room, what is served continues to be served.
	change_in_child(dir, do_grow, WWW("2") "same A 192.0.2.7\n");
	await_log(&log, "outgrown the address space");
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	assert_int_equal(count_log(&log, "serving"), 1);

	atomic_store(&space, before + WIDE);
	await_answer(engine, "www.example.", T_A, ANSWER("2"));
	change_in_child(dir, do_replace, WWW("3") "same A 192.0.2.7\n");
	await_answer(engine, "www.example.", T_A, ANSWER("3"));
	atomic_store(&picker.stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(picker.wrong, 0);
	assert_true(picker.answers > 0);
	steer_engine_close(engine, &log);
	assert_int_equal(atomic_load(&space_used), before);
	temp_free(dir);
}

static void maps_that_outgrow_their_address_space_are_followed(void **state)
{
	(void)state;
	enum { MIB = 1 << 20, NARROW = 6 * MIB, WIDE = 64 * MIB };
	static const char *const large[] = { "a 1 32768", "b 1 32768", "c 1 32768", "d 1 32768" };
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	change_in_child(dir, do_put_map, "asn 1 1");
	const size_t before = atomic_load(&space_used);
	atomic_store(&space, before + NARROW);
	steer_engine_t *engine = engine_open(dir, 2, &log);
	for (size_t i = 0; i < COUNT(large); i++) {
		change_in_child(dir, do_put_map, large[i]);
	}
	await_log(&log, "outgrown the address space");
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	assert_int_equal(count_log(&log, "serving"), 1);

	atomic_store(&space, before + WIDE);
	for (unsigned tries = 0; tries < TRIES && count_log(&log, "serving") < 2; tries++) {
		sleep_ms(5);
	}
	change_in_child(dir, do_put_map, "asn 2 1");
	await_log(&log, "map asn of ");
	change_in_child(dir, do_replace, WWW("2"));
	await_answer(engine, "www.example.", T_A, ANSWER("2"));
	steer_engine_close(engine, &log);
	assert_int_equal(atomic_load(&space_used), before);
	temp_free(dir);
}

static void a_damaged_node_costs_its_name_and_one_line(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, "example.\n" SOA "www A 192.0.2.1\nok A 192.0.2.2\nc CNAME www\n");
	change_in_child(dir, do_damage, "www.example.");
	steer_engine_t *engine = engine_open(dir, 1, &log);
	for (unsigned i = 0; i < 3; i++) {
		check_answer(engine, "www.example.", T_A, EDAMAGED);
		check_answer(engine, "ok.example.", T_A, ANSWER("2"));
	}
	assert_int_equal(count_log(&log, "asked for www.example."), 1);
	check_answer(engine, "c.example.", T_A, EDAMAGED);
	check_answer(engine, "c.example.", T_A, EDAMAGED);
	assert_int_equal(count_log(&log, "asked for c.example."), 1);
	assert_int_equal(count_log(&log, "asked for"), 2);

	change_in_child(dir, do_replace, "other.\n" SOA "www A 192.0.2.3\n");
	await_answer(engine, "www.other.", T_A, ANSWER("3"));
	check_answer(engine, "www.example.", T_A, EDAMAGED); // Commits do not repeat the line.
	assert_int_equal(count_log(&log, "asked for"), 2);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

static void a_worker_beyond_the_number_given_gets_an_error_and_one_line(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	steer_engine_t *engine = engine_open(dir, 3, &log);
	for (unsigned thread = 0; thread < 5; thread++) {
		const steer_question_t question = question_of("www.example.", T_A);
		char *text = ask_engine(engine, thread, &question);
		assert_string_equal(text, thread < 3 ? ANSWER("1") : NO_WORKER);
		free(text);
		assert_int_equal(steer_engine_exists(engine, thread, &question),
		                 thread < 3 ? STEER_ENOENT : STEER_EWORKER);
	}
	assert_int_equal(count_log(&log, "worker 3 cannot answer"), 1);
	assert_int_equal(count_log(&log, "cannot answer"), 1);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! Every answer of the engine, cold and cached, must be that of the walk over a model. */
/*! A name that is too long to be counted as an ancestor of hosted zones. */
#define LONG_NAME "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz01234567890."

static void the_engine_answers_as_the_walk_does(void **state)
{
	(void)state;
	static const char *const zones[] = {
		"a.\n" SOA "@ NS ns\nns A 192.0.2.1\nb NS ns.b\nb DS 1 8 2 00\nns.b A 192.0.2.2\n"
		"*.w A 192.0.2.3\nx.w TXT x\nc CNAME y.w\nd DNAME w.a.\nmx MX 1 ns\ncut NS x.cut\n"
		"x.cut A 192.0.2.4\n",
		"b.a.\n" SOA "www A 192.0.2.5\nc CNAME ns.a.\n",
		"y." LONG_NAME "\n" SOA,
		NULL
	};
	static const char *const names[] = {
		".", "a.", "ns.a.", "b.a.", "www.b.a.", "ns.b.a.", "c.b.a.", "no.b.a.", "w.a.", "x.w.a.",
		"y.w.a.", "z.y.w.a.", "*.w.a.", "c.a.", "d.a.", "y.d.a.", "mx.a.", "cut.a.", "z.cut.a.",
		"no.a.", "z.no.a.", "other.", "z.other.", "aa.", LONG_NAME, ("ns.y." LONG_NAME),
	};
	static const uint16_t types[] = { T_A, T_NS, T_DS, T_MX, T_CNAME, T_TXT, T_ANY, 65400 };
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, zones[0]);
	change_in_child(dir, do_replace, zones[1]);
	change_in_child(dir, do_replace, zones[2]);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	model_t model;
	model_make(&model, zones);
	unsigned asked = 0, ours = 0;
	for (size_t i = 0; i < 2 * COUNT(names) * COUNT(types); i++) {
		const uint8_t *name = name_of(names[i / 2 / COUNT(types)]);
		steer_question_t question = {
			.name = name, .name_len = steer_name_len(name), .type = types[i / 2 % COUNT(types)],
			.host_only = i % 2, .zone = host_zone,
		};
		int labels = steer_name_labels(name);
		for (int zone = question.host_only ? 0 : STEER_NO_ZONE; zone <= labels; zone++) {
			host_t host = { .name = name, .labels = zone };
			question.host = &host;
			question.host_zone = STEER_ZONE_UNSOUGHT;
			world_t world = { .model = &model };
			char *want = ask(&world, &question, ROOMY, world_maybe_apex);
			for (unsigned again = 0; again < 4; again++) {
				question.host_zone = again < 2 ? STEER_ZONE_UNSOUGHT : zone_len(&host);
				char *text = ask_engine(engine, 0, &question);
				if (strcmp(text, want) != 0) {
					fail_msg("%s type %u host %d only %u: %s\nwant: %s",
					         names[i / 2 / COUNT(types)],
					         question.type, zone, question.host_only, text, want);
				}
				free(text);
			}
			asked++;
			ours += strcmp(want, NOT_OURS) != 0;
			free(want);
		}
	}
	print_message("  %u questions, %u ours\n", asked, ours);
	assert_true(ours > asked / 4 && ours < asked);
	model_free(&model);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/* Several workers ask while commits come. */

enum { WORKERS = 3, COMMITS = 30 };

typedef struct {
	steer_engine_t *engine;
	unsigned thread;
	atomic_bool *stop;
	unsigned answers, versions, torn;
	atomic_int last; /*!< Version. */
} worker_t;

/*! Takes the version from all RRs of one answer: they must agree. */
typedef struct {
	int version;
	unsigned rrs;
	bool torn;
} version_t;

static int version_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset,
                       bool optional)
{
	(void)section;
	(void)optional;
	version_t *version = ctx;
	const uint8_t *at = rrset->parts->rrs, *rdata;
	uint16_t len;
	while ((rdata = steer_rr_next(&at, rrset->parts->rrs + rrset->parts->len, &len)) != NULL) {
		// Preference; last byte of the address.
		int now = rrset->type == T_MX ? rdata[1] : rdata[3];
		version->torn = version->torn || (version->rrs > 0 && now != version->version);
		version->version = now;
		version->rrs++;
	}
	return STEER_OK;
}

static void *work(void *data)
{
	worker_t *worker = data;
	static const uint8_t name[] = "\x02mx\x07""example";
	const steer_question_t question = {
		.name = name, .name_len = sizeof(name), .type = T_MX,
	};
	int last = -1;
	while (!atomic_load(worker->stop)) {
		version_t version = { 0 };
		const steer_sink_t sink = { .put = version_put, .ctx = &version, .room = STEER_WIRE_MAX };
		steer_outcome_t outcome;
		int ret = steer_engine_answer(worker->engine, worker->thread, &question, &sink, &outcome);
		worker->answers++;
		worker->torn += ret != STEER_OK || version.torn || version.rrs != 3 ||
		                version.version < last; // Nor may it go backwards.
		worker->versions += version.version != last;
		last = version.version;
		atomic_store(&worker->last, last);
	}
	return NULL;
}

static int do_commits(const char *dir, const char *text)
{
	(void)text;
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	for (unsigned i = 1; i <= COMMITS; i++) {
		char zone[256];
		sprintf(zone, "example.\n" SOA "mx MX %u a\nmx MX %u b\na A 192.0.2.%u\n", i, i, i);
		store_must(store, STEER_ZONE_REPLACE, zone);
		sleep_ms(30);
	}
	steer_store_close(store);
	return 0;
}

static void no_answer_mixes_two_commits(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, "example.\n" SOA "mx MX 0 a\nmx MX 0 b\na A 192.0.2.0\n");
	steer_engine_t *engine = engine_open(dir, WORKERS, &log);
	atomic_bool stop = false;
	worker_t workers[WORKERS];
	pthread_t threads[WORKERS];
	for (unsigned i = 0; i < WORKERS; i++) {
		workers[i] = (worker_t) { .engine = engine, .thread = i, .stop = &stop };
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	assert_int_equal(change_in_child(dir, do_commits, NULL), 0);
	for (unsigned i = 0; i < WORKERS; i++) {
		for (unsigned tries = 0; tries < TRIES &&
		     atomic_load(&workers[i].last) != COMMITS; tries++) {
			sleep_ms(5);
		}
	}
	atomic_store(&stop, true);
	for (unsigned i = 0; i < WORKERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(workers[i].last, COMMITS);
		print_message("  worker %u: %u answers, %u versions\n", i, workers[i].answers,
		              workers[i].versions);
		assert_int_equal(workers[i].torn, 0);
		assert_in_range(workers[i].versions, 1, COMMITS + 1);
	}
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/* What a worker caches across commits. */

enum { STEPS = 40, STEP_NAMES = 150 };

/*! The zone of a step: some names come, go and change with each; it fills many pages. */
static void step_zone(unsigned step, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");
	fprintf(out, "example.\n@ SOA ns hm %u 2 3 4 5\n@ NS ns\nv A 192.0.2.%u\n", step + 1, step);
	fprintf(out, "*.w A 192.0.2.1\n%s", step % 3 == 0 ? "y.w TXT x\n" : "");
	fprintf(out, "n5.sub A 192.0.2.1\nz.sub A 192.0.2.1\n");
	for (unsigned i = 0; i < 100; i++) { // So that what depends on another node is on another page.
		fprintf(out, "!%u.w A 192.0.2.2\nm%u.w A 192.0.2.2\n", i, i);
		fprintf(out, "o%u.sub A 192.0.2.2\nzz%u.sub A 192.0.2.2\n", i, i);
	}
	for (unsigned i = 0; i < STEP_NAMES; i++) {
		if ((i + step) % 37 != 0) {
			fprintf(out, "n%u A 192.0.2.%u\n", i, (i + step * 11) / STEP_NAMES % 250);
		}
	}
	for (unsigned i = 0; i < 40; i++) { // A node that has pages of its own.
		fprintf(out, "big TXT %0200u\n", i + (i == 39 ? step / 4 : 0));
	}
	fclose(out);
}

static bool has_sub(unsigned step)
{
	return step / 5 % 2 == 1;
}

#define SUB "sub.example.\n" SOA "n5 A 192.0.2.9\n"

static int do_step(const char *dir, const char *number)
{
	static char zone[65536];
	unsigned step = strtoul(number, NULL, 10);
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	if (step > 0 && has_sub(step) != has_sub(step - 1)) {
		store_must(store, has_sub(step) ? STEER_ZONE_CREATE : STEER_ZONE_DELETE,
		           has_sub(step) ? SUB : "sub.example.\n");
	}
	step_zone(step, zone, sizeof(zone));
	store_must(store, STEER_ZONE_REPLACE, zone);
	steer_store_close(store);
	return 0;
}

static void check_name(steer_engine_t *engine, const model_t *model, const char *text,
                       uint16_t type)
{
	const steer_question_t question = question_of(text, type);
	world_t world = { .model = model };
	char *want = ask(&world, &question, ROOMY, world_maybe_apex);
	char *got = ask_engine(engine, 0, &question);
	if (strcmp(got, want) != 0) {
		fail_msg("%s type %u: %s\nwant: %s", text, type, got, want);
	}
	free(got);
	free(want);
}

static void check_step(steer_engine_t *engine, unsigned step)
{
	static const char *const others[] = {
		"y.w.example.", "z.w.example.", "n5.sub.example.", "n6.sub.example.", "z.sub.example.",
		"example.",
	};
	static char zone[65536];
	const char *const zones[] = { zone, has_sub(step) ? SUB : NULL, NULL };
	model_t model;
	step_zone(step, zone, sizeof(zone));
	model_make(&model, zones);
	for (unsigned i = 0; i < STEP_NAMES; i++) {
		char name[32];
		sprintf(name, "n%u.example.", i);
		check_name(engine, &model, name, T_A);
	}
	for (unsigned i = 0; i < COUNT(others); i++) {
		check_name(engine, &model, others[i], T_A);
	}
	check_name(engine, &model, "big.example.", T_TXT);
	model_free(&model);
}

static void what_is_remembered_is_right_after_any_commit(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, NULL);
	change_in_child(dir, do_step, "0");
	steer_engine_t *engine = engine_open(dir, 1, &log);
	for (unsigned step = 0; step < STEPS; step++) {
		char number[8], answer[64];
		sprintf(number, "%u", step);
		sprintf(answer, "POSITIVE 0 AA\nAN = 300 A 192.0.2.%u\n", step);
		change_in_child(dir, do_step, number);
		await_answer(engine, "v.example.", T_A, answer);
		check_step(engine, step);
	}
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! Another name that is cached in the same place as "a.far.". */
static void find_rival(char *text)
{
	uint64_t place = UINT64_MAX;
	steer_key_t key;
	strcpy(text, "a.far.");
	for (unsigned i = 0;; i++) {
		steer_key_from_name(&key, name_of(text));
		uint64_t other = steer_name_hash(key.bytes, key.len) % STEER_CACHE_TARGETS;
		if (other == place) {
			return;
		}
		place = i == 0 ? other : place;
		sprintf(text, "b%u.far.", i);
	}
}

static void cached_targets_are_told_apart_and_followed(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	char rival[32], zone[256], text[64];
	find_rival(rival);
	snprintf(zone, sizeof(zone), "example.\n" SOA "a A + alias=a.far.\nb A + alias=%s\n", rival);
	make_store(dir, zone);
	assert_int_equal(change_in_child(dir, do_resolve, "a.far. 1"), 0);
	snprintf(text, sizeof(text), "%s 2", rival);
	assert_int_equal(change_in_child(dir, do_resolve, text), 0);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	for (unsigned i = 0; i < 2; i++) {
		check_answer(engine, "b.example.", T_A, ANSWER("2"));
		check_answer(engine, "a.example.", T_A, ANSWER("1"));
		check_answer(engine, "a.example.", T_A, ANSWER("1"));
	}
	assert_int_equal(change_in_child(dir, do_resolve, "a.far. 3"), 0);
	await_answer(engine, "a.example.", T_A, ANSWER("3"));
	check_answer(engine, "b.example.", T_A, ANSWER("2"));
	assert_int_equal(change_in_child(dir, do_replace, "a.far.\n" SOA "@ A 192.0.2.4\n"), 0);
	await_answer(engine, "a.example.", T_A, ANSWER("4")); // It is hosted now.
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! A zone between "example." and "zz.", so large that no page has nodes of both. */
static int do_part(const char *dir, const char *text)
{
	(void)text;
	static char zone[65536];
	FILE *out = fmemopen(zone, sizeof(zone), "w");
	fputs("mm.\n" SOA, out);
	for (unsigned i = 0; i < 400; i++) {
		fprintf(out, "n%u A 192.0.2.1\n", i);
	}
	fclose(out);
	return do_replace(dir, zone);
}

/*! Where an alias leads is remembered, and each way in which that can change is seen. */
static void where_aliases_lead_is_followed(void **state)
{
	(void)state;
#define ZZ   "zz.\n" SOA
#define UV   "u A 192.0.2.1\nv A 192.0.2.2\n"
#define NONE "NODATA 0 AA\nAU? example. 5 SOA ns.example. hm.example. 1 2 3 4 5\n"
	static const struct {
		const char *what, *target, *zone, *before;
		change_f change;
		const char *changed, *after;
	} rows[] = {
		{ "other values", "t.zz.", ZZ "t A 192.0.2.1\n", ANSWER("1"),
		  do_replace, ZZ "t A 192.0.2.2\n", ANSWER("2") },
		{ "a CNAME instead", "t.zz.", ZZ "t A 192.0.2.1\nu A 192.0.2.2\n", ANSWER("1"),
		  do_replace, ZZ "t CNAME u\nu A 192.0.2.2\n", ANSWER("2") },
		{ "another target of the CNAME", "t.zz.", ZZ "t CNAME u\n" UV, ANSWER("1"),
		  do_replace, ZZ "t CNAME v\n" UV, ANSWER("2") },
		{ "another target of the DNAME", "u.d.zz.", ZZ "d DNAME e\nu.e A 192.0.2.1\n", ANSWER("1"),
		  do_replace, ZZ "d DNAME f\nu.f A 192.0.2.2\n", ANSWER("2") },
		{ "a name before a wildcard", "t.w.zz.", ZZ "*.w A 192.0.2.1\n", ANSWER("1"),
		  do_replace, ZZ "*.w A 192.0.2.1\nt.w A 192.0.2.2\n", ANSWER("2") },
		{ "a name above, which hides a wildcard", "t.u.w.zz.", ZZ "*.w A 192.0.2.1\n", ANSWER("1"),
		  do_replace, ZZ "*.w A 192.0.2.1\nu.w TXT x\n", NONE },
		{ "another type", "t.zz.", ZZ "t TXT x\n", NONE,
		  do_replace, ZZ "t A 192.0.2.2\n", ANSWER("2") },
		{ "a new name", "t.zz.", ZZ, NONE, do_replace, ZZ "t A 192.0.2.2\n", ANSWER("2") },
		{ "a name less", "t.zz.", ZZ "t A 192.0.2.2\n", ANSWER("2"), do_replace, ZZ, NONE },
		{ "a policy", "t.zz.", ZZ "t A =up,take1\nt A +a 192.0.2.1\nt A +b 192.0.2.2\n",
		  ANSWER("1"), do_replace, ZZ "t A =up,take1\nt A +b 192.0.2.2\nt A +c 192.0.2.3\n",
		  ANSWER("2") },
		{ "another alias", "t.zz.", ZZ "t A + alias=u\n" UV, ANSWER("1"),
		  do_replace, ZZ "t A + alias=v\n" UV, ANSWER("2") },
		{ "a zone below", "t.sub.zz.", ZZ "t.sub A 192.0.2.1\n", ANSWER("1"),
		  do_replace, "sub.zz.\n" SOA "t A 192.0.2.2\n", ANSWER("2") },
		{ "a zone less", "t.zz.", ZZ "t A 192.0.2.1\n", ANSWER("1"),
		  do_delete, "zz.\n", "error 13\n" },
		{ "a zone more", "t.zz.", NULL, "error 13\n",
		  do_replace, ZZ "t A 192.0.2.2\n", ANSWER("2") },
		{ "an overlay", "t.zz.", NULL, "error 13\n",
		  do_replace_overlay, "zz.\nt A 192.0.2.2\n", ANSWER("2") },
		{ "a delegation above", "t.sub.zz.", ZZ "t.sub A 192.0.2.1\n", ANSWER("1"),
		  do_replace, ZZ "sub NS ns\nt.sub A 192.0.2.1\n", "error 13\n" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("  %s\n", rows[i].what);
		char *dir = temp_new(), zone[256];
		log_t log = LOG_NEW;
		snprintf(zone, sizeof(zone), "example.\n" SOA "a A + alias=%s\n", rows[i].target);
		make_store(dir, zone);
		assert_int_equal(change_in_child(dir, do_part, NULL), 0);
		if (rows[i].zone != NULL) {
			assert_int_equal(change_in_child(dir, do_replace, rows[i].zone), 0);
		}
		steer_engine_t *engine = engine_open(dir, 1, &log);
		check_answer(engine, "a.example.", T_A, rows[i].before);
		check_answer(engine, "a.example.", T_A, rows[i].before);
		assert_int_equal(change_in_child(dir, rows[i].change, rows[i].changed), 0);
		await_answer(engine, "a.example.", T_A, rows[i].after);
		check_answer(engine, "a.example.", T_A, rows[i].after);
		steer_engine_close(engine, &log);
		temp_free(dir);
	}
#undef ZZ
#undef UV
#undef NONE
}

/*!
 * A zone "example." so large that its apex and "z" are on different pages.
 *
 * \param[in] records  Its serial, one digit, and those it has besides.
 */
static char *wide_zone(const char *records)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fprintf(out, "example.\n@ SOA ns hm %c 2 3 4 5\n%s", records[0], records + 1);
	for (unsigned i = 0; i < 400; i++) {
		fprintf(out, "n%u A 192.0.2.1\n", i);
	}
	fclose(out);
	return text;
}

static int do_replace_wide(const char *dir, const char *records)
{
	char *zone = wide_zone(records);
	int ret = do_replace(dir, zone);
	free(zone);
	return ret;
}

/*! What the wide zone and another one hold; NULL: the zone is not there. */
typedef struct {
	const char *records, *other;
} wide_t;

/*! Brings a store from one content to another. */
static void change_wide(const char *dir, const wide_t *before, const wide_t *after)
{
	if (after->other != NULL) {
		assert_int_equal(change_in_child(dir, do_replace, after->other), 0);
	} else if (before->other != NULL) {
		assert_int_equal(change_in_child(dir, do_delete, "z.example.\n"), 0);
	}
	assert_int_equal(change_in_child(dir, after->records != NULL ? do_replace_wide : do_delete,
	                                 after->records != NULL ? after->records : "example.\n"), 0);
}

/*! Awaits the answer of the walk over a model of the zones, which is then asked for again. */
static void await_walked(steer_engine_t *engine, const wide_t *wide, const char *name)
{
	char *zone = wide->records != NULL ? wide_zone(wide->records) : NULL;
	const char *const zones[] = {
		zone != NULL ? zone : wide->other, zone != NULL ? wide->other : NULL, NULL,
	};
	const steer_question_t question = question_of(name, T_A);
	model_t model;
	model_make(&model, zones);
	world_t world = { .model = &model };
	char *want = ask(&world, &question, ROOMY, world_maybe_apex);
	await_answer(engine, name, T_A, want);
	check_answer(engine, name, T_A, want);
	model_free(&model);
	free(want);
	free(zone);
}

/*! That there is nothing is remembered, and each way in which that can change is seen. */
static void negative_answers_are_followed(void **state)
{
	(void)state;
#define INNER "z.example.\n@ SOA ns hm 9 2 3 4 5\n"
#define OTHER "other.\n" SOA
	static const struct {
		const char *what, *name;
		wide_t before, after;
	} rows[] = {
		{ "a type more", "z.example.", { "1z TXT x\n", NULL },
		  { "2z TXT x\nz A 192.0.2.2\n", NULL } },
		{ "a type less", "z.example.", { "1z TXT x\nz A 192.0.2.2\n", NULL },
		  { "2z TXT x\n", NULL } },
		{ "another SOA", "z.example.", { "1z TXT x\n", NULL }, { "2z TXT x\n", NULL } },
		{ "another SOA, no name", "z.example.", { "1", NULL }, { "2", NULL } },
		{ "a name less", "z.example.", { "1z TXT x\n", NULL }, { "2", NULL } },
		{ "a new name", "z.example.", { "1", NULL }, { "2z TXT x\n", NULL } },
		{ "a new name with the type", "z.example.", { "1", NULL }, { "2z A 192.0.2.2\n", NULL } },
		{ "a new name below", "z.example.", { "1", NULL }, { "2a.z TXT x\n", NULL } },
		{ "a name less below", "z.example.", { "1a.z TXT x\n", NULL }, { "2", NULL } },
		{ "a wildcard", "z.example.", { "1", NULL }, { "2* A 192.0.2.2\n", NULL } },
		{ "a wildcard further down", "b.a.z.example.", { "1z TXT x\n", NULL },
		  { "2z TXT x\n*.z A 192.0.2.2\n", NULL } },
		{ "a wildcard less", "a.z.example.", { "1*.z TXT x\n", NULL }, { "2z TXT x\n", NULL } },
		{ "a type more at the wildcard", "a.z.example.", { "1*.z TXT x\n", NULL },
		  { "2*.z TXT x\n*.z A 192.0.2.2\n", NULL } },
		{ "a type less at the wildcard", "a.z.example.", { "1*.z TXT x\n*.z A 192.0.2.2\n", NULL },
		  { "2*.z TXT x\n", NULL } },
		{ "a name that hides the wildcard", "b.a.z.example.", { "1*.z A 192.0.2.2\n", NULL },
		  { "2*.z A 192.0.2.2\na.z TXT x\n", NULL } },
		{ "a CNAME", "z.example.", { "1z TXT x\n", NULL },
		  { "2z CNAME zz\nzz A 192.0.2.2\n", NULL } },
		{ "a DNAME above", "a.z.example.", { "1", NULL },
		  { "2z DNAME zz\na.zz A 192.0.2.2\n", NULL } },
		{ "a delegation", "z.example.", { "1z TXT x\n", NULL }, { "2z NS ns\n", NULL } },
		{ "a delegation above", "a.z.example.", { "1a.z TXT x\n", NULL },
		  { "2z NS ns\na.z TXT x\n", NULL } },
		{ "a zone", "z.example.", { "1z TXT x\n", NULL },
		  { "1z TXT x\n", INNER "@ A 192.0.2.2\n" } },
		{ "a zone between", "a.z.example.", { "1a.z TXT x\n", NULL }, { "1a.z TXT x\n", INNER } },
		{ "a zone between, no name", "a.z.example.", { "1", NULL }, { "1", INNER } },
		{ "a zone less between", "a.z.example.", { "1a.z TXT x\n", INNER "a MX 1 a\n" },
		  { "1a.z TXT x\n", NULL } },
		{ "a zone less", "z.example.", { "1z TXT x\n", OTHER }, { NULL, OTHER } },
		{ "a zone less around another", "a.z.example.", { "1", INNER }, { NULL, INNER } },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("  %s\n", rows[i].what);
		char *dir = temp_new();
		log_t log = LOG_NEW;
		make_store(dir, NULL);
		change_wide(dir, &(wide_t) { NULL, NULL }, &rows[i].before);
		steer_engine_t *engine = engine_open(dir, 1, &log);
		await_walked(engine, &rows[i].before, rows[i].name);
		change_wide(dir, &rows[i].before, &rows[i].after);
		await_walked(engine, &rows[i].after, rows[i].name);
		steer_engine_close(engine, &log);
		temp_free(dir);
	}
#undef OTHER
#undef INNER
}

/*! Whether the engine's worker has the question cached. */
static bool is_remembered(steer_engine_t *engine, const char *name, uint16_t type)
{
	const steer_question_t question = question_of(name, type);
	const steer_snapshot_t *snapshot = engine->live;
	steer_query_context_t context = {
		.worker = engine->workers[0], .snapshot = snapshot, .host_zone = STEER_NO_ZONE,
	};
	return steer_cache_find(&context, &question,
	                        steer_name_hash(question.name, question.name_len)) != NULL;
}

/*! Whether the engine's worker knows the answer by that for another name. */
static bool is_known_by_another(steer_engine_t *engine, const char *name, uint16_t type)
{
	const steer_question_t question = question_of(name, type);
	const steer_query_context_t context = {
		.worker = engine->workers[0], .snapshot = engine->live, .host_zone = STEER_NO_ZONE,
	};
	return steer_cache_find_below(&context, &question,
	                              steer_name_hash(question.name, question.name_len)) != NULL;
}

static void what_answers_one_name_answers_others_beside_it(void **state)
{
	(void)state;
	static const char *const zones[] = {
		"example.\n" SOA "*.m A 192.0.2.2\nx.m TXT x\nleaf TXT x\n"
		"*.y A 192.0.2.3\n*.z A 192.0.2.4\ncut NS ns\n",
		"deep.z.example.\n" SOA "a A 192.0.2.5\n", NULL,
	};
	static const struct {
		const char *asked, *name;
		bool known;
	} rows[] = {
		{ "a.v.example.", "b.v.example.", false }, // The encloser is the apex, which has names.
		{ "a.m.example.", "b.m.example.", false },
		{ "a.y.example.", "b.y.example.", true },
		{ "a.y.example.", "c.b.y.example.", true },
		{ "a.y.example.", "*.y.example.", false },
		{ "a.y.example.", "c.*.y.example.", false },
		{ "a.y.example.", "y.example.", false },
		{ "a.y.example.", "b.yy.example.", false },
		{ "a.z.example.", "b.z.example.", false }, // A hosted zone is below.
		{ "a.z.example.", "deep.z.example.", false },
		{ "a.z.example.", "a.deep.z.example.", false },
		{ "a.leaf.example.", "ns.leaf.example.", true },
		{ "a.leaf.example.", "c.b.leaf.example.", true },
		{ "a.leaf.example.", "leaf.example.", false },
		{ "a.cut.example.", "b.cut.example.", false },
		{ "b.deep.z.example.", "c.deep.z.example.", false },
		{ "b.a.deep.z.example.", "c.a.deep.z.example.", true },
	};
	static const uint16_t types[] = { T_A, T_TXT, T_DS, T_ANY };
	char *dir = temp_new();
	log_t log = LOG_NEW;
	model_t model;
	make_store(dir, zones[0]);
	change_in_child(dir, do_replace, zones[1]);
	model_make(&model, zones);
	for (size_t i = 0; i < COUNT(rows) * COUNT(types); i++) {
		uint16_t type = types[i % COUNT(types)];
		const char *asked = rows[i / COUNT(types)].asked, *name = rows[i / COUNT(types)].name;
		bool known = rows[i / COUNT(types)].known && type != T_DS;
		steer_engine_t *engine = engine_open(dir, 1, &log);
		check_name(engine, &model, asked, type);
		if (is_known_by_another(engine, name, type) != known) {
			fail_msg("%s type %u after %s", name, type, asked);
		}
		check_name(engine, &model, name, type);
		check_name(engine, &model, name, type);
		steer_engine_close(engine, &log);
	}
	model_free(&model);
	temp_free(dir);
}

/*! Writes the next name below "example." whose questions have the pair that is given. */
static unsigned find_in_pair(char *name, size_t size, unsigned from, size_t pair)
{
	for (unsigned i = from;; i++) {
		snprintf(name, size, "p%u.example.", i);
		const steer_question_t question = question_of(name, T_A);
		uint64_t hash = steer_name_hash(question.name, question.name_len);
		if ((hash + T_A * 2) % STEER_CACHE_QUESTIONS / 2 == pair) {
			return i + 1;
		}
	}
}

/*! Three names whose questions belong into one pair: the last two asked for are remembered. */
static void two_of_a_pair_are_remembered(void **state)
{
	(void)state;
	enum { NAMES = 6 };
	char *dir = temp_new(), zone[256], name[NAMES][32];
	log_t log = LOG_NEW;
	size_t len = sprintf(zone, "example.\n" SOA);
	unsigned next = 0;
	for (unsigned i = 0; i < NAMES; i++) {
		next = find_in_pair(name[i], sizeof(name[i]), next, 7);
		len += sprintf(zone + len, "%s A 192.0.2.1\n", name[i]);
	}
	make_store(dir, zone);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	for (unsigned i = 0; i + 2 < NAMES; i++) {
		for (unsigned round = 0; round < 3; round++) {
			for (unsigned k = round > 0; k < 3; k++) {
				check_answer(engine, name[i + k], T_A, ANSWER("1"));
			}
		}
		assert_true(is_remembered(engine, name[i + 1], T_A));
		assert_true(is_remembered(engine, name[i + 2], T_A));
	}
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! Made-up names fill the table of their answers, and no other. */
static void a_flood_of_names_evicts_no_records(void **state)
{
	(void)state;
	enum { HOT = 200, FLOOD = 20 * STEER_CACHE_OTHERS };
	char *dir = temp_new(), name[32];
	log_t log = LOG_NEW;
	make_store(dir, NULL);
	assert_int_equal(change_in_child(dir, do_replace_wide, "1*.w A 192.0.2.2\n"), 0);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	for (unsigned i = 0; i < HOT; i++) {
		snprintf(name, sizeof(name), "n%u.example.", i);
		check_answer(engine, name, T_A, ANSWER("1"));
	}
	for (unsigned i = 0; i < FLOOD; i++) {
		snprintf(name, sizeof(name), "x%u.%sexample.", i, i % 2 ? "w." : "");
		check_answer(engine, name, T_A, i % 2 ? ANSWER("2") : "NXDOMAIN 3 AA\n"
		             "AU? example. 5 SOA ns.example. hm.example. 1 2 3 4 5\n");
		assert_true(is_remembered(engine, name, T_A));
	}
	for (unsigned i = 0; i < STEER_CACHE_OTHERS; i++) {
		assert_non_null(engine->workers[0]->cache.others[i].found.at);
	}
	for (unsigned i = 0; i < HOT; i++) {
		snprintf(name, sizeof(name), "n%u.example.", i);
		assert_true(is_remembered(engine, name, T_A));
	}
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! The target of a CNAME is one name, from which each type leads elsewhere. */
static void a_target_leads_elsewhere_by_type(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, "example.\n" SOA "a A + alias=t\na AAAA + alias=t\nt CNAME u\n"
	                "u A 192.0.2.1\n");
	steer_engine_t *engine = engine_open(dir, 1, &log);
	for (unsigned i = 0; i < 2; i++) {
		check_answer(engine, "a.example.", T_A, ANSWER("1"));
		check_answer(engine, "a.example.", T_AAAA, "NODATA 0 AA\nAU? example. 5 SOA "
		             "ns.example. hm.example. 1 2 3 4 5\n");
	}
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! LMDB writes to pages again that commits have freed, so another name comes to lie in a place. */
static void a_place_that_is_written_again_is_another_name(void **state)
{
	(void)state;
	char *dir = temp_new(), zone[1024], want[64];
	log_t log = LOG_NEW;
	make_store(dir, "example.\n" SOA "a A 192.0.2.0\n");
	assert_int_equal(change_in_child(dir, do_part, NULL), 0);
	size_t len = sprintf(zone, "zz.\n" SOA);
	for (unsigned i = 10; i < 30; i++) {
		len += sprintf(zone + len, "t%u A 192.0.2.%u\n", i, i);
	}
	assert_int_equal(change_in_child(dir, do_replace, zone), 0);
	steer_engine_t *engine = engine_open(dir, 1, &log);
	for (unsigned i = 10; i < 30; i++) {
		sprintf(zone, "example.\n" SOA "a A + alias=t%u.zz.\n", i);
		assert_int_equal(change_in_child(dir, do_replace, zone), 0);
		sprintf(want, "POSITIVE 0 AA\nAN = 300 A 192.0.2.%u\n", i);
		await_answer(engine, "a.example.", T_A, want);
	}
	steer_engine_close(engine, &log);
	temp_free(dir);
}

/*! Commits until there is a file "enough". */
static int do_many_commits(const char *dir, const char *text)
{
	(void)text;
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	for (unsigned i = 0; i < 100000 && access(path_in(dir, "enough"), F_OK) != 0; i++) {
		char zone[64];
		sprintf(zone, "example.\n" SOA "www A 192.0.2.%u\n", i % 250);
		store_must(store, STEER_ZONE_REPLACE, zone);
	}
	steer_store_close(store);
	return 0;
}

/*! All readers of a snapshot must be at the same commit. */
static void check_snapshot(const steer_source_t *source)
{
	const steer_snapshot_t *snapshot = &source->bank[source->live];
	uint64_t first = 0;
	for (unsigned i = 0; i < source->threads; i++) {
		const void *value;
		size_t len;
		uint64_t sequence;
		assert_int_equal(steer_reader_get(snapshot->readers[i], STEER_DB_META, STEER_META_SEQUENCE,
		                                  strlen(STEER_META_SEQUENCE), &value, &len), STEER_OK);
		assert_int_equal(len, sizeof(sequence));
		memcpy(&sequence, value, sizeof(sequence));
		first = i == 0 ? sequence : first;
		assert_true(sequence == first);
	}
}

static void a_damaged_filter_denies_no_zone(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	steer_engine_t *engine = engine_open(dir, 1, &log);
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	change_in_child(dir, do_damage_filter, NULL);
	await_log(&log, "damaged pages in the filter of hosted zones: 2");
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	change_in_child(dir, do_replace, WWW("2"));
	await_answer(engine, "www.example.", T_A, ANSWER("2"));
	assert_int_equal(count_log(&log, "damaged pages"), 1);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

static void a_filter_is_taken_anew_only_when_it_has_changed(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		bool same;
	} rows[] = {
		{ WWW("2"), true }, { "other.\n" SOA, false }, { WWW("3"), true }, { WWW("4"), true },
		{ "third.\n" SOA, false }, { "fourth.\n" SOA, false },
	};
	char *dir = temp_new();
	make_store(dir, WWW("1"));
	steer_source_t *source = NULL;
	steer_fault_t fault;
	must(steer_source_open(&source, dir, 1, &fault), &fault);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const uint8_t **before = source->bank[source->live].apexes.pages;
		const uint8_t *page = before[0];
		bool taken;
		change_in_child(dir, do_replace, rows[i].zone);
		must(steer_source_refresh(source, &taken, &fault), &fault);
		assert_true(taken);
		const steer_snapshot_t *live = &source->bank[source->live];
		assert_int_equal(live->apexes.pages == before, rows[i].same);
		assert_ptr_equal(before[0], page); // Workers may still be in the snapshot before.
		steer_source_release(source);
	}
	steer_source_close(source);
	temp_free(dir);
}

static void a_heartbeat_leaves_what_workers_remember(void **state)
{
	(void)state;
	char *dir = temp_new();
	make_store(dir, FAILOVER);
	beat(dir, 0, true);
	steer_source_t *source = NULL;
	steer_fault_t fault;
	must(steer_source_open(&source, dir, 1, &fault), &fault);
	for (unsigned i = 0; i < 4; i++) { // Both banks.
		const steer_snapshot_t before = source->bank[source->live];
		bool records = i % 2 == 1, taken;
		if (records) {
			change_in_child(dir, do_replace, i == 1 ? FAILOVER "a A 192.0.2.1\n" : FAILOVER);
		}
		beat(dir, 0, true);
		must(steer_source_refresh(source, &taken, &fault), &fault);
		assert_true(taken);
		const steer_snapshot_t *live = &source->bank[source->live];
		assert_true(live->status_id > before.status_id);
		assert_int_equal(live->serial != before.serial, records);
		assert_true(live->since == before.since);
		assert_ptr_equal(live->marks, &source->marks);
		steer_source_release(source);
	}
	steer_source_close(source);
	temp_free(dir);
}

static void a_snapshot_is_of_one_commit_for_all_workers(void **state)
{
	(void)state;
	enum { READERS = 1000 }; // Many, so that commits fall between the first and the last.
	char *dir = temp_new();
	make_store(dir, WWW("1"));
	change_begin(dir, do_many_commits, NULL);
	steer_source_t *source = NULL;
	steer_fault_t fault;
	must(steer_source_open(&source, dir, READERS, &fault), &fault);
	check_snapshot(source);
	unsigned snapshots = 0;
	int result = -1;
	while (!change_ended(false, &result)) {
		if (snapshots == 20) {
			write_text(path_in(dir, "enough"), "");
		}
		bool taken;
		must(steer_source_refresh(source, &taken, &fault), &fault);
		if (taken) {
			check_snapshot(source);
			steer_source_release(source);
			snapshots++;
		}
	}
	assert_int_equal(result, 0);
	assert_true(snapshots >= 20);
	steer_source_close(source);
	temp_free(dir);
}

static void changes_of_maps_are_told(void **state)
{
	(void)state;
	static const struct {
		change_f change;
		const char *text, *log;
	} rows[] = {
		{ do_put_map, "asn 1 1", "<6> map asn of %s was added\n" },
		{ do_put_map, "asn 2 1", "<6> map asn of %s was replaced\n" },
		{ do_put_map, "z 2 1", "<6> map z of %s was added\n" },
		{ do_damage_map, "asn",
		  "<3> map asn of %s is damaged, policies do without it: import it again\n" },
		{ do_delete_map, "z", "<6> map z of %s was deleted\n" },
		{ do_number, "eu-west-1", NULL },
		{ do_put_map, "asn 3 1", "<6> map asn of %s was replaced\n" },
		{ do_delete_map, "asn", "<6> map asn of %s was deleted\n" },
	};
	char *dir = temp_new(), want[4096], line[600];
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	atomic_store(&second_ms, 0); // A ring is enough, also for the first map.
	steer_engine_t *engine = engine_open(dir, 1, &log);
	size_t len = sprintf(want, "<6> serving %s\n", dir);
	for (size_t i = 0; i < COUNT(rows); i++) {
		change_in_child(dir, rows[i].change, rows[i].text);
		if (rows[i].log == NULL) {
			sleep_ms(LOOKS_MS);
		} else {
			snprintf(line, sizeof(line), rows[i].log, dir);
			len += sprintf(want + len, "%s", line);
			await_log(&log, want);
		}
		assert_string_equal(log.text, want);
		sleep_ms(40); // The looks after the ring are over: the next one must ring again.
	}
	steer_engine_close(engine, &log);
	atomic_store(&second_ms, 50);
	temp_free(dir);
}

static void a_damaged_map_is_told_of_when_a_store_is_opened(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	change_in_child(dir, do_put_map, "asn 1 1");
	change_in_child(dir, do_put_map, "other 1 1");
	change_in_child(dir, do_damage_map, "asn");
	steer_engine_t *engine = engine_open(dir, 1, &log);
	change_in_child(dir, do_replace, WWW("2"));
	change_in_child(dir, do_number, "eu-west-1");
	await_answer(engine, "www.example.", T_A, ANSWER("2"));
	sleep_ms(LOOKS_MS);
	assert_int_equal(count_log(&log, "map asn of "), 1);
	assert_int_equal(count_log(&log, " is damaged, policies do without it"), 1);
	assert_int_equal(count_log(&log, "<"), 2);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

static void an_engine_without_a_store_ends_at_once(void **state)
{
	(void)state;
	char *temp = temp_new();
	log_t log = LOG_NEW;
	atomic_store(&second_ms, 0); // If closing waited for the next look, it would never end.
	alarm(60);
	for (unsigned i = 0; i < 200; i++) {
		steer_engine_t *engine = engine_open(path_in(temp, "none"), 1, &log);
		steer_engine_close(engine, &log);
	}
	alarm(0);
	atomic_store(&second_ms, 50);
	temp_free(temp);
}

static void without_file_descriptors_the_engine_says_so(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	struct rlimit limit, none;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	const steer_listener_t listener = { .log = take_log, .gauge = take_gauge, .ctx = &log };
	steer_engine_t *engine = NULL;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	int ret = steer_engine_open(&engine, dir, 1, &listener);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(ret, STEER_EIO);
	assert_null(engine);
	assert_int_equal(count_log(&log, "cannot be followed: Too many open files"), 1);

	engine = engine_open(dir, 1, &log); // What was started is undone.
	check_answer(engine, "www.example.", T_A, ANSWER("1"));
	steer_engine_close(engine, &log);
	temp_free(dir);
}

static void the_check_names_what_is_wrong(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	char reason[256] = "untouched";
	make_store(dir, NULL);
	assert_int_equal(steer_engine_check(dir, reason, sizeof(reason)), STEER_OK);
	assert_string_equal(reason, "untouched");
	assert_int_equal(steer_engine_check(path_in(temp, "none"), reason, sizeof(reason)),
	                 STEER_ENOENT);
	assert_non_null(strstr(reason, "none"));
	assert_non_null(strstr(reason, "steerctl init"));
	assert_int_equal(mkdir(path_in(temp, "empty"), 0700), 0); // A store may be made there later.
	assert_int_equal(steer_engine_check(path_in(temp, "empty"), reason, sizeof(reason)), STEER_OK);
	write_text(path_in(dir, "version"), "99\n");
	assert_int_equal(steer_engine_check(dir, reason, sizeof(reason)), STEER_EVERSION);
	assert_non_null(strstr(reason, "version '99'"));
	char little[8];
	assert_int_equal(steer_engine_check(dir, little, sizeof(little)), STEER_EVERSION);
	assert_int_equal(strlen(little), sizeof(little) - 1);
	free(dir);
	temp_free(temp);
}

/*! Number of readers that seem dead to another process. */
static int do_count_dead(const char *dir, const char *text)
{
	(void)text;
	MDB_env *env = NULL;
	int dead = 0;
	if (mdb_env_create(&env) != MDB_SUCCESS ||
	    mdb_env_open(env, path_in(dir, "records"), MDB_RDONLY, 0) != MDB_SUCCESS ||
	    mdb_reader_check(env, &dead) != MDB_SUCCESS) {
		return 99;
	}
	mdb_env_close(env);
	return dead;
}

/*! LMDB drops the locks of all readers when a second opening in a process is closed. */
static void a_store_that_cannot_replace_another_leaves_that_claimed(void **state)
{
	(void)state;
	char *temp = temp_new(), *dir = strdup(path_in(temp, "store"));
	char *next = strdup(path_in(temp, "next")), *old = strdup(path_in(temp, "old"));
	log_t log = LOG_NEW, other = LOG_NEW;
	make_store(dir, WWW("1"));
	make_store(next, WWW("2"));
	write_text(path_in(next, "version"), "99\n");
	steer_engine_t *engine = engine_open(dir, 2, &log);
	assert_int_equal(rename(dir, old), 0);
	assert_int_equal(rename(next, dir), 0);
	await_log(&log, "this program knows 1 to");

	steer_engine_t *again = engine_open(old, 2, &other); // It is open: this is the same engine.
	assert_ptr_equal(again, engine);
	steer_engine_close(again, &other);
	assert_int_equal(change_in_child(old, do_count_dead, NULL), 0);

	char version[16];
	sprintf(version, "%d\n", STEER_STORE_VERSION);
	write_text(path_in(dir, "version"), version);
	await_answer(engine, "www.example.", T_A, ANSWER("2"));
	again = engine;
	for (unsigned tries = 0; tries < TRIES && again == engine; tries++) { // Until it is released.
		sleep_ms(5);
		again = engine_open(old, 2, &other);
		if (again == engine) {
			steer_engine_close(again, &other);
		}
	}
	assert_ptr_not_equal(again, engine);
	check_answer(again, "www.example.", T_A, ANSWER("1"));
	steer_engine_close(again, &other);
	steer_engine_close(engine, &log);
	free(dir);
	free(next);
	free(old);
	temp_free(temp);
}

static void a_check_beside_an_open_store_takes_no_lock_away(void **state)
{
	(void)state;
	char *dir = temp_new();
	log_t log = LOG_NEW;
	make_store(dir, WWW("1"));
	steer_engine_t *engine = engine_open(dir, 3, &log);
	char reason[256];
	assert_int_equal(steer_engine_check(dir, reason, sizeof(reason)), STEER_OK);
	assert_int_equal(change_in_child(dir, do_count_dead, NULL), 0);
	steer_engine_close(engine, &log);
	temp_free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_is_served_from_the_first_query_on_and_followed),
		cmocka_unit_test(a_ring_is_enough_to_see_a_commit),
		cmocka_unit_test(without_a_doorbell_commits_are_found_later),
		cmocka_unit_test(a_commit_of_a_killed_writer_is_mended_by_the_next),
		cmocka_unit_test(an_overlay_is_barred_where_the_host_says),
		cmocka_unit_test(the_host_is_asked_for_its_zone_once_and_late),
		cmocka_unit_test(a_store_made_later_is_served),
		cmocka_unit_test(the_same_store_has_one_engine),
		cmocka_unit_test(the_refresher_is_a_thread_of_the_host),
		cmocka_unit_test(messages_go_to_the_last_sink_that_is_open),
		cmocka_unit_test(a_store_that_is_replaced_is_picked_up),
		cmocka_unit_test(a_store_that_cannot_replace_another_leaves_that_claimed),
		cmocka_unit_test(a_store_that_goes_bad_leaves_the_last_good_snapshot),
		cmocka_unit_test(looks_that_fail_when_a_state_has_ended_are_no_spinning),
		cmocka_unit_test(a_wall_clock_that_is_set_is_noticed),
		cmocka_unit_test(a_steerd_that_is_silent_is_told_and_counts_as_wanted),
		cmocka_unit_test_teardown(a_map_that_was_halved_is_enlarged, end_little_space),
		cmocka_unit_test_teardown(maps_that_outgrow_their_address_space_are_followed,
		                          end_little_space),
		cmocka_unit_test(a_damaged_node_costs_its_name_and_one_line),
		cmocka_unit_test(a_worker_beyond_the_number_given_gets_an_error_and_one_line),
		cmocka_unit_test(the_engine_answers_as_the_walk_does),
		cmocka_unit_test(no_answer_mixes_two_commits),
		cmocka_unit_test(what_is_remembered_is_right_after_any_commit),
		cmocka_unit_test(cached_targets_are_told_apart_and_followed),
		cmocka_unit_test(where_aliases_lead_is_followed),
		cmocka_unit_test(negative_answers_are_followed),
		cmocka_unit_test(what_answers_one_name_answers_others_beside_it),
		cmocka_unit_test(two_of_a_pair_are_remembered),
		cmocka_unit_test(a_flood_of_names_evicts_no_records),
		cmocka_unit_test(a_target_leads_elsewhere_by_type),
		cmocka_unit_test(a_place_that_is_written_again_is_another_name),
		cmocka_unit_test(a_damaged_filter_denies_no_zone),
		cmocka_unit_test(a_filter_is_taken_anew_only_when_it_has_changed),
		cmocka_unit_test(a_heartbeat_leaves_what_workers_remember),
		cmocka_unit_test(a_snapshot_is_of_one_commit_for_all_workers),
		cmocka_unit_test(changes_of_maps_are_told),
		cmocka_unit_test(a_damaged_map_is_told_of_when_a_store_is_opened),
		cmocka_unit_test(an_engine_without_a_store_ends_at_once),
		cmocka_unit_test(without_file_descriptors_the_engine_says_so),
		cmocka_unit_test(the_check_names_what_is_wrong),
		cmocka_unit_test(a_check_beside_an_open_store_takes_no_lock_away),
	};
	is_host_thread = true;
	forker_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
