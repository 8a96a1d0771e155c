/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/health_log.h"
#include "store/log.h"
#include "store/replay.h"
#include "store/status.h"
#include "unit/stores.h"
#include "unit/test.h"

/*! When the checks of the first change set were created. */
#define GENERATION 1

/* Checks, their states, and the log as text. */

/*! Defines manual checks, or deletes one. */
static void change_check(steer_store_t *store, const char *id, bool is)
{
	static const steer_health_check_t manual = { .type = STEER_CHECK_MANUAL };
	static const steer_source_location_t nowhere = { .file = NULL };
	static const steer_apply_t options = { .who = "me" };
	steer_change_t *change = steer_change_new();
	steer_summary_t summary;
	steer_fault_t fault;
	assert_int_equal(steer_change_health_check(change, id, is ? &manual : NULL, &nowhere),
	                 STEER_OK);
	must(steer_store_apply(store, change, &options, &summary, &fault), &fault);
	steer_change_free(change);
}

/*! A state as text: "up", "down" or "clear", and a reason behind a space. */
static steer_health_state_t state_of(const char *text, uint32_t created, const char *who)
{
	const char *reason = text + strcspn(text, " ");
	reason += *reason != '\0';
	return (steer_health_state_t) {
		.up = text[0] == 'u', .cleared = text[0] == 'c', .created = created, .since = 9000,
		.who = who, .who_len = strlen(who), .reason = reason, .reason_len = strlen(reason),
	};
}

/*! Forces (f) or reports (r), as steerctl does. */
static void say(steer_store_t *store, uint8_t kind, const char *id, const char *text)
{
	static const steer_apply_t options = { .who = "me", .what = "health", .now.wall = 9000 };
	const steer_health_state_t state = state_of(text, GENERATION, "me");
	const steer_status_entry_t entry = { .kind = kind, .id = id, .state = &state };
	steer_fault_t fault;
	must(steer_store_apply_states(store, &entry, 1, &options, &fault), &fault);
}

/*! Publishes a state, as steerd does; without text it removes the one that is there. */
static void find(steer_store_t *store, const char *id, const char *text, uint32_t created)
{
	const steer_health_state_t state = state_of(text != NULL ? text : "", created, "");
	const steer_status_entry_t entry = {
		.kind = STEER_STATUS_STATE, .id = id, .state = text != NULL ? &state : NULL,
	};
	steer_fault_t fault;
	must(steer_status_write(store, &entry, 1, &fault), &fault);
}

typedef struct {
	FILE *out;
	uint64_t first, last; /*!< Numbers; 0: none. */
	size_t count, damaged;
	size_t left;          /*!< To take. */
} taken_t;

static bool take(void *ctx, uint64_t number, const steer_health_transition_t *transition)
{
	taken_t *taken = ctx;
	taken->first = taken->first == 0 ? number : taken->first;
	taken->last = number;
	taken->count++;
	if (transition == NULL) {
		taken->damaged++;
		fprintf(taken->out, "damaged;");
	} else {
		const steer_health_state_t *state = &transition->state;
		fprintf(taken->out, "%c %.*s %s %.*s %.*s;", transition->kind, transition->id_len,
		        transition->id, state->cleared ? "clear" : state->up ? "up" : "down",
		        state->who_len, state->who, state->reason_len, state->reason);
	}
	return --taken->left > 0;
}

/*! The log as text, which the caller frees. */
static char *log_text(steer_store_t *store, taken_t *taken)
{
	char *text = NULL;
	size_t size;
	steer_reader_t *reader;
	steer_fault_t fault;
	uint64_t id;
	*taken = (taken_t) { .out = open_memstream(&text, &size), .left = SIZE_MAX };
	must(steer_reader_open(&reader, store, STEER_ENV_STATUS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	assert_int_equal(steer_health_log_walk(reader, 0, take, taken), STEER_OK);
	steer_reader_close(reader);
	fclose(taken->out);
	return text;
}

static void assert_log(steer_store_t *store, const char *want)
{
	taken_t taken;
	char *text = log_text(store, &taken);
	assert_string_equal(text, want);
	free(text);
}

static taken_t log_count(steer_store_t *store)
{
	taken_t taken;
	free(log_text(store, &taken));
	return taken;
}

/* What is in it. */

static void transitions_are_logged_and_nothing_else(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		uint8_t kind;
		const char *text;      /*!< NULL: removed. */
		uint32_t created;   /*!< Of what steerd finds. */
		const char *logged;
	} steps[] = {
		{ "a force", 'f', "down why", 0, "f web down me why;" },
		{ "the same force again", 'f', "down why", 0, "" },
		{ "another reason", 'f', "down else", 0, "f web down me else;" },
		{ "a report", 'r', "up", 0, "r web up me ;" },
		{ "what steerd finds first", 's', "up", 1, "s web up  ;" },
		{ "the same with another reason", 's', "up after 12 ms", 1, "" },
		{ "another state", 's', "down HTTP 503", 1, "s web down  HTTP 503;" },
		{ "the end of a force", 'f', "clear done", 0, "f web clear me done;" },
		{ "the end of none", 'f', "clear again", 0, "" },
		{ "the end of a report", 'r', "clear", 0, "r web clear me ;" },
		{ "the same state of another definition", 's', "down", 2, "s web down  ;" },
		{ "a state that is removed", 's', NULL, 0, "" },
		{ "none that is removed", 's', NULL, 0, "" },
		{ "the first one after it", 's', "down", 2, "s web down  ;" },
		{ "a state that steerd clears", 's', "clear gone", 2, "s web clear  gone;" },
		{ "none that steerd clears", 's', "clear gone", 2, "" },
	};
	char want[1024] = "";
	place_t place = place_new();
	change_check(place.store, "web", true);
	for (size_t i = 0; i < COUNT(steps); i++) {
		print_message("  %s\n", steps[i].what);
		if (steps[i].kind == STEER_STATUS_STATE) {
			find(place.store, "web", steps[i].text, steps[i].created);
		} else {
			say(place.store, steps[i].kind, "web", steps[i].text);
		}
		strcat(want, steps[i].logged);
		assert_log(place.store, want);
	}
	place_free(&place);
}

static void a_deleted_check_stays_in_the_log(void **state)
{
	(void)state;
	place_t place = place_new();
	change_check(place.store, "web", true);
	say(place.store, STEER_STATUS_FORCE, "web", "down");
	change_check(place.store, "web", false);
	change_check(place.store, "web", true); // Without the force.
	assert_log(place.store, "f web down me ;");
	place_free(&place);
}

static void what_is_refused_is_not_logged(void **state)
{
	(void)state;
	place_t place = place_new();
	const steer_health_state_t good = state_of("down", 1, "");
	const steer_status_entry_t both[] = {
		{ .kind = STEER_STATUS_STATE, .id = "web", .state = &good },
		{ .kind = STEER_STATUS_STATE, .id = "a b", .state = &good },
	};
	steer_fault_t fault;
	assert_int_equal(steer_status_write(place.store, both, 2, &fault), STEER_EINVAL);
	assert_log(place.store, "");
	place_free(&place);
}

static void a_walk_ends_where_it_should(void **state)
{
	(void)state;
	place_t place = place_new();
	for (unsigned i = 0; i < 5; i++) {
		find(place.store, "web", i % 2 == 0 ? "up" : "down", 1);
	}
	taken_t taken = { .out = fopen("/dev/null", "w"), .left = 3 };
	steer_reader_t *reader;
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&reader, place.store, STEER_ENV_STATUS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	assert_int_equal(steer_health_log_walk(reader, 0, take, &taken), STEER_OK);
	assert_int_equal(taken.count, 3);
	steer_reader_close(reader);
	fclose(taken.out);
	place_free(&place);
}

/* How much is kept. */

/*! Lets a check change its state so often. */
static void flap(steer_store_t *store, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		find(store, "web", NULL, 0);
		find(store, "web", "down", 1);
	}
}

static void as_many_are_kept_as_the_setting_says(void **state)
{
	(void)state;
	static const struct {
		uint32_t keep;
		unsigned times;
		uint64_t first, last; /*!< Numbers afterwards. */
	} steps[] = {
		{ 3, 2, 1, 2 },
		{ 3, 1, 1, 3 },
		{ 3, 2, 3, 5 },
		{ 1, 1, 6, 6 },
		{ 1, 4, 10, 10 },
		{ 0, 1, 0, 0 },
		{ 0, 3, 0, 0 },
		{ 2, 1, 1, 1 }, // Numbers begin again.
		{ 100, 199, 101, 200 },
		{ 10, 1, 117, 201 }, // Only 16 go at a time.
		{ 10, 4, 181, 205 },
		{ 10, 1, 197, 206 },
		{ 10, 1, 198, 207 },
		{ UINT32_MAX, 3, 198, 210 },
		{ 0, 1, 0, 0 },
	};
	place_t place = place_new();
	for (size_t i = 0; i < COUNT(steps); i++) {
		print_message("  %u: %u more\n", steps[i].keep, steps[i].times);
		store_set_number(place.store, STEER_SETTING_HEALTH_LOG_KEEP, steps[i].keep);
		flap(place.store, steps[i].times);
		const taken_t taken = log_count(place.store);
		assert_int_equal(taken.first, steps[i].first);
		assert_int_equal(taken.last, steps[i].last);
		assert_int_equal(taken.count, steps[i].last > 0 ? taken.last - taken.first + 1 : 0);
	}
	place_free(&place);
}

/*! Lets so many checks become what they were not, all at once. */
static void change_many(steer_store_t *store, unsigned count, const char *text)
{
	steer_status_entry_t *entries = calloc(count, sizeof(*entries));
	char (*ids)[16] = calloc(count, sizeof(*ids));
	const steer_health_state_t state = state_of(text, 1, "");
	steer_fault_t fault;
	for (unsigned i = 0; i < count; i++) {
		snprintf(ids[i], sizeof(ids[i]), "check-%u", i);
		entries[i] = (steer_status_entry_t) {
			.kind = STEER_STATUS_STATE, .id = ids[i], .state = &state,
		};
	}
	must(steer_status_write(store, entries, count, &fault), &fault);
	free(entries);
	free(ids);
}

static void by_default_ten_thousand_are_kept(void **state)
{
	(void)state;
	place_t place = place_new();
	change_many(place.store, 6000, "down HTTP 503 from 192.0.2.1:443 after 12 ms");
	assert_int_equal(log_count(place.store).count, 6000);
	change_many(place.store, 6000, "up");
	const taken_t taken = log_count(place.store);
	assert_int_equal(taken.count, STEER_HEALTH_LOG_KEEP);
	assert_int_equal(taken.first, 2001);
	place_free(&place);
}

static void the_log_leaves_room_for_states(void **state)
{
	(void)state;
	char *dir = temp_new(), reason[STEER_LOG_TEXT_MAX];
	const steer_store_options_t options = { .map_size = STEER_MAP_SIZE_MIN };
	steer_fault_t fault;
	bool created;
	must(steer_store_init(path_in(dir, "store"), &options, &created, &fault), &fault);
	steer_store_t *store = store_open(path_in(dir, "store"), STEER_STORE_WRITE);
	snprintf(reason, sizeof(reason), "down %0500d", 0);
	for (unsigned i = 0; i < 400; i++) {
		change_many(store, 10, i % 2 == 0 ? reason : "up");
	}
	const taken_t taken = log_count(store);
	assert_int_equal(taken.last, 4000);
	assert_in_range(taken.count, 200, 1000);
	steer_store_close(store);
	temp_free(dir);
}

static void the_longest_texts_fit(void **state)
{
	(void)state;
	place_t place = place_new();
	char id[STEER_CHECK_ID_MAX + 1], text[STEER_LOG_TEXT_MAX];
	memset(id, 'x', sizeof(id));
	memset(text, '\xff', sizeof(text));
	id[STEER_CHECK_ID_MAX] = '\0';
	const steer_health_state_t longest = {
		.created = 1, .who = text, .who_len = sizeof(text), .reason = text,
		.reason_len = sizeof(text),
	};
	const steer_status_entry_t entry = {
		.kind = STEER_STATUS_STATE, .id = id, .state = &longest,
	};
	steer_fault_t fault;
	must(steer_status_write(place.store, &entry, 1, &fault), &fault);
	const taken_t taken = log_count(place.store);
	assert_int_equal(taken.count, 1);
	assert_int_equal(taken.damaged, 0);
	place_free(&place);
}

/* Writers that were killed, and copies. */

static void what_a_killed_writer_left_is_logged_once(void **state)
{
	(void)state;
	place_t place = place_new();
	change_check(place.store, "web", true);
	say(place.store, STEER_STATUS_FORCE, "web", "down one");
	steer_store_close(place.store);
	char *kept = strdup(path_in(place.dir, "kept"));
	copy_file(path_in(place.dir, "status/data.mdb"), kept);
	place.store = store_open(place.dir, STEER_STORE_WRITE);
	say(place.store, STEER_STATUS_FORCE, "web", "clear two");
	say(place.store, STEER_STATUS_REPORT, "web", "up three");
	steer_store_close(place.store);
	copy_file(kept, path_in(place.dir, "status/data.mdb"));
	for (unsigned i = 0; i < 3; i++) { // Who opens it next puts there what is missing.
		place.store = store_open(place.dir, STEER_STORE_WRITE);
		assert_log(place.store, "f web down me one;f web clear me two;r web up me three;");
		steer_store_close(place.store);
	}
	place.store = store_open(place.dir, STEER_STORE_WRITE);
	say(place.store, STEER_STATUS_REPORT, "web", "clear four");
	assert_log(place.store, "f web down me one;f web clear me two;r web up me three;"
	           "r web clear me four;");
	free(kept);
	place_free(&place);
}

static int next_part(void *log, const void **part, size_t *size)
{
	return steer_log_next_part(log, part, size);
}

/*! Replays what a store lacks. */
static void replay(steer_store_t *from, uint64_t number, steer_store_t *to)
{
	steer_reader_t *reader;
	steer_log_t *log;
	steer_log_change_t change;
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&reader, from, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	assert_int_equal(steer_log_open(&log, reader), STEER_OK);
	for (; steer_log_find(log, number, &change) == STEER_OK; number++) {
		must(steer_store_replay(to, number, next_part, log, &fault), &fault);
	}
	steer_log_close(log);
	steer_reader_close(reader);
}

static void what_is_replayed_is_logged_once(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		bool ahead; /*!< The backup has the status of the end. */
	} cases[] = {
		{ "into a backup", false }, { "into one whose status is newer than its records", true },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		char *temp = temp_new(), *copy = strdup(path_in(temp, "copy"));
		steer_fault_t fault;
		change_check(place.store, "web", true);
		say(place.store, STEER_STATUS_FORCE, "web", "down one");
		must(steer_store_backup(place.store, copy, &fault), &fault);
		say(place.store, STEER_STATUS_FORCE, "web", "up two");
		say(place.store, STEER_STATUS_FORCE, "web", "clear three");
		say(place.store, STEER_STATUS_REPORT, "web", "down four");
		if (cases[i].ahead) {
			copy_file(path_in(place.dir, "status/data.mdb"), path_in(copy, "status/data.mdb"));
		}
		steer_store_t *other = store_open(copy, STEER_STORE_WRITE);
		replay(place.store, 3, other);
		taken_t taken;
		char *want = log_text(place.store, &taken);
		assert_log(other, want);
		assert_log(other, "f web down me one;f web up me two;f web clear me three;"
		           "r web down me four;");
		say(other, STEER_STATUS_REPORT, "web", "clear five"); // It has the state, too.
		assert_int_equal(log_count(other).count, 5);
		free(want);
		steer_store_close(other);
		free(copy);
		temp_free(temp);
		place_free(&place);
	}
}

/* Damage. */

static void damage_costs_one_transition(void **state)
{
	(void)state;
	place_t place = place_new();
	uint8_t key[STEER_HEALTH_LOG_KEY];
	find(place.store, "web", "up", 1);
	find(place.store, "web", "down", 1);
	find(place.store, "web", "up", 1);
	steer_health_log_key(key, 2);
	raw_put(place.store, STEER_DB_HEALTH_LOG, key, sizeof(key), "damaged", 7);
	raw_put(place.store, STEER_DB_HEALTH_LOG, "\xff", 1, "no key", 6);
	assert_log(place.store, "s web up  ;damaged;s web up  ;");
	find(place.store, "web", "down", 1);
	assert_log(place.store, "s web up  ;damaged;s web up  ;s web down  ;");
	assert_int_equal(log_count(place.store).last, 4);
	store_set_number(place.store, STEER_SETTING_HEALTH_LOG_KEEP, 1);
	find(place.store, "web", "up", 1);
	assert_log(place.store, "s web up  ;");
	place_free(&place);
}

static void a_damaged_setting_keeps_as_many_as_by_default(void **state)
{
	(void)state;
	place_t place = place_new();
	raw_put(place.store, STEER_DB_META, STEER_META_HEALTH_LOG_KEEP,
	        strlen(STEER_META_HEALTH_LOG_KEEP), "\1\0\0\0\0", 5);
	flap(place.store, 3);
	assert_int_equal(log_count(place.store).count, 3);
	place_free(&place);
}

static bool ignore(void *ctx, const steer_health_status_t *checked)
{
	*(bool *)ctx = checked->has_force;
	return true;
}

static void a_cleared_state_in_the_status_is_damage(void **state)
{
	(void)state;
	place_t place = place_new();
	const steer_health_state_t cleared = state_of("clear", GENERATION, "me");
	uint8_t value[STEER_HEALTH_STATE_MAX];
	const steer_now_t now = { .wall = 10000 };
	steer_reader_t *records, *status;
	steer_fault_t fault;
	uint64_t id;
	bool has = true;
	change_check(place.store, "web", true);
	raw_put(place.store, STEER_DB_STATUS, "fweb", 4, value,
	        steer_health_state_write(value, &cleared));
	must(steer_reader_open(&records, place.store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_open(&status, place.store, STEER_ENV_STATUS, &fault), &fault);
	must(steer_reader_renew(records, &id), &fault);
	must(steer_reader_renew(status, &id), &fault);
	assert_int_equal(steer_health_checks_walk(records, status, &now, ignore, &has),
	                 STEER_EDAMAGED);
	assert_false(has);
	steer_reader_close(records);
	steer_reader_close(status);
	place_free(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transitions_are_logged_and_nothing_else),
		cmocka_unit_test(a_deleted_check_stays_in_the_log),
		cmocka_unit_test(what_is_refused_is_not_logged),
		cmocka_unit_test(a_walk_ends_where_it_should),
		cmocka_unit_test(as_many_are_kept_as_the_setting_says),
		cmocka_unit_test(by_default_ten_thousand_are_kept),
		cmocka_unit_test(the_log_leaves_room_for_states),
		cmocka_unit_test(the_longest_texts_fit),
		cmocka_unit_test(what_a_killed_writer_left_is_logged_once),
		cmocka_unit_test(what_is_replayed_is_logged_once),
		cmocka_unit_test(damage_costs_one_transition),
		cmocka_unit_test(a_damaged_setting_keeps_as_many_as_by_default),
		cmocka_unit_test(a_cleared_state_in_the_status_is_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
