/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The health tables of snapshots. LMDB lets a process open an environment once, so stores are
 * changed by a child here; the clocks of both stand still.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/snapshot.h"
#include "formats/health_check.h"
#include "store/change/change.h"
#include "store/handles.h"
#include "store/settings.h"
#include "unit/stores.h"
#include "unit/test.h"

#define SOA "example.\n@ SOA ns hm 1 2 3 4 5\n"

/* The time. */

#define BEGIN_S 1000000000

static long passed_s;  /*!< Since the test began, ... */
static long wall_step_s; /*!< ... and by how much the wall clock was set. */

/*! Replaces clock_gettime(2): time passes as the test says. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_BOOTTIME) {
		return syscall(SYS_clock_gettime, clock, now);
	}
	long step = clock == CLOCK_REALTIME ? wall_step_s : 0;
	*now = (struct timespec) { .tv_sec = BEGIN_S + passed_s + step };
	return 0;
}

/* Changes, in the child. */

/*! Checks: probed or manual ones, and calculated ones. */
enum { CHECKS = 200, CHANGING = 24, PARENTS = 8 };

typedef struct {
	long passed_s, wall_step_s;
	unsigned seed;   /*!< 0: text says what to do. */
	char text[128];
} order_t;

static uint64_t seed;

/*! Draws from the generator "splitmix64". */
static unsigned draw(unsigned below)
{
	uint64_t drawn = seed += UINT64_C(0x9e3779b97f4a7c15);
	drawn = (drawn ^ drawn >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	drawn = (drawn ^ drawn >> 27) * UINT64_C(0x94d049bb133111eb);
	return (drawn ^ drawn >> 31) % below;
}

static const char *draw_id(char id[16])
{
	snprintf(id, 16, "%c%u", draw(8) == 0 ? 'p' : 'c', draw(CHANGING));
	return id;
}

static void define(steer_change_t *change, const char *id, steer_health_check_t *check)
{
	static const steer_source_location_t nowhere = { .file = NULL };
	steer_fault_t fault;
	if (check != NULL) {
		must(steer_health_check_complete(check, &fault), &fault);
	}
	assert_int_equal(steer_change_health_check(change, id, check, &nowhere), STEER_OK);
}

/*! What is refused, as a calculated check whose child is gone, changes nothing. */
static int apply_and_free(steer_store_t *store, steer_change_t *change)
{
	static const steer_apply_t options;
	steer_summary_t summary;
	steer_fault_t fault;
	int ret = steer_store_apply(store, change, &options, &summary, &fault);
	steer_change_free(change);
	return ret;
}

static void set(steer_health_check_t *check, const char *key, const char *value)
{
	steer_fault_t fault;
	must(steer_health_check_set(check, key, value, &fault), &fault);
}

static steer_health_check_t plain_check(bool probed)
{
	steer_health_check_t check = { .type = probed ? STEER_CHECK_TCP : STEER_CHECK_MANUAL };
	if (probed) {
		set(&check, "address", "192.0.2.1");
		set(&check, "port", "80");
	}
	return check;
}

static void change_check(steer_store_t *store)
{
	char id[16];
	steer_change_t *change = steer_change_new();
	steer_health_check_t check = plain_check(draw(2) == 0);
	draw_id(id);
	if (id[0] == 'p' || draw(3) == 0) {
		unsigned count = 2 + draw(3);
		snprintf(id, sizeof(id), "p%u", draw(PARENTS));
		check = (steer_health_check_t) { .type = STEER_CHECK_CALCULATED };
		for (unsigned i = 0; i < count; i++) {
			char child[16];
			snprintf(child, sizeof(child), "c%u", 5 * i + draw(5));
			set(&check, "children", child);
		}
		set(&check, "threshold", draw(2) == 0 ? "1" : "2");
	}
	check.flags = draw(4) == 0 ? STEER_CHECK_INVERTED : draw(6) == 0 ? STEER_CHECK_DISABLED : 0;
	define(change, id, draw(4) == 0 ? NULL : &check);
	(void)apply_and_free(store, change);
}

/*! The current "created" of a check, mostly. */
static uint32_t created_of(steer_store_t *store, const char *id)
{
	steer_reader_t *records;
	steer_health_check_t check = { .created = 0 };
	steer_fault_t fault;
	const void *value;
	size_t len;
	uint64_t txn;
	must(steer_reader_open(&records, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(records, &txn), &fault);
	if (steer_reader_get(records, STEER_DB_CHECKS, id, strlen(id), &value, &len) == STEER_OK) {
		must(steer_health_check_open(&check, value, len), &fault);
	}
	steer_reader_close(records);
	return check.created;
}

static steer_health_state_t state_of(steer_store_t *store, const char *id, bool up)
{
	steer_now_t now;
	steer_now(&now);
	return (steer_health_state_t) {
		.up = up, .created = created_of(store, id), .since = now.wall, .since_boot = now.boot_ms,
		.boot = { now.boot[0], now.boot[1] },
	};
}

static void let_end(steer_health_state_t *state, unsigned after_s)
{
	state->until = state->since + after_s;
	state->until_boot = state->since_boot + 1000 * after_s;
}

static void say(steer_store_t *store, uint8_t kind, const char *id,
                const steer_health_state_t *state)
{
	static const steer_apply_t options;
	const steer_status_entry_t entry = { .kind = kind, .id = id, .state = state };
	steer_fault_t fault;
	must(kind == STEER_STATUS_STATE ? steer_status_write(store, &entry, 1, &fault)
	     : steer_store_apply_states(store, &entry, 1, &options, &fault), &fault);
}

static void say_something(steer_store_t *store)
{
	char id[16];
	const uint8_t kind = draw(2) == 0 ? STEER_STATUS_FORCE : STEER_STATUS_REPORT;
	steer_health_state_t state = state_of(store, draw_id(id), draw(2) == 0);
	if (draw(3) == 0) {
		let_end(&state, 1 + draw(100));
	}
	state.created -= draw(10) == 0;
	state.cleared = draw(3) == 0;
	say(store, kind, id, &state);
}

/*! What steerd finds, of some at once. */
static void find_some(steer_store_t *store)
{
	enum { MANY = 30 };
	char ids[MANY][16];
	steer_health_state_t states[MANY];
	steer_status_entry_t entries[MANY];
	unsigned count = draw(8) == 0 ? MANY : 1 + draw(3);
	steer_fault_t fault;
	for (unsigned i = 0; i < count; i++) {
		snprintf(ids[i], sizeof(ids[i]), "c%u", draw(draw(2) == 0 ? CHANGING : CHECKS));
		states[i] = state_of(store, ids[i], draw(2) == 0);
		states[i].created -= draw(10) == 0;
		states[i].cleared = draw(10) == 0;
		if (draw(10) == 0) {
			let_end(&states[i], 1 + draw(100));
		}
		entries[i] = (steer_status_entry_t) {
			.kind = STEER_STATUS_STATE, .id = ids[i], .state = draw(20) == 0 ? NULL : &states[i],
		};
	}
	must(steer_status_write(store, entries, count, &fault), &fault);
}

static void beat(steer_store_t *store)
{
	steer_now_t now;
	steer_fault_t fault;
	steer_now(&now);
	const steer_status_entry_t entry = { .kind = STEER_STATUS_HEARTBEAT, .heartbeat = &now };
	must(steer_status_write(store, &entry, 1, &fault), &fault);
}

static void change_setting(steer_store_t *store)
{
	static const uint32_t keeps[] = { 0, 2, 1000, 1000 };
	switch (draw(3)) {
	case 0:
		store_set_number(store, STEER_SETTING_STALE, draw(2) == 0 ? STEER_STALE_UP
		                                                           : STEER_STALE_KEEP);
		break;
	case 1:
		store_set_number(store, STEER_SETTING_STALE_AFTER, STEER_STALE_AFTER_MIN + draw(60));
		break;
	default:
		store_set_number(store, STEER_SETTING_HEALTH_LOG_KEEP, keeps[draw(COUNT(keeps))]);
	}
}

static void change_at_random(steer_store_t *store)
{
	unsigned what = draw(40);
	if (what < 20) {
		find_some(store);
	} else if (what < 28) {
		say_something(store);
	} else if (what < 32) {
		change_check(store);
	} else if (what < 35) {
		beat(store);
	} else if (what < 36) {
		change_setting(store);
	} else {
		(void)store_must(store, STEER_ZONE_REPLACE, draw(2) == 0 ? SOA "a A 192.0.2.1\n" : SOA);
	}
}

/*! Defines the checks c0, c1 and so on, and p, which is calculated from the first two. */
static void define_all(steer_store_t *store)
{
	steer_change_t *change = steer_change_new();
	steer_health_check_t parent = { .type = STEER_CHECK_CALCULATED };
	for (unsigned i = 0; i < CHECKS; i++) {
		char id[16];
		steer_health_check_t check = plain_check(i % 4 != 0);
		snprintf(id, sizeof(id), "c%u", i);
		define(change, id, &check);
	}
	set(&parent, "children", "c0");
	set(&parent, "children", "c1");
	set(&parent, "threshold", "2");
	define(change, "p", &parent);
	assert_int_equal(apply_and_free(store, change), STEER_OK);
}

/*! Puts a state that no log tells of. */
static void hide_down(steer_store_t *store, const char *id)
{
	uint8_t key[1 + STEER_CHECK_ID_MAX], value[STEER_HEALTH_STATE_MAX];
	const steer_health_state_t down = state_of(store, id, false);
	size_t len = steer_status_key(key, STEER_STATUS_STATE, id, strlen(id));
	raw_put(store, STEER_DB_STATUS, key, len, value, steer_health_state_write(value, &down));
}

/*! Changes what a word says: "down c1", "beat", "keep 0" ... */
static void change_as_told(steer_store_t *store, const char *text)
{
	char word[16] = "", id[16] = "";
	int number = 0;
	sscanf(text, "%15s %15s %d", word, id, &number);
	steer_health_state_t state = state_of(store, id, strcmp(word, "up") == 0);
	if (strcmp(word, "hide") == 0) {
		hide_down(store, id);
	} else if (strcmp(word, "up") == 0 || strcmp(word, "down") == 0) {
		say(store, STEER_STATUS_STATE, id, &state);
	} else if (strcmp(word, "force") == 0) {
		let_end(&state, number);
		say(store, STEER_STATUS_FORCE, id, &state);
	} else if (strcmp(word, "many") == 0) {
		for (int i = 0; i < number; i++) {
			state.up = (number - i) % 2 == 0; // Down in the end.
			say(store, STEER_STATUS_STATE, id, &state);
		}
	} else if (strcmp(word, "remove") == 0) {
		say(store, STEER_STATUS_STATE, id, NULL);
	} else if (strcmp(word, "keep") == 0) {
		store_set_number(store, STEER_SETTING_HEALTH_LOG_KEEP, atoi(id));
	} else if (strcmp(word, "stale") == 0) {
		store_set_number(store, STEER_SETTING_STALE, atoi(id));
	} else if (strcmp(word, "beat") == 0) {
		beat(store);
	} else if (strcmp(word, "zone") == 0) {
		(void)store_must(store, STEER_ZONE_REPLACE, SOA);
	} else if (strcmp(word, "check") == 0) {
		steer_change_t *change = steer_change_new();
		steer_health_check_t check = plain_check(false);
		define(change, id, &check);
		assert_int_equal(apply_and_free(store, change), STEER_OK);
	}
}

/*! Carries out orders; an answer to each says that it is done. */
static void obey(int orders, const char *dir)
{
	order_t order;
	steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
	for (int env = 0; env < STEER_ENVS; env++) {
		if (store->env[env] != NULL) { // What is lost when the machine stops is not asked here.
			assert_int_equal(mdb_env_set_flags(store->env[env], MDB_NOSYNC, 1), 0);
		}
	}
	define_all(store);
	while (recv(orders, &order, sizeof(order), 0) == sizeof(order)) {
		passed_s = order.passed_s;
		wall_step_s = order.wall_step_s;
		seed = order.seed;
		if (seed != 0) {
			for (unsigned count = draw(3) == 0 ? 2 : 1; count > 0; count--) {
				change_at_random(store);
			}
		} else {
			change_as_told(store, order.text);
		}
		if (send(orders, "", 1, 0) != 1) {
			break;
		}
	}
	steer_store_close(store);
	_exit(0);
}

/* The snapshots, in the parent. */

typedef struct {
	char *dir;
	int orders;
	pid_t child;
	steer_source_t *source;
} stage_t;

static void order(const stage_t *stage, unsigned random, const char *text)
{
	order_t order = { .passed_s = passed_s, .wall_step_s = wall_step_s, .seed = random };
	char done;
	snprintf(order.text, sizeof(order.text), "%s", text);
	assert_int_equal(send(stage->orders, &order, sizeof(order), 0), sizeof(order));
	assert_int_equal(recv(stage->orders, &done, 1, 0), 1);
}

static stage_t stage_new(void)
{
	stage_t stage = { .dir = temp_new() };
	int ends[2];
	steer_fault_t fault;
	passed_s = 0;
	wall_step_s = 0;
	store_init(stage.dir);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	stage.child = fork();
	if (stage.child == 0) {
		close(ends[0]);
		obey(ends[1], stage.dir);
	}
	close(ends[1]);
	stage.orders = ends[0];
	order(&stage, 0, "zone");
	must(steer_source_open(&stage.source, stage.dir, 2, &fault), &fault);
	return stage;
}

static void stage_free(stage_t *stage)
{
	int status;
	steer_source_close(stage->source);
	close(stage->orders);
	assert_int_equal(waitpid(stage->child, &status, 0), stage->child);
	assert_int_equal(status, 0);
	temp_free(stage->dir);
}

static const steer_snapshot_t *live_of(const stage_t *stage)
{
	return &stage->source->bank[stage->source->live];
}

static bool put_check(void *ctx, const steer_health_status_t *checked)
{
	assert_int_equal(steer_health_table_put(ctx, checked), STEER_OK);
	return true;
}

static void assert_equal(const steer_health_table_t *is, const steer_health_table_t *want)
{
	assert_int_equal(is->count, want->count);
	for (uint32_t slot = 0; slot < want->count; slot++) {
		assert_int_equal(is->slots[slot].generation, want->slots[slot].generation);
		if (is->slots[slot].down != want->slots[slot].down) {
			fail_msg("slot %u: %s", slot, is->slots[slot].down ? "down" : "up");
		}
	}
}

/*! A snapshot has the table that a walk over all checks gives. */
static void assert_walked(const steer_snapshot_t *snapshot)
{
	steer_health_table_build_t build = { .room = 0 };
	steer_now_t now;
	steer_now(&now);
	assert_int_equal(steer_health_checks_walk(snapshot->readers[0], snapshot->status[0], &now,
	                                          put_check, &build), STEER_OK);
	assert_equal(snapshot->health_table, &build.table);
	steer_health_table_free(&build);
}

/*! Takes what is new. Workers may still be in the snapshot before, which does not change. */
static bool refresh(const stage_t *stage)
{
	const steer_snapshot_t *before = live_of(stage);
	const steer_health_table_t *table = before->health_table;
	steer_health_table_build_t copy = { .room = 0 };
	steer_fault_t fault;
	bool taken;
	assert_int_equal(steer_health_table_copy(&copy, table), STEER_OK);
	must(steer_source_refresh(stage->source, &taken, &fault), &fault);
	assert_ptr_equal(before->health_table, table);
	assert_equal(table, &copy.table);
	steer_health_table_free(&copy);
	if (taken) {
		steer_source_release(stage->source);
	}
	return taken;
}

static void a_table_by_changes_equals_one_of_all_checks(void **state)
{
	(void)state;
	enum { ROUNDS = 3000 };
	stage_t stage = stage_new();
	unsigned taken = 0, downs = 0;
	seed = 0;
	for (unsigned round = 1; round <= ROUNDS; round++) {
		passed_s += draw(10) == 0 ? draw(60) : 0;
		wall_step_s += draw(100) == 0 ? (long)draw(200) - 100 : 0;
		order(&stage, round, "");
		taken += refresh(&stage);
		assert_walked(live_of(&stage));
		const steer_health_table_t *table = live_of(&stage)->health_table;
		for (uint32_t slot = 0; slot < table->count; slot++) {
			downs += table->slots[slot].down;
		}
	}
	assert_in_range(taken, ROUNDS / 2, ROUNDS);
	assert_in_range(downs, ROUNDS, ROUNDS * CHECKS);
	stage_free(&stage);
}

static bool is_up(const steer_snapshot_t *snapshot, unsigned slot)
{
	const steer_health_table_t *table = snapshot->health_table;
	assert_in_range(slot, 0, table->count - 1);
	return table->slots[slot].down == 0;
}

/*! The slot of a check, whose ids are given in their order. */
static unsigned slot_of(const steer_snapshot_t *snapshot, const char *id)
{
	steer_health_status_t checked;
	steer_now_t now;
	steer_now(&now);
	assert_int_equal(steer_health_check_find(snapshot->readers[0], snapshot->status[0], id, &now,
	                                         &checked), STEER_OK);
	return checked.check.slot;
}

/*! What changes is told from what is walked over by a state that is there and was not logged. */
static void only_changes_are_looked_at(void **state)
{
	(void)state;
	static const struct {
		const char *change; /*!< NULL: none but the time. */
		long passes_s, wall_s;
		const char *down;   /*!< Afterwards; NULL: not asked. */
		bool all;           /*!< All checks are decided anew. */
		bool shared;        /*!< The table is that of before. */
	} rows[] = {
		{ "stale 1", 0, 0, NULL, true, false },
		{ "down c3", 0, 0, "c3", false, false },
		{ "beat", 0, 0, "c3", false, true }, // The first one.
		{ NULL, 599, 0, NULL, false, true },
		{ NULL, 1, 0, NULL, false, false }, // All that is probed is up.
		{ "stale 0", 0, 0, "c3", true, false },
		{ "beat", 0, 0, "c3", true, false },
		{ "up c3", 0, 0, NULL, false, false },
		{ "down c1", 0, 0, "p", false, false }, // Its parent.
		{ "zone", 0, 0, "p", false, true },
		{ "beat", 0, 0, "p", false, true },
		{ "beat", 10, 0, "p", false, true },
		{ "many c5 13", 0, 0, NULL, false, false }, // One for 16 checks, and four.
		{ "many c5 50", 0, 0, NULL, true, false },
		{ "check c3", 0, 0, "p", true, false },
		{ "force c6 20", 0, 0, "c6", false, false },
		{ NULL, 19, 0, NULL, false, true }, // Not taken.
		{ NULL, 1, 0, NULL, true, false },
		{ NULL, 0, 5, NULL, true, false },
		{ "stale 1", 0, 0, "p", true, false },
		{ "stale 0", 0, 0, "p", true, false },
		{ "keep 3", 0, 0, "p", false, true },
		{ "many c7 3", 0, 0, "c7", false, false },
		{ "many c7 6", 0, 0, NULL, true, false }, // Some are not there any more.
		{ "keep 0", 0, 0, "p", false, true },
		{ "down c10", 0, 0, "c10", true, false },
		{ "keep 100", 0, 0, "p", false, true },
		{ "up c10", 0, 0, NULL, false, false },
		{ "remove c1", 0, 0, NULL, true, false },
		{ "down c1", 0, 0, "p", false, false },
	};
	stage_t stage = stage_new();
	for (size_t i = 0; i < COUNT(rows); i++) {
		char hidden[16], hide[32];
		print_message("  row %zu: %s\n", i, rows[i].change != NULL ? rows[i].change : "time");
		const steer_health_table_t *before = live_of(&stage)->health_table;
		const uint64_t policy_serial = live_of(&stage)->policy_serial;
		snprintf(hidden, sizeof(hidden), "c%zu", 29 + 4 * i + i % 3); // It is probed.
		snprintf(hide, sizeof(hide), "hide %s", hidden);
		order(&stage, 0, hide);
		assert_true(refresh(&stage));
		passed_s += rows[i].passes_s;
		wall_step_s += rows[i].wall_s;
		if (rows[i].change != NULL) {
			order(&stage, 0, rows[i].change);
		}
		(void)refresh(&stage);
		const steer_snapshot_t *live = live_of(&stage);
		assert_int_equal(!is_up(live, slot_of(live, hidden)), rows[i].all);
		if (rows[i].down != NULL) {
			assert_false(is_up(live, slot_of(live, rows[i].down)));
		}
		assert_int_equal(live->health_table == before, rows[i].shared);
		assert_int_equal(live->policy_serial == policy_serial, rows[i].shared);
	}
	stage_free(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_by_changes_equals_one_of_all_checks),
		cmocka_unit_test(only_changes_are_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
