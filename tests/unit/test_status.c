/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/heartbeat.h"
#include "core/name.h"
#include "core/node.h"
#include "formats/health_check.h"
#include "store/change/health_slots.h"
#include "store/change/transaction.h"
#include "store/log.h"
#include "store/health_table_build.h"
#include "store/silence.h"
#include "store/status.h"
#include "store/uses.h"
#include "unit/records.h"
#include "unit/stores.h"
#include "unit/test.h"

#define SOA "@ SOA ns hm 1 2 3 4 300\n"

static const steer_now_t now = { .wall = 10000, .boot_ms = 5000000, .boot = { 1, 2 } };

/* Changes as text: "+id type key=value ..." creates or changes, "-id" deletes; ';' between them.
 * What is reported is in a change_t. */

typedef struct {
	char told[1024], warned[512], fault[1024];
	steer_summary_t summary;
	int ret;
} change_t;

static void check_print(char *text, size_t size, const steer_health_check_t *check)
{
	const steer_health_option_t *option;
	const char *value;
	size_t at = 0, len, end = snprintf(text, size, "%s", steer_health_check_type_name(check->type));
	while (steer_health_check_next(check, &at, &option, &value, &len)) {
		end += snprintf(text + end, size - end, " %s=%.*s", option->name, (int)len, value);
	}
}

static void check_parse(steer_health_check_t *check, char *text)
{
	*check = (steer_health_check_t) { 0 };
	steer_fault_t fault;
	char *word = strsep(&text, " ");
	if (!steer_health_check_type_parse(word, &check->type)) {
		bad_text("type", word);
	}
	while ((word = strsep(&text, " ")) != NULL) {
		char *value = strchr(word, '=');
		*value++ = '\0';
		must(steer_health_check_set(check, word, value, &fault), &fault);
	}
	must(steer_health_check_complete(check, &fault), &fault);
}

static int change_fill(steer_change_t *change, const char *text)
{
	char copy[2048], *rest = copy, *one;
	steer_source_location_t origin = { .file = "file" };
	int ret = STEER_OK;
	snprintf(copy, sizeof(copy), "%s", text);
	while (ret == STEER_OK && (one = strsep(&rest, ";")) != NULL) {
		steer_health_check_t check;
		char *id = one + 1;
		origin.line++;
		strsep(&one, " ");
		if (id[-1] == '+') {
			check_parse(&check, one);
		}
		ret = steer_change_health_check(change, id, id[-1] == '+' ? &check : NULL, &origin);
	}
	return ret;
}

static void tell_check(void *ctx, char sign, const char *id, const steer_health_check_t *check)
{
	char *told = ((change_t *)ctx)->told, text[512];
	check_print(text, sizeof(text), check);
	size_t len = strlen(told);
	snprintf(told + len, sizeof(((change_t *)ctx)->told) - len, "%c%s %s\n", sign, id, text);
}

static void warn(void *ctx, const steer_source_location_t *origin, const char *text)
{
	char *warned = ((change_t *)ctx)->warned;
	size_t len = strlen(warned);
	snprintf(warned + len, sizeof(((change_t *)ctx)->warned) - len, "%s:%u: %s\n", origin->file,
	         origin->line, text);
}

static change_t change_checks(steer_store_t *store, const char *text, bool dry_run)
{
	change_t made = { 0 };
	const steer_apply_t options = {
		.dry_run = dry_run, .check = tell_check, .warn = warn, .ctx = &made,
	};
	steer_fault_t fault = { 0 };
	steer_change_t *change = steer_change_new();
	made.ret = change_fill(change, text);
	if (made.ret == STEER_OK) {
		made.ret = steer_store_apply(store, change, &options, &made.summary, &fault);
	}
	snprintf(made.fault, sizeof(made.fault), "%s", fault.text);
	steer_change_free(change);
	return made;
}

static void checks_must(steer_store_t *store, const char *text)
{
	change_t made = change_checks(store, text, false);
	assert_string_equal(made.fault, "");
	assert_int_equal(made.ret, STEER_OK);
}

/* Readers of both environments. */

typedef struct {
	steer_reader_t *records, *status;
} readers_t;

static readers_t readers_open(steer_store_t *store)
{
	readers_t readers;
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&readers.records, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_open(&readers.status, store, STEER_ENV_STATUS, &fault), &fault);
	must(steer_reader_renew(readers.records, &id), &fault);
	must(steer_reader_renew(readers.status, &id), &fault);
	return readers;
}

static void readers_close(readers_t *readers)
{
	steer_reader_close(readers->records);
	steer_reader_close(readers->status);
}

/*!
 * The result of a walk, in lines: id slot generation type, F R P for what is there, state, by what.
 */
typedef struct {
	char text[2048];
	unsigned left; /*!< Checks to take. */
} walked_t;

static void checked_print(char *text, size_t size, const steer_health_status_t *checked)
{
	static const char *const by[] = {
		[STEER_BY_DISABLED] = "disabled", [STEER_BY_FORCE] = "force",
		[STEER_BY_REPORT] = "report", [STEER_BY_PROBE] = "probe", [STEER_BY_NOTHING] = "nothing",
		[STEER_BY_CHILDREN] = "children", [STEER_BY_UNDEFINED] = "undefined",
		[STEER_BY_STALE] = "stale",
	};
	snprintf(text, size, "%.*s %u %u %s %s%s%s %s %s\n", (int)checked->id_len, checked->id,
	         checked->check.slot, checked->check.generation,
	         steer_health_check_type_name(checked->check.type), checked->has_force ? "F" : "-",
	         checked->has_report ? "R" : "-", checked->has_probed ? "P" : "-",
	         checked->effective.up ? "up" : "down", by[checked->effective.by]);
}

static bool walk_take(void *ctx, const steer_health_status_t *checked)
{
	walked_t *walked = ctx;
	char line[512];
	checked_print(line, sizeof(line), checked);
	strncat(walked->text, line, sizeof(walked->text) - strlen(walked->text) - 1);
	return --walked->left > 0;
}

static void assert_walk(steer_store_t *store, int ret, const char *want)
{
	walked_t walked = { .left = 100 };
	readers_t readers = readers_open(store);
	assert_int_equal(
		steer_health_checks_walk(readers.records, readers.status, &now, walk_take, &walked), ret);
	assert_string_equal(walked.text, want);
	// Each one by itself is as in the walk.
	for (char *rest = walked.text, *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';) {
		char id[STEER_CHECK_ID_MAX + 1], one[512];
		steer_health_status_t checked;
		snprintf(id, sizeof(id), "%.*s", (int)strcspn(line, " "), line);
		int found = steer_health_check_find(readers.records, readers.status, id, &now, &checked);
		if (ret == STEER_OK || found != STEER_EDAMAGED) {
			assert_int_equal(found, STEER_OK);
			checked_print(one, sizeof(one), &checked);
			assert_memory_equal(one, line, strlen(line));
		}
	}
	readers_close(&readers);
}

static steer_health_state_t state_of(bool up, uint32_t created)
{
	return (steer_health_state_t) {
		.up = up, .created = created, .since = 9000, .boot = { 1, 2 }, .who = "me",
		.who_len = 2,
	};
}

/*! Writes a state, or removes it (created 0). */
static void state_put(steer_store_t *store, uint8_t kind, const char *id, bool up,
                      uint32_t created)
{
	const steer_health_state_t state = state_of(up, created);
	const steer_status_entry_t status = {
		.kind = kind, .id = id, .state = created > 0 ? &state : NULL,
	};
	steer_fault_t fault;
	must(steer_status_write(store, &status, 1, &fault), &fault);
}

/* Checks of change sets. */

#define WALK_OF_THREE "api 2 4 manual --- up nothing\ndb 1 1 tcp --- up nothing\n" \
	"web 0 1 manual --- up nothing\n"

static void a_check_keeps_its_slot_as_long_as_the_store_lives(void **state)
{
	(void)state;
	place_t place = place_new();
	static const struct {
		const char *change, *told, *walk;
		unsigned changed, sequence; /*!< 0: there was no difference. */
	} steps[] = {
		{ "+web http host=h;+db tcp host=d port=1", "+web http host=h\n+db tcp host=d port=1\n",
		  "db 1 1 tcp --- up nothing\nweb 0 1 http --- up nothing\n", 2, 1 },
		{ "+web http host=h", "", "db 1 1 tcp --- up nothing\nweb 0 1 http --- up nothing\n", 0,
		  0 },
		{ "+web manual inverted=yes", "-web http host=h\n+web manual inverted=yes\n",
		  "db 1 1 tcp --- up nothing\nweb 0 1 manual --- down nothing\n", 1, 2 },
		{ "-web", "-web manual inverted=yes\n",
		  "db 1 1 tcp --- up nothing\nweb 0 1 none --- up undefined\n", 1, 3 },
		{ "+api manual;+db tcp host=d port=1", "+api manual\n",
		  "api 2 4 manual --- up nothing\ndb 1 1 tcp --- up nothing\n"
		  "web 0 1 none --- up undefined\n", 1, 4 },
		{ "+web manual", "+web manual\n", "api 2 4 manual --- up nothing\n"
		  "db 1 1 tcp --- up nothing\nweb 0 1 manual --- up nothing\n", 1, 5 },
		{ "+db tcp host=d port=1 fall=2", "-db tcp host=d port=1\n+db tcp host=d port=1 fall=2\n",
		  WALK_OF_THREE, 1, 6 },
		{ "+db tcp host=d port=1", "-db tcp host=d port=1 fall=2\n+db tcp host=d port=1\n",
		  WALK_OF_THREE, 1, 7 },
		{ "+db tcp host=d port=2", "-db tcp host=d port=1\n+db tcp host=d port=2\n",
		  WALK_OF_THREE, 1, 8 },
		{ "+db tls host=d port=2", "-db tcp host=d port=2\n+db tls host=d port=2\n",
		  "api 2 4 manual --- up nothing\ndb 1 1 tls --- up nothing\n"
		  "web 0 1 manual --- up nothing\n", 1, 9 },
	};
	for (size_t i = 0; i < COUNT(steps); i++) {
		print_message("  %s\n", steps[i].change);
		const change_t dry = change_checks(place.store, steps[i].change, true);
		const change_t made = change_checks(place.store, steps[i].change, false);
		assert_string_equal(made.fault, "");
		assert_int_equal(made.ret, STEER_OK);
		assert_string_equal(dry.told, steps[i].told);
		assert_string_equal(made.told, steps[i].told);
		assert_int_equal(dry.summary.checks_changed, steps[i].changed);
		assert_int_equal(made.summary.checks_changed, steps[i].changed);
		assert_int_equal(dry.summary.sequence, 0);
		assert_int_equal(made.summary.sequence, steps[i].sequence);
		assert_walk(place.store, STEER_OK, steps[i].walk);
	}
	place_free(&place);
}

/*! steerd may write what it has found about a check that is gone, and that has come again. */
static void a_state_of_a_deleted_check_never_counts(void **state)
{
	(void)state;
	place_t place = place_new();
	checks_must(place.store, "+web tcp host=h port=1");
	state_put(place.store, STEER_STATUS_STATE, "web", false, 1);
	assert_walk(place.store, STEER_OK, "web 0 1 tcp --P down probe\n");
	checks_must(place.store, "-web");
	state_put(place.store, STEER_STATUS_STATE, "web", false, 1);
	assert_walk(place.store, STEER_OK, "web 0 1 none --- up undefined\n");
	checks_must(place.store, "+web tcp host=h port=1");
	assert_walk(place.store, STEER_OK, "web 0 1 tcp --- up nothing\n");
	state_put(place.store, STEER_STATUS_STATE, "web", false, 1);
	assert_walk(place.store, STEER_OK, "web 0 1 tcp --- up nothing\n");
	state_put(place.store, STEER_STATUS_STATE, "web", false, 3);
	assert_walk(place.store, STEER_OK, "web 0 1 tcp --P down probe\n");
	checks_must(place.store, "+web tcp host=h port=2");
	assert_walk(place.store, STEER_OK, "web 0 1 tcp --P down probe\n");
	place_free(&place);
}

static void a_change_set_that_is_refused_changes_no_check(void **state)
{
	(void)state;
	place_t place = place_new();
	checks_must(place.store, "+a manual;+gone manual");
	checks_must(place.store, "-gone");
	char *before = store_dump(place.store);
	static const struct {
		const char *change, *fault;
		int ret;
	} cases[] = {
		{ "+new manual;-b", "file:2: health check 'b': no such health check", STEER_ENOENT },
		{ "-gone", "file:1: health check 'gone': no such health check", STEER_ENOENT },
		{ "-a;+a manual", "", STEER_EEXIST },
		{ "+b* manual", "", STEER_EINVAL },
		{ "+c calculated children=c threshold=1", "file:1: health check 'c': its child 'c' is "
		  "calculated itself; allowed: children of other types", STEER_EREFUSED },
		{ "+x manual;+c calculated children=a children=d threshold=1;+d calculated children=a "
		  "threshold=1", "file:2: health check 'c': its child 'd' is calculated itself; allowed: "
		  "children of other types", STEER_EREFUSED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].change);
		const change_t made = change_checks(place.store, cases[i].change, false);
		assert_string_equal(made.fault, cases[i].fault);
		assert_int_equal(made.ret, cases[i].ret);
		assert_int_equal(change_checks(place.store, cases[i].change, true).ret, cases[i].ret);
		char *after = store_dump(place.store);
		assert_string_equal(after, before);
		free(after);
	}
	free(before);
	place_free(&place);
}

static void children_are_no_calculated_checks(void **state)
{
	(void)state;
	place_t place = place_new();
	change_t made = change_checks(place.store, "+all calculated children=a children=b children=c "
	                              "threshold=2;+a manual", false);
	assert_int_equal(made.ret, STEER_OK);
	assert_string_equal(made.warned,
	                    "file:1: health check 'all': its child 'b' does not exist, and counts as "
	                    "up\nfile:1: health check 'all': its child 'c' does not exist, and counts "
	                    "as up\n");
	// A child that becomes one is found though its parent stays as it is.
	made = change_checks(place.store, "+x manual;+b calculated children=a threshold=1", false);
	assert_int_equal(made.ret, STEER_EREFUSED);
	assert_string_equal(made.fault, "file:2: health check 'all': its child 'b' is calculated "
	                    "itself; allowed: children of other types");
	checks_must(place.store, "+all calculated children=a threshold=1;+b calculated children=a "
	            "threshold=1");
	place_free(&place);
}

static void checks_are_logged(void **state)
{
	(void)state;
	place_t place = place_new();
	checks_must(place.store, "+a manual");
	checks_must(place.store, "+a manual disabled=yes;+b manual");
	checks_must(place.store, "-b");
	static const char *const want[] = {
		"+a manual (0 1)\n", "-a manual (0 1)\n+a manual disabled=yes (0 1)\n+b manual (1 2)\n",
		"-b manual (1 2)\n",
	};
	static const unsigned counts[] = { 1, 2, 1 };
	readers_t readers = readers_open(place.store);
	for (uint32_t i = 0; i < COUNT(want); i++) {
		uint8_t key[STEER_LOG_KEY];
		const void *value;
		size_t len;
		steer_log_part_t part;
		steer_log_head_t head;
		steer_log_entry_t entry;
		change_t is = { 0 };
		steer_log_key(key, i + 1, 0);
		assert_int_equal(steer_reader_get(readers.records, STEER_DB_LOG, key, sizeof(key), &value,
		                                  &len), STEER_OK);
		assert_int_equal(steer_log_part_open(&part, value, len, &head), STEER_OK);
		assert_int_equal(head.checks, counts[i]);
		while (steer_log_part_next(&part, &entry)) {
			steer_health_check_t check;
			char id[STEER_CHECK_ID_MAX + 1], slot[32];
			assert_int_equal(entry.kind, STEER_LOG_CHECK);
			assert_int_equal(steer_health_check_open(&check, entry.value, entry.value_len),
			                 STEER_OK);
			snprintf(id, sizeof(id), "%.*s", entry.name_len, (const char *)entry.name);
			snprintf(slot, sizeof(slot), " (%u %u)\n", check.slot, check.generation);
			tell_check(&is, entry.sign, id, &check);
			strcpy(is.told + strlen(is.told) - 1, slot);
		}
		assert_string_equal(is.told, want[i]);
	}
	readers_close(&readers);
	place_free(&place);
}

/* Slots of checks that record sets name. */

typedef struct {
	uint32_t slot, generation;
	bool defined;
} slot_t;

static slot_t slot_of(steer_write_t *write, const char *id)
{
	slot_t slot;
	must(steer_health_checks_slot(write, id, &slot.slot, &slot.generation, &slot.defined),
	     write->fault);
	return slot;
}

static void assert_slot(slot_t is, uint32_t slot, uint32_t generation, bool defined)
{
	assert_int_equal(is.slot, slot);
	assert_int_equal(is.generation, generation);
	assert_int_equal(is.defined, defined);
}

static void a_check_that_is_named_first_has_its_slot_when_it_is_defined(void **state)
{
	(void)state;
	place_t place = place_new();
	checks_must(place.store, "+b manual");
	steer_write_t write;
	steer_fault_t fault;
	must(steer_write_begin(&write, place.store, &fault), &fault);
	assert_slot(slot_of(&write, "lost"), 1, 2, false);
	steer_write_abort(&write); // It takes nothing then.

	must(steer_write_begin(&write, place.store, &fault), &fault);
	assert_slot(slot_of(&write, "c"), 1, 2, false);
	assert_slot(slot_of(&write, "a"), 2, 2, false);
	assert_slot(slot_of(&write, "b"), 0, 1, true);
	assert_slot(slot_of(&write, "c"), 1, 2, false);
	must(steer_write_commit(&write), &fault);
	assert_walk(place.store, STEER_OK, "a 2 2 none --- up undefined\nb 0 1 manual --- up nothing\n"
	            "c 1 2 none --- up undefined\n");

	checks_must(place.store, "+c http host=h inverted=yes;+d manual");
	assert_walk(place.store, STEER_OK, "a 2 2 none --- up undefined\nb 0 1 manual --- up nothing\n"
	            "c 1 2 http --- down nothing\nd 3 3 manual --- up nothing\n");
	place_free(&place);
}

static void slots_have_an_end(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_health_check_t last = { .type = STEER_CHECK_MANUAL, .slot = STEER_CHECKS_MAX - 1 };
	uint8_t value[STEER_CHECK_SIZE];
	raw_put(place.store, STEER_DB_CHECKS, "a", 1, value, steer_health_check_write(value, &last));
	const change_t made = change_checks(place.store, "+b manual", false);
	assert_int_equal(made.ret, STEER_EFULL);
	assert_non_null(strstr(made.fault, ": too many health checks; allowed: 16777216"));
	place_free(&place);
}

static void a_damaged_check_is_passed_over_and_stops_only_its_own_change(void **state)
{
	(void)state;
	place_t place = place_new();
	checks_must(place.store, "+a manual;+c manual");
	raw_put(place.store, STEER_DB_CHECKS, "b", 1, "broken", 6);
	assert_walk(place.store, STEER_EDAMAGED, "a 0 1 manual --- up nothing\n"
	            "c 1 1 manual --- up nothing\n");
	static const char *const changes[] = { "+b manual", "-b" }; // Record sets have its slot.
	for (size_t i = 0; i < COUNT(changes); i++) {
		const change_t made = change_checks(place.store, changes[i], false);
		assert_int_equal(made.ret, STEER_EDAMAGED);
		assert_non_null(strstr(made.fault, ": damaged health check 'b'"));
	}
	checks_must(place.store, "-a;+d manual;+e calculated children=c threshold=1");
	assert_walk(place.store, STEER_EDAMAGED, "a 0 1 none --- up undefined\n"
	            "c 1 1 manual --- up nothing\nd 3 2 manual --- up nothing\n"
	            "e 4 2 calculated --- up children\n");
	place_free(&place);
}

/* Uses. */

static bool write_use(void *ctx, const char *id, size_t len, uint64_t count)
{
	fprintf(ctx, "%.*s %" PRIu64 "\n", (int)len, id, count);
	return true;
}

/*! Asserts which checks are used how often, as "ID NUMBER" in lines. */
static void assert_uses(steer_store_t *store, const char *expected)
{
	steer_fault_t fault;
	steer_reader_t *reader;
	uint64_t id, count;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	must(steer_reader_open(&reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	assert_int_equal(steer_uses_walk(reader, write_use, out), STEER_OK);
	fclose(out);
	assert_string_equal(text, expected);
	for (char *rest = text, *line; (line = strtok_r(NULL, "\n", &rest)) != NULL;) {
		char *number = strchr(line, ' ');
		assert_int_equal(steer_uses_get(reader, line, number - line, &count), STEER_OK);
		assert_int_equal(count, strtoull(number, NULL, 10));
	}
	assert_int_equal(steer_uses_get(reader, "other", 5, &count), STEER_OK);
	assert_int_equal(count, 0);
	steer_reader_close(reader);
	free(text);
}

#define USED_ZONE "example.\n@ SOA . . 1 1 1 1 1\na A =weighted\n" \
                  "a 60 A +a weight=1 health=web 192.0.2.1\n" \
                  "a 60 A +b weight=1 health=far 192.0.2.2\n" \
                  "a 60 A +c weight=1 health=web 192.0.2.3\n" \
                  "b A =weighted\nb 60 A +a weight=1 health=web 192.0.2.1\n"

static void uses_of_checks_are_counted(void **state)
{
	(void)state;
	static const struct {
		steer_zone_action_t action;
		const char *zone, *uses;
	} steps[] = {
		{ STEER_ZONE_CREATE, USED_ZONE, "far 1\nweb 3\n" },
		{ STEER_ZONE_MERGE, "example.\na 60 A +c weight=2 health=web 192.0.2.3\n",
		  "far 1\nweb 3\n" },
		{ STEER_ZONE_MERGE, "example.\na 60 A +c weight=2 health=near 192.0.2.3\n",
		  "far 1\nnear 1\nweb 2\n" },
		{ STEER_ZONE_MERGE, "example.\n-a A b\n", "near 1\nweb 2\n" },
		{ STEER_ZONE_MERGE, "example.\n-b A\n", "near 1\nweb 1\n" },
		{ STEER_ZONE_CREATE, "a.example.\n@ SOA . . 1 1 1 1 1\n@ A =weighted\n"
		  "@ 60 A +a weight=1 health=web 192.0.2.1\n", "near 1\nweb 2\n" },
		{ STEER_ZONE_REPLACE, USED_ZONE, "far 1\nweb 4\n" },
		{ STEER_ZONE_DELETE, "example.\n", "web 1\n" },
		{ STEER_ZONE_DELETE, "a.example.\n", "" },
	};
	place_t place = place_new();
	for (size_t i = 0; i < COUNT(steps); i++) {
		store_must(place.store, steps[i].action, steps[i].zone);
		assert_uses(place.store, steps[i].uses);
	}
	place_free(&place);
}

static bool write_external(void *ctx, uint16_t type, const uint8_t *name)
{
	char text[STEER_NAME_TEXT_MAX];
	steer_name_to_text(text, name);
	fprintf(ctx, "\n%u %s\n", type, text);
	return true;
}

typedef struct {
	FILE *out;
	const char *externals;
} uses_writer_t;

static bool write_target_use(void *ctx, const steer_target_use_t *use)
{
	uses_writer_t *writer = ctx;
	uint8_t name[STEER_NAME_MAX];
	char text[STEER_NAME_TEXT_MAX], line[STEER_NAME_TEXT_MAX + 16];
	steer_key_to_name(name, &use->name, use->name.labels);
	steer_name_to_text(text, name);
	snprintf(line, sizeof(line), "\n%u %s\n", use->type, text);
	fprintf(writer->out, "%u %s %" PRIu64 " %s\n", use->type, text, use->count,
	        strstr(writer->externals, line) != NULL ? "external" : "hosted");
	return true;
}

/*! Asserts which targets are used how often, as "TYPE NAME NUMBER external|hosted" in lines. */
static void assert_target_uses(steer_store_t *store, int code, const char *expected)
{
	steer_fault_t fault;
	steer_reader_t *reader;
	uint64_t id;
	char *text = NULL, *externals = NULL;
	size_t size;
	must(steer_reader_open(&reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	FILE *out = open_memstream(&externals, &size);
	assert_int_equal(steer_uses_externals_walk(reader, write_external, out), code);
	fclose(out);
	out = open_memstream(&text, &size);
	uses_writer_t writer = { out, externals };
	assert_int_equal(steer_uses_targets_walk(reader, write_target_use, &writer), code);
	fclose(out);
	assert_string_equal(text, expected);
	steer_reader_close(reader);
	free(externals);
	free(text);
}

#define ALIASES_ZONE "example.\n@ SOA . . 1 1 1 1 1\n@ A + alias=lb.far.\na A =weighted\n" \
                     "a A +a weight=1 alias=lb.far.\na A +b weight=1 alias=b.far.\n" \
                     "a 60 A +c weight=1 192.0.2.3\nb AAAA + alias=lb.far.\n" \
                     "c A + alias=host\nhost A 192.0.2.1\n"
#define HOST_USE "1 host.example. 1 hosted\n"

static void uses_of_alias_targets_are_counted(void **state)
{
	(void)state;
	static const struct {
		steer_zone_action_t action;
		const char *zone, *uses;
	} steps[] = {
		{ STEER_ZONE_CREATE, ALIASES_ZONE, HOST_USE "1 b.far. 1 external\n"
		  "1 lb.far. 2 external\n28 lb.far. 1 external\n" },
		{ STEER_ZONE_MERGE, "example.\na A +b weight=2 alias=b.far. evaluate=no\n",
		  HOST_USE "1 b.far. 1 external\n1 lb.far. 2 external\n28 lb.far. 1 external\n" },
		{ STEER_ZONE_MERGE, "example.\na A +b weight=2 alias=lb.far.\n-b AAAA\n",
		  HOST_USE "1 lb.far. 3 external\n" },
		{ STEER_ZONE_MERGE, "example.\n-a A a\n@ A 192.0.2.9\n",
		  HOST_USE "1 lb.far. 1 external\n" },
		// The zone of a target comes, has no such name, delegates it, and goes.
		{ STEER_ZONE_CREATE, "far.\n@ SOA . . 1 1 1 1 1\nlb A 192.0.2.1\n",
		  HOST_USE "1 lb.far. 1 hosted\n" },
		{ STEER_ZONE_MERGE, "far.\n-lb\n", HOST_USE "1 lb.far. 1 hosted\n" },
		{ STEER_ZONE_MERGE, "far.\nlb NS ns.other.\n", HOST_USE "1 lb.far. 1 external\n" },
		{ STEER_ZONE_DELETE, "far.\n", HOST_USE "1 lb.far. 1 external\n" },
		{ STEER_ZONE_DELETE, "example.\n", "" },
	};
	place_t place = place_new();
	for (size_t i = 0; i < COUNT(steps); i++) {
		store_must(place.store, steps[i].action, steps[i].zone);
		assert_target_uses(place.store, STEER_OK, steps[i].uses);
	}
	place_free(&place);
}

/*! Escaped byte by byte, it has the longest key. */
static void uses_of_the_longest_target_are_counted(void **state)
{
	(void)state;
	uint8_t name[STEER_NAME_MAX] = { 0 };
	name[0] = name[64] = name[128] = 63;
	name[192] = 61;
	steer_key_t key;
	steer_key_from_name(&key, name);
	assert_int_equal(key.len, 1 + STEER_NAME_KEY_MAX);
	char target[STEER_NAME_TEXT_MAX], *zone, *uses;
	steer_name_to_text(target, name);
	assert_true(asprintf(&zone, "example.\n@ SOA . . 1 1 1 1 1\na A + alias=%s\n", target) > 0);
	assert_true(asprintf(&uses, "1 %s 1 external\n", target) > 0);
	place_t place = place_new();
	store_must(place.store, STEER_ZONE_CREATE, zone);
	assert_target_uses(place.store, STEER_OK, uses);
	store_must(place.store, STEER_ZONE_MERGE, "example.\n-a\n");
	assert_target_uses(place.store, STEER_OK, "");
	place_free(&place);
	free(zone);
	free(uses);
}

/*! Entries that no change set writes are told, or passed over; nothing hides the others. */
static void damaged_uses_of_targets_are_told(void **state)
{
	(void)state;
	static const uint8_t one[8] = { 1 };
	static const char key[] = "t\0\1\0far\0lb";
	static const struct {
		const char *what;
		const char *key;
		size_t key_len, len;
		int code;
		const char *uses;
	} cases[] = {
		{ "a number of 7 bytes", key, sizeof(key), 7, STEER_OK, "1 lb.far. 0 external\n" },
		{ "a label without end", "t\0\1\0a", 5, 8, STEER_EDAMAGED, "1 lb.far. 1 external\n" },
		{ "no name", "t\0\1", 3, 8, STEER_EDAMAGED, "1 lb.far. 1 external\n" },
		{ "half a type", "t\0", 2, 8, STEER_EDAMAGED, "1 lb.far. 1 external\n" },
		{ "another view", "t\0\1\1v", 5, 8, STEER_EDAMAGED, "1 lb.far. 1 external\n" },
		{ "another use", "u", 1, 8, STEER_OK, "1 lb.far. 1 external\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		place_t place = place_new();
		store_must(place.store, STEER_ZONE_CREATE,
		           "example.\n@ SOA . . 1 1 1 1 1\n@ A + alias=lb.far.\n");
		raw_put(place.store, STEER_DB_USES, cases[i].key, cases[i].key_len, one, cases[i].len);
		print_message("%s\n", cases[i].what);
		assert_target_uses(place.store, cases[i].code, cases[i].uses);
		place_free(&place);
	}
}

/*! What cannot be known from differences is counted anew. */
static void wrong_uses_of_targets_are_counted_anew(void **state)
{
	(void)state;
	static const uint8_t one[8] = { 1 };
	static const char key[] = "t\0\1\0far\0lb";
	static const struct {
		size_t len; /*!< Of the stored number, where 2 would be right; 0: a node is damaged. */
		const char *change, *uses;
	} cases[] = {
		{ 8, "example.\n-@ A\n-a\n", "28 lb.far. 1 external\n" },
		{ 7, "example.\n-@ A\n", "1 b.far. 1 external\n1 lb.far. 1 external\n"
		     "28 lb.far. 1 external\n" },
		{ 0, "example.\n-a\n", "1 lb.far. 1 external\n28 lb.far. 1 external\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		place_t place = place_new();
		steer_key_t name;
		store_must(place.store, STEER_ZONE_CREATE, ALIASES_ZONE);
		store_must(place.store, STEER_ZONE_MERGE, "example.\n-c\n");
		steer_key_from_name(&name, (const uint8_t *)"\x01""a\x07""example");
		if (cases[i].len > 0) {
			raw_put(place.store, STEER_DB_USES, key, sizeof(key), one, cases[i].len);
		} else {
			raw_put(place.store, STEER_DB_NODES, name.bytes, name.len, "broken", 6);
		}
		store_must(place.store, STEER_ZONE_MERGE, cases[i].change);
		assert_target_uses(place.store, STEER_OK, cases[i].uses);
		place_free(&place);
	}
}

/*! A damaged zone cannot tell whether it has a target. */
static void a_damaged_node_hides_no_target(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_key_t name;
	store_must(place.store, STEER_ZONE_CREATE, ALIASES_ZONE);
	steer_key_from_name(&name, (const uint8_t *)"\x04""host\x07""example");
	raw_put(place.store, STEER_DB_NODES, name.bytes, name.len, "broken", 6);
	assert_target_uses(place.store, STEER_OK, "1 host.example. 1 external\n1 b.far. 1 external\n"
	                   "1 lb.far. 2 external\n28 lb.far. 1 external\n");
	place_free(&place);
}

/*! What cannot be known from differences is counted anew. */
static void wrong_uses_are_counted_anew(void **state)
{
	(void)state;
	static const uint8_t one[8] = { 1 }, none[8] = { 0 };
	static const struct {
		const uint8_t *value; /*!< Of web, where 3 would be right; NULL: a node is damaged. */
		size_t len;
		steer_zone_action_t action;
		const char *zone, *uses;
	} cases[] = {
		{ one, sizeof(one), STEER_ZONE_MERGE, "example.\n-a A\n", "web 1\n" },
		{ one, 7, STEER_ZONE_MERGE, "example.\n-b A\n", "far 1\nweb 2\n" },
		{ none, sizeof(none), STEER_ZONE_MERGE, "example.\n-b A\n", "far 1\nweb 2\n" },
		{ NULL, 0, STEER_ZONE_MERGE, "example.\n-a\n", "web 1\n" },
		{ NULL, 0, STEER_ZONE_REPLACE, USED_ZONE, "far 1\nweb 3\n" },
		{ NULL, 0, STEER_ZONE_DELETE, "example.\n", "" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		place_t place = place_new();
		steer_key_t key;
		store_must(place.store, STEER_ZONE_CREATE, USED_ZONE);
		steer_key_from_name(&key, (const uint8_t *)"\x01""a\x07""example");
		if (cases[i].value != NULL) {
			raw_put(place.store, STEER_DB_USES, "cweb", 4, cases[i].value, cases[i].len);
		} else {
			raw_put(place.store, STEER_DB_NODES, key.bytes, key.len, "broken", 6);
		}
		store_must(place.store, cases[i].action, cases[i].zone);
		assert_uses(place.store, cases[i].uses);
		place_free(&place);
	}
}

/*! No count is taken for none, so that nobody leaves out a check that is used. */
static void damaged_uses_are_told(void **state)
{
	(void)state;
	static const struct {
		const void *value;
		size_t len;
	} cases[] = { { "\0\0\0\0\0\0\0", 8 }, { "\1\0\0\0\0\0\0", 7 }, { "\1\0\0\0\0\0\0\0", 9 } };
	place_t place = place_new();
	store_must(place.store, STEER_ZONE_CREATE, USED_ZONE);
	raw_put(place.store, STEER_DB_USES, "d", 1, "\1\0\0\0\0\0\0", 8); // Of something else.
	assert_uses(place.store, "far 1\nweb 3\n");
	for (size_t i = 0; i < COUNT(cases); i++) {
		raw_put(place.store, STEER_DB_USES, "cweb", 4, cases[i].value, cases[i].len);
		readers_t readers = readers_open(place.store);
		uint64_t count;
		assert_int_equal(steer_uses_get(readers.records, "web", 3, &count), STEER_EDAMAGED);
		readers_close(&readers);
	}
	place_free(&place);
}

/* The status. */

static void a_walk_joins_checks_with_what_is_known_of_them(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_store_t *store = place.store;
	checks_must(store, "+b http host=h;+bb http host=h;+c manual;+e manual;+f http host=h");
	checks_must(store, "-f");
	static const char kinds[] = { STEER_STATUS_FORCE, STEER_STATUS_REPORT, STEER_STATUS_STATE };
	static const char *const strays[] = { "a", "ba", "d" };
	for (size_t i = 0; i < COUNT(strays); i++) { // Of no check, before and between them.
		for (size_t k = 0; k < COUNT(kinds); k++) {
			state_put(store, kinds[k], strays[i], false, 1);
		}
	}
	state_put(store, STEER_STATUS_STATE, "b", false, 1);
	state_put(store, STEER_STATUS_FORCE, "bb", true, 1);
	state_put(store, STEER_STATUS_STATE, "bb", false, 1);
	state_put(store, STEER_STATUS_REPORT, "c", false, 2);
	state_put(store, STEER_STATUS_REPORT, "e", false, 1); // After all forces.
	state_put(store, STEER_STATUS_STATE, "f", false, 1);
	state_put(store, STEER_STATUS_STATE, "z", false, 1);
	assert_walk(store, STEER_OK, "b 0 1 http --P down probe\nbb 1 1 http F-P up force\n"
	            "c 2 1 manual --- up nothing\ne 3 1 manual -R- down report\n"
	            "f 4 1 none --- up undefined\n");

	raw_put(store, STEER_DB_STATUS, "sb", 2, "broken", 6);
	assert_walk(store, STEER_EDAMAGED, "b 0 1 http --- up nothing\nbb 1 1 http F-P up force\n"
	            "c 2 1 manual --- up nothing\ne 3 1 manual -R- down report\n"
	            "f 4 1 none --- up undefined\n");
	walked_t walked = { .left = 2 };
	readers_t readers = readers_open(store);
	(void)steer_health_checks_walk(readers.records, readers.status, &now, walk_take, &walked);
	assert_string_equal(walked.text, "b 0 1 http --- up nothing\nbb 1 1 http F-P up force\n");
	steer_health_status_t checked;
	assert_int_equal(steer_health_check_find(readers.records, readers.status, "b", &now, &checked),
	                 STEER_EDAMAGED);
	assert_int_equal(steer_health_check_find(readers.records, readers.status, "d", &now, &checked),
	                 STEER_ENOENT);
	assert_int_equal(steer_health_check_find(readers.records, readers.status, "", &now, &checked),
	                 STEER_ENOENT);
	readers_close(&readers);
	place_free(&place);
}

static void a_calculated_check_is_as_its_children_are_wherever_they_stand(void **state)
{
	(void)state; // Rule H11.
	place_t place = place_new();
	steer_store_t *store = place.store;
	checks_must(store, "+a manual;+m calculated children=z children=a children=lost threshold=2;"
	            "+n calculated children=a children=z threshold=2 inverted=yes;"
	            "+z tcp host=h port=1");
#define WALK(a, m, n, z) \
	"a 0 1 manual " a "\nm 1 1 calculated " m "\nn 2 1 calculated " n "\nz 3 1 tcp " z "\n"
	assert_walk(store, STEER_OK, WALK("--- up nothing", "--- up children", "--- down children",
	                                  "--- up nothing"));
	state_put(store, STEER_STATUS_REPORT, "a", false, 1);
	assert_walk(store, STEER_OK, WALK("-R- down report", "--- up children", "--- up children",
	                                  "--- up nothing"));
	state_put(store, STEER_STATUS_FORCE, "z", false, 1);
	assert_walk(store, STEER_OK, WALK("-R- down report", "--- down children", "--- up children",
	                                  "F-- down force"));
	state_put(store, STEER_STATUS_FORCE, "m", true, 1);
	state_put(store, STEER_STATUS_STATE, "n", false, 1); // Nothing can have probed it.
	assert_walk(store, STEER_OK, WALK("-R- down report", "F-- up force", "--- up children",
	                                  "F-- down force"));
	state_put(store, STEER_STATUS_FORCE, "m", false, 0);
	checks_must(store, "+z tcp host=h port=1 disabled=yes;-a");
	state_put(store, STEER_STATUS_FORCE, "z", false, 0);
	assert_walk(store, STEER_OK, "a 0 1 none --- up undefined\nm 1 1 calculated --- up children\n"
	            "n 2 1 calculated --- down children\nz 3 1 tcp --- up disabled\n");
	place_free(&place);
}

static void a_calculated_child_in_a_damaged_store_is_unknown(void **state)
{
	(void)state;
	place_t place = place_new();
	checks_must(place.store, "+a manual inverted=yes;+b manual;"
	            "+c calculated children=a children=b threshold=2");
	steer_health_check_t own = { // Its own child, and the child of its child.
		.type = STEER_CHECK_CALCULATED, .slot = 1, .generation = 1,
	};
	uint8_t children = steer_health_check_option("children")->number;
	uint8_t threshold = steer_health_check_option("threshold")->number;
	assert_int_equal(steer_health_check_add(&own, children, "b", 1), STEER_OK);
	assert_int_equal(steer_health_check_add(&own, children, "c", 1), STEER_OK);
	assert_int_equal(steer_health_check_add(&own, threshold, "2", 1), STEER_OK);
	uint8_t value[STEER_CHECK_MAX];
	raw_put(place.store, STEER_DB_CHECKS, "b", 1, value, steer_health_check_write(value, &own));
	assert_walk(place.store, STEER_OK, "a 0 1 manual --- down nothing\n"
	            "b 1 1 calculated --- up children\nc 2 1 calculated --- down children\n");
	raw_put(place.store, STEER_DB_CHECKS, "a", 1, "broken", 6);
	assert_walk(place.store, STEER_EDAMAGED, "b 1 1 calculated --- up children\n"
	            "c 2 1 calculated --- up children\n");
	place_free(&place);
}

/*! Children of each of the calculated checks below. */
#define FAMILY 255

static bool count_down(void *ctx, const steer_health_status_t *checked)
{
	unsigned *down = ctx;
	*down += checked->check.type == STEER_CHECK_CALCULATED && !checked->effective.up;
	return true;
}

static void many_calculated_checks_have_as_many_children_as_they_can(void **state)
{
	(void)state;
	place_t place = place_new();
	static const steer_source_location_t nowhere = { .file = NULL };
	steer_change_t *change = steer_change_new();
	steer_health_check_t child = { .type = STEER_CHECK_MANUAL };
	steer_health_check_t parent = { .type = STEER_CHECK_CALCULATED };
	steer_fault_t fault;
	char id[32];
	for (unsigned i = 0; i < FAMILY; i++) {
		snprintf(id, sizeof(id), "child-%u", i);
		assert_int_equal(steer_change_health_check(change, id, &child, &nowhere), STEER_OK);
		must(steer_health_check_set(&parent, "children", id, &fault), &fault);
	}
	must(steer_health_check_set(&parent, "threshold", "255", &fault), &fault);
	for (unsigned i = 0; i < FAMILY; i++) {
		snprintf(id, sizeof(id), "parent-%u", i);
		assert_int_equal(steer_change_health_check(change, id, &parent, &nowhere), STEER_OK);
	}
	must(steer_store_apply(place.store, change, &(steer_apply_t) { .dry_run = false },
	                       &(steer_summary_t) { 0 }, &fault), &fault);
	steer_change_free(change);
	for (unsigned turn = 0; turn < 2; turn++) {
		unsigned down = 0;
		readers_t readers = readers_open(place.store);
		assert_int_equal(steer_health_checks_walk(readers.records, readers.status, &now, count_down,
		                                          &down), STEER_OK);
		assert_int_equal(down, turn * FAMILY);
		readers_close(&readers);
		state_put(place.store, STEER_STATUS_REPORT, "child-0", false, 1);
	}
	place_free(&place);
}

static void a_check_that_goes_leaves_no_state_behind(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_store_t *store = place.store;
	checks_must(store, "+a manual;+b manual");
	state_put(store, STEER_STATUS_FORCE, "a", false, 1);
	state_put(store, STEER_STATUS_REPORT, "a", false, 1);
	state_put(store, STEER_STATUS_STATE, "a", false, 1);
	state_put(store, STEER_STATUS_FORCE, "b", false, 1);
	assert_int_equal(change_checks(store, "-a", true).ret, STEER_OK);
	assert_walk(store, STEER_OK, "a 0 1 manual FR- down force\nb 1 1 manual F-- down force\n");
	checks_must(store, "+a manual inverted=yes"); // It is still the same check.
	assert_walk(store, STEER_OK, "a 0 1 manual FR- down force\nb 1 1 manual F-- down force\n");
	checks_must(store, "-a");
	assert_walk(store, STEER_OK, "a 0 1 none --- up undefined\nb 1 1 manual F-- down force\n");

	// Anything left nevertheless does not belong to the next one.
	state_put(store, STEER_STATUS_FORCE, "a", false, 1);
	state_put(store, STEER_STATUS_FORCE, "c", false, 4);
	assert_int_equal(change_checks(store, "+a manual;+c manual", true).ret, STEER_OK);
	assert_walk(store, STEER_OK, "a 0 1 none --- up undefined\nb 1 1 manual F-- down force\n");
	change_t made = change_checks(store, "+a manual;+c manual", false);
	assert_int_equal(made.summary.sequence, 4);
	assert_walk(store, STEER_OK, "a 0 1 manual --- up nothing\nb 1 1 manual F-- down force\n"
	            "c 2 4 manual --- up nothing\n");
	place_free(&place);
}

static void a_state_is_of_the_type_that_it_was_made_for(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_store_t *store = place.store;
	checks_must(store, "+a manual;+b tcp host=b port=1");
	state_put(store, STEER_STATUS_REPORT, "a", false, 1);
	state_put(store, STEER_STATUS_STATE, "b", false, 1);
	static const struct {
		const char *change, *dry, *walk; /*!< What a dry run of it leaves, and it itself. */
	} steps[] = {
		{ "+a manual inverted=yes;+b tls host=b port=1",
		  "a 0 1 manual -R- down report\nb 1 1 tcp --P down probe\n",
		  "a 0 1 manual -R- up report\nb 1 1 tls --P down probe\n" },
		{ "+a tcp host=a port=1;+b manual",
		  "a 0 1 manual -R- up report\nb 1 1 tls --P down probe\n",
		  "a 0 1 tcp --- up nothing\nb 1 1 manual --- up nothing\n" },
		{ "+a manual;+b tcp host=b port=1",
		  "a 0 1 tcp --- up nothing\nb 1 1 manual --- up nothing\n",
		  "a 0 1 manual --- up nothing\nb 1 1 tcp --- up nothing\n" },
	};
	for (size_t i = 0; i < COUNT(steps); i++) {
		assert_int_equal(change_checks(store, steps[i].change, true).ret, STEER_OK);
		assert_walk(store, STEER_OK, steps[i].dry);
		checks_must(store, steps[i].change);
		assert_walk(store, STEER_OK, steps[i].walk);
	}
	state_put(store, STEER_STATUS_FORCE, "a", false, 1); // A force is of any type.
	checks_must(store, "+a tcp host=a port=1");
	checks_must(store, "+a manual");
	assert_walk(store, STEER_OK, "a 0 1 manual F-- down force\nb 1 1 tcp --- up nothing\n");
	place_free(&place);
}

/*! Makes the doorbell old, to see later whether it has been rung. */
static void doorbell_age(const place_t *place)
{
	const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	assert_int_equal(utimensat(AT_FDCWD, path_in(place->dir, "doorbell"), old, 0), 0);
}

static bool doorbell_rung(const place_t *place)
{
	struct stat st;
	assert_int_equal(stat(path_in(place->dir, "doorbell"), &st), 0);
	return st.st_mtime != 1000;
}

static void a_change_of_the_status_rings_and_is_no_change_set(void **state)
{
	(void)state;
	place_t place = place_new();
	checks_must(place.store, "+a manual");
	char *before = store_dump(place.store);
	doorbell_age(&place);
	state_put(place.store, STEER_STATUS_FORCE, "a", false, 1);
	assert_true(doorbell_rung(&place));
	assert_walk(place.store, STEER_OK, "a 0 1 manual F-- down force\n");
	doorbell_age(&place);
	state_put(place.store, STEER_STATUS_FORCE, "a", false, 0);
	assert_true(doorbell_rung(&place));
	assert_walk(place.store, STEER_OK, "a 0 1 manual --- up nothing\n");
	doorbell_age(&place);
	state_put(place.store, STEER_STATUS_FORCE, "a", false, 0); // There is none any more.
	assert_false(doorbell_rung(&place));
	char *after = store_dump(place.store);
	assert_string_equal(after, before);
	free(before);
	free(after);
	place_free(&place);
}

static void a_status_that_cannot_be_is_refused_with_all_others(void **state)
{
	(void)state;
	place_t place = place_new();
	char text[STEER_LOG_TEXT_MAX + 1] = { 0 };
	steer_health_state_t good = state_of(false, 1), who = good, reason = good;
	who.who = reason.reason = text;
	who.who_len = reason.reason_len = sizeof(text);
	const steer_external_answer_t torn = { .count = 1,
		                                   .rrs = (const uint8_t *)"\xc0\x0c",
		                                   .rrs_len = 2 },
	                              error = { .error = text, .error_len = sizeof(text) };
	const steer_status_entry_t bad[] = {
		{ .kind = STEER_STATUS_FORCE, .id = "", .state = &good },
		{ .kind = STEER_STATUS_FORCE, .id = "a b", .state = &good },
		{ .kind = STEER_STATUS_FORCE, .id = "a", .state = &who },
		{ .kind = STEER_STATUS_FORCE, .id = "a", .state = &reason },
		{ .kind = STEER_STATUS_TARGET, .name = (const uint8_t *)"", .type = T_A, .target = &torn },
		{ .kind = STEER_STATUS_TARGET, .name = (const uint8_t *)"", .type = T_A, .target = &error },
	};
	checks_must(place.store, "+a manual");
	for (size_t i = 0; i < COUNT(bad); i++) {
		const steer_status_entry_t both[] = {
			{ .kind = STEER_STATUS_REPORT, .id = "a", .state = &good }, bad[i],
		};
		steer_fault_t fault;
		assert_int_equal(steer_status_write(place.store, both, 2, &fault), STEER_EINVAL);
		assert_walk(place.store, STEER_OK, "a 0 1 manual --- up nothing\n");
	}
	place_free(&place);
}

static void a_setting_is_read_or_has_its_default(void **state)
{
	(void)state;
	place_t place = place_new();
	static const struct {
		const char *what, *value;
		size_t len;
		uint32_t number;
		int ret;
	} cases[] = {
		{ "it is not there",  NULL, 0, 600, STEER_OK },
		{ "it is there",      "\x2a\0\0\0", 4, 42, STEER_OK },
		{ "it is too low",    "\x1\0\0\0", 4, 600, STEER_EDAMAGED },
		{ "it is no number",  "\x2a\0", 2, 600, STEER_EDAMAGED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		uint32_t number = 0;
		if (cases[i].value != NULL) {
			raw_put(place.store, STEER_DB_META, "stale-after", 11, cases[i].value, cases[i].len);
		}
		readers_t readers = readers_open(place.store);
		assert_int_equal(steer_setting_read(readers.records,
		                                    &steer_settings[STEER_SETTING_STALE_AFTER], &number),
		                 cases[i].ret);
		assert_int_equal(number, cases[i].number);
		readers_close(&readers);
	}
	place_free(&place);
}

static void forwarders_are_read_or_those_of_the_system(void **state)
{
	(void)state;
	place_t place = place_new();
	static const struct {
		const char *what, *value;
		size_t len;
		uint32_t word, count;
		int ret;
	} cases[] = {
		{ "none are there",  NULL, 0, STEER_FORWARD_SYSTEM, 0, STEER_OK },
		{ "a word",          "\1", 1, STEER_FORWARD_RECURSION, 0, STEER_OK },
		{ "damaged",         "\1\0", 2, STEER_FORWARD_SYSTEM, 0, STEER_EDAMAGED },
		{ "a server",        "\4\0\x35\0\xc0\0\2\1\0", 9, STEER_FORWARD_SYSTEM, 1, STEER_OK },
		{ "half a server",   "\4\0\x35\0\xc0\0", 6, STEER_FORWARD_SYSTEM, 0, STEER_EDAMAGED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		steer_forwarders_t forwarders = { .word = 7 };
		if (cases[i].value != NULL) {
			raw_put(place.store, STEER_DB_META, "forwarders", 10, cases[i].value, cases[i].len);
		}
		readers_t readers = readers_open(place.store);
		assert_int_equal(steer_setting_forwarders(readers.records, &forwarders), cases[i].ret);
		assert_int_equal(forwarders.word, cases[i].word);
		assert_int_equal(forwarders.count, cases[i].count);
		readers_close(&readers);
	}
	place_free(&place);
}

/* The heartbeat of steerd. */

static void a_heartbeat_is_written_with_states(void **state)
{
	(void)state;
	place_t place = place_new();
	const steer_health_state_t down = state_of(false, 1);
	steer_status_entry_t entries[] = {
		{ .kind = STEER_STATUS_STATE, .id = "a", .state = &down },
		{ .kind = STEER_STATUS_HEARTBEAT, .heartbeat = &now },
	};
	steer_fault_t fault;
	steer_now_t beat;
	const void *value;
	size_t len;
	checks_must(place.store, "+a http host=h");
	must(steer_status_write(place.store, entries, 2, &fault), &fault);
	readers_t readers = readers_open(place.store);
	assert_int_equal(steer_reader_get(readers.status, STEER_DB_STATUS, "h", 1, &value, &len),
	                 STEER_OK);
	assert_int_equal(steer_heartbeat_open(&beat, value, len), STEER_OK);
	assert_memory_equal(&beat, &now, sizeof(now));
	readers_close(&readers);
	assert_walk(place.store, STEER_OK, "a 0 1 http --P down probe\n");

	entries[1].heartbeat = NULL;
	must(steer_status_write(place.store, &entries[1], 1, &fault), &fault);
	readers = readers_open(place.store);
	assert_int_equal(steer_reader_get(readers.status, STEER_DB_STATUS, "h", 1, &value, &len),
	                 STEER_ENOENT);
	readers_close(&readers);
	place_free(&place);
}

static void beat(steer_store_t *store, uint64_t age_ms)
{
	const steer_now_t then = {
		.wall = now.wall, .boot_ms = now.boot_ms - age_ms, .boot = { now.boot[0], now.boot[1] },
	};
	const steer_status_entry_t entry = { .kind = STEER_STATUS_HEARTBEAT, .heartbeat = &then };
	steer_fault_t fault;
	must(steer_status_write(store, &entry, 1, &fault), &fault);
}

#define STALE_CHECKS "+all calculated children=web children=hand threshold=2;+hand manual;" \
	"+web http host=h inverted=yes"
#define STALE_KEPT "all 0 1 calculated --- down children\nhand 1 1 manual -R- up report\n" \
	"web 2 1 http --P down probe\n"
#define STALE_UP   "all 0 1 calculated --- up children\nhand 1 1 manual -R- up report\n" \
	"web 2 1 http --P up stale\n"

static void what_was_probed_is_as_wanted_while_steerd_is_silent(void **state)
{
	(void)state; // Rule H13.
	enum { AFTER = STEER_SETTING_STALE_AFTER, STALE = STEER_SETTING_STALE, MINUTE = 60000 };
	static const struct {
		const char *what;
		int64_t age_ms;   /*!< Negative: the heartbeat stays. */
		unsigned setting;
		uint32_t number;  /*!< 0: the setting stays. */
		bool silent;
		const char *walk;
	} steps[] = {
		{ "up, but no steerd was ever here", -1, STALE, STEER_STALE_UP, false, STALE_KEPT },
		{ "not silent yet", 10 * MINUTE - 1, 0, 0, false, STALE_KEPT },
		{ "silent", 10 * MINUTE, 0, 0, true, STALE_UP },
		{ "not yet, by the setting", -1, AFTER, 601, false, STALE_KEPT },
		{ "silent, by the setting", -1, AFTER, 30, true, STALE_UP },
		{ "at work again", 0, 0, 0, false, STALE_KEPT },
	};
	place_t place = place_new();
	checks_must(place.store, STALE_CHECKS);
	state_put(place.store, STEER_STATUS_STATE, "web", true, 1);
	state_put(place.store, STEER_STATUS_REPORT, "hand", true, 1);
	for (size_t i = 0; i < COUNT(steps); i++) {
		print_message("  %s\n", steps[i].what);
		if (steps[i].age_ms >= 0) {
			beat(place.store, steps[i].age_ms);
		}
		if (steps[i].number > 0) {
			store_set_number(place.store, steps[i].setting, steps[i].number);
		}
		steer_silence_t silence;
		readers_t readers = readers_open(place.store);
		assert_int_equal(steer_silence_read(readers.records, readers.status, &now, &silence),
		                 STEER_OK);
		readers_close(&readers);
		assert_int_equal(silence.silent, steps[i].silent);
		assert_walk(place.store, STEER_OK, steps[i].walk);
	}
	store_set_number(place.store, STALE, STEER_STALE_KEEP);
	beat(place.store, 30 * MINUTE);
	assert_walk(place.store, STEER_OK, STALE_KEPT);
	store_set_number(place.store, STALE, STEER_STALE_UP);
	assert_walk(place.store, STEER_OK, STALE_UP);
	raw_put(place.store, STEER_DB_STATUS, "h", 1, "damaged", 7);
	assert_walk(place.store, STEER_EDAMAGED, STALE_KEPT);
	beat(place.store, 30 * MINUTE);
	raw_put(place.store, STEER_DB_META, "stale", 5, "damaged", 7);
	assert_walk(place.store, STEER_EDAMAGED, STALE_KEPT);
	place_free(&place);
}

static void a_target_is_found_by_type_and_name(void **state)
{
	(void)state;
	place_t place = place_new();
	static const uint8_t name[] = "\x02lb\x07""example", other[] = "\x01x";
	static const uint8_t address[] = { 192, 0, 2, 1 };
	uint8_t rr[STEER_RR_HEAD + 4];
	const steer_external_answer_t was = {
		.ttl = 60, .count = 1, .rrs = rr, .resolved = { .wall = 1700000000 },
		.rrs_len = steer_rr_write(rr, T_A, 60, address, sizeof(address)),
	};
	steer_status_entry_t write = {
		.kind = STEER_STATUS_TARGET, .name = name, .type = T_A, .target = &was,
	};
	steer_fault_t fault;
	must(steer_status_write(place.store, &write, 1, &fault), &fault);
	steer_key_t key, other_key;
	steer_key_from_name(&key, name);
	steer_key_from_name(&other_key, other);
	steer_external_answer_t is;
	readers_t readers = readers_open(place.store);
	assert_int_equal(steer_status_external_answer(readers.status, T_A, &key, &is), STEER_OK);
	assert_int_equal(is.ttl, 60);
	assert_int_equal(is.resolved.wall, 1700000000);
	assert_int_equal(is.rrs_len, sizeof(rr));
	assert_memory_equal(is.rrs, rr, sizeof(rr));
	assert_int_equal(steer_status_external_answer(readers.status, T_AAAA, &key, &is), STEER_ENOENT);
	assert_int_equal(steer_status_external_answer(readers.status, T_A, &other_key, &is),
	                 STEER_ENOENT);
	readers_close(&readers);

	write.target = NULL;
	must(steer_status_write(place.store, &write, 1, &fault), &fault);
	readers = readers_open(place.store);
	assert_int_equal(steer_status_external_answer(readers.status, T_A, &key, &is), STEER_ENOENT);
	readers_close(&readers);
	place_free(&place);
}

/* Forces and reports as change sets. */

/*! Applies "force ID up;report ID down;force ID clear" and the like as one change set. */
static int change_states(steer_store_t *store, const char *text)
{
	static const steer_apply_t options = { .who = "me", .what = "health", .now.wall = 9000 };
	steer_health_state_t states[8];
	steer_status_entry_t entries[8];
	char ids[8][160], kind[16], to[16];
	size_t count = 0;
	for (int used; sscanf(text, "%15s %159s %15[a-z]%n", kind, ids[count], to, &used) == 3; count++) {
		states[count] = state_of(strcmp(to, "up") == 0, 1);
		states[count].cleared = strcmp(to, "clear") == 0;
		entries[count] = (steer_status_entry_t) {
			.kind = kind[0], .id = ids[count], .state = &states[count],
		};
		text += used + (text[used] == ';');
	}
	steer_fault_t fault;
	return steer_store_apply_states(store, entries, count, &options, &fault);
}

/*! What a change set of the log did to states, as "+fweb 1 -rhand 0 "; the caller frees it. */
static char *logged_states(steer_store_t *store, uint64_t sequence)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	readers_t readers = readers_open(store);
	steer_log_t *log;
	steer_log_change_t change;
	steer_log_entry_t entry;
	assert_int_equal(steer_log_open(&log, readers.records), STEER_OK);
	int ret = steer_log_find(log, sequence, &change);
	if (ret == STEER_OK && change.sequence == sequence) {
		assert_int_equal(change.head.added + change.head.changed + change.head.zones, 0);
		while (steer_log_next(log, &entry) == STEER_OK) {
			steer_health_state_t state;
			assert_int_equal(entry.kind, STEER_LOG_STATE);
			assert_int_equal(steer_health_state_open(&state, entry.value, entry.value_len),
			                 STEER_OK);
			fprintf(out, "%c%.*s %c ", entry.sign, entry.name_len, (const char *)entry.name,
			        state.cleared ? 'c' : state.up ? '1' : '0');
		}
	} else {
		fputs("none", out);
	}
	steer_log_close(log);
	readers_close(&readers);
	fclose(out);
	return text;
}

#define STATED_CHECKS "+hand manual;+web http host=h"

static void forces_and_reports_are_change_sets(void **state)
{
	(void)state;
	static const struct {
		const char *change, *logged, *walk;
		int ret;
	} cases[] = {
		{ "force web down", "+fweb 0 ",
		  "hand 0 1 manual --- up nothing\nweb 1 1 http F-- down force\n", STEER_OK },
		{ "force web down", "none",
		  "hand 0 1 manual --- up nothing\nweb 1 1 http F-- down force\n", STEER_OK },
		{ "force web up;report hand down", "-fweb 0 +fweb 1 +rhand 0 ",
		  "hand 0 1 manual -R- down report\nweb 1 1 http F-- up force\n", STEER_OK },
		{ "force hand clear", "none",
		  "hand 0 1 manual -R- down report\nweb 1 1 http F-- up force\n", STEER_OK },
		{ "report hand clear;force hand up", "-rhand 0 +rhand c +fhand 1 ",
		  "hand 0 1 manual F-- up force\nweb 1 1 http F-- up force\n", STEER_OK },
		{ "force web clear;force no+id up", "none",
		  "hand 0 1 manual F-- up force\nweb 1 1 http F-- up force\n", STEER_EINVAL },
	};
	place_t place = place_new();
	checks_must(place.store, STATED_CHECKS);
	uint64_t sequence = 1;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].change);
		assert_int_equal(change_states(place.store, cases[i].change), cases[i].ret);
		char *logged = logged_states(place.store, sequence + 1);
		assert_string_equal(logged, cases[i].logged);
		sequence += strcmp(logged, "none") != 0;
		assert_walk(place.store, STEER_OK, cases[i].walk);
		free(logged);
	}
	place_free(&place);
}

static void what_a_killed_writer_left_is_put_into_the_status(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		const char *before, *after; /*!< Change sets before the status was kept, and after. */
		uint32_t keep;              /*!< The log's; 0: nothing, so that it is lost. */
		const char *walk;
	} cases[] = {
		{ "the first one", "", "force web down", 10,
		  "hand 0 1 manual --- up nothing\nweb 1 1 http F-- down force\n" },
		{ "another one", "force web down", "report hand down;force web up", 10,
		  "hand 0 1 manual -R- down report\nweb 1 1 http F-- up force\n" },
		{ "one that ends it", "force web down", "force web clear", 10,
		  "hand 0 1 manual --- up nothing\nweb 1 1 http --- up nothing\n" },
		{ "one that is not kept", "force web down", "force web clear", 0,
		  "hand 0 1 manual --- up nothing\nweb 1 1 http F-- down force\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		checks_must(place.store, STATED_CHECKS);
		store_set_number(place.store, STEER_SETTING_LOG_KEEP, cases[i].keep);
		assert_int_equal(change_states(place.store, cases[i].before), STEER_OK);
		steer_store_close(place.store);
		char *kept = strdup(path_in(place.dir, "kept"));
		const char *data = path_in(place.dir, "status/data.mdb");
		copy_file(data, kept);
		place.store = store_open(place.dir, STEER_STORE_WRITE);
		assert_int_equal(change_states(place.store, cases[i].after), STEER_OK);
		// Another change set after it has nothing to do with it.
		store_must(place.store, STEER_ZONE_CREATE, "e.\n" SOA);
		steer_store_close(place.store);
		copy_file(kept, path_in(place.dir, "status/data.mdb"));
		place.store = store_open(place.dir, STEER_STORE_WRITE);
		assert_walk(place.store, STEER_OK, cases[i].walk);
		steer_store_close(place.store); // What steerctl does next is not undone.
		place.store = store_open(place.dir, STEER_STORE_WRITE);
		assert_int_equal(change_states(place.store, "force web up;report hand clear"), STEER_OK);
		steer_store_close(place.store);
		place.store = store_open(place.dir, STEER_STORE_WRITE);
		assert_walk(place.store, STEER_OK,
		            "hand 0 1 manual --- up nothing\nweb 1 1 http F-- up force\n");
		free(kept);
		place_free(&place);
	}
}

static void states_of_another_time_mean_nothing_to_restored_records(void **state)
{
	(void)state;
	place_t place = place_new(), other = place_new();
	checks_must(place.store, "+a manual;+b manual");
	store_must(other.store, STEER_ZONE_CREATE, "e.\n" SOA); // Its numbers differ from here on.
	checks_must(other.store, "+b manual;+a manual");
	state_put(place.store, STEER_STATUS_FORCE, "a", false, 1);
	assert_walk(place.store, STEER_OK, "a 0 1 manual F-- down force\n"
	            "b 1 1 manual --- up nothing\n");

	steer_store_close(other.store);
	copy_file(path_in(place.dir, "status/data.mdb"), path_in(other.dir, "status/data.mdb"));
	other.store = store_open(other.dir, STEER_STORE_WRITE);
	assert_walk(other.store, STEER_OK, "a 1 2 manual --- up nothing\n"
	            "b 0 2 manual --- up nothing\n");
	place_free(&place);
	place_free(&other);
}

static void a_copy_has_checks_and_states(void **state)
{
	(void)state;
	place_t place = place_new();
	checks_must(place.store, "+a manual");
	state_put(place.store, STEER_STATUS_FORCE, "a", false, 1);
	char *temp = temp_new(), *copy = strdup(path_in(temp, "copy"));
	steer_fault_t fault;
	must(steer_store_backup(place.store, copy, &fault), &fault);
	steer_store_t *store = store_open(copy, STEER_STORE_READ);
	assert_walk(store, STEER_OK, "a 0 1 manual F-- down force\n");
	steer_store_stats_t stats;
	must(steer_store_stats(store, &stats, &fault), &fault);
	assert_int_equal(stats.db[STEER_DB_CHECKS].entries, 1);
	assert_int_equal(stats.db[STEER_DB_STATUS].entries, 1);
	assert_string_equal(stats.db[STEER_DB_STATUS].name, "status");
	steer_store_close(store);
	free(copy);
	temp_free(temp);
	place_free(&place);
}

static void the_time_goes_on_within_a_boot(void **state)
{
	(void)state;
	steer_now_t first, second;
	steer_now(&first);
	steer_now(&second);
	assert_in_range(second.wall, first.wall, first.wall + 3600);
	assert_in_range(second.boot_ms, first.boot_ms, first.boot_ms + 3600000);
	assert_true(first.wall > 1600000000 && first.boot_ms > 0);
	assert_true(first.boot[0] != 0 && first.boot[0] == second.boot[0]);
	assert_true(first.boot[1] != 0 && first.boot[1] == second.boot[1]);
}

/* The health table. */

static void put(steer_health_table_build_t *build, uint32_t slot, uint32_t generation, bool up)
{
	const steer_health_status_t checked = {
		.check = { .slot = slot, .generation = generation }, .effective.up = up,
	};
	assert_int_equal(steer_health_table_put(build, &checked), STEER_OK);
}

/*! Checks that only one slot of a table has a check, which is down. */
static void check_only(const steer_health_table_t *table, uint32_t slot, uint32_t generation)
{
	assert_int_equal(table->count, slot + 1);
	for (uint32_t i = 0; i < slot; i++) {
		assert_int_equal(table->slots[i].generation, 0);
		assert_int_equal(table->slots[i].down, 0);
	}
	assert_int_equal(table->slots[slot].generation, generation);
	assert_false(steer_health_table_up(table, slot, generation));
}

static void slots_without_a_check_are_unknown(void **state)
{
	(void)state;
	steer_health_table_build_t build = { .room = 0 }, copy = { .room = 0 };
	assert_int_equal(steer_health_table_copy(&copy, &build.table), STEER_OK);
	assert_int_equal(copy.table.count, 0);
	for (uint32_t slot = 0; slot < 300; slot++) { // Its memory was another table's.
		steer_health_table_clear(&build);
		put(&build, slot, slot + 7, false);
		check_only(&build.table, slot, slot + 7);
		assert_int_equal(steer_health_table_copy(&copy, &build.table), STEER_OK);
		check_only(&copy.table, slot, slot + 7);
		assert_ptr_not_equal(copy.table.slots, build.table.slots);
		for (uint32_t i = 0; i <= slot; i++) {
			put(&build, i, i + 1, i % 2 == 0);
		}
		assert_int_equal(build.table.count, slot + 1);
		assert_true(steer_health_table_up(&build.table, slot, slot + 1) == (slot % 2 == 0));
	}
	steer_health_table_free(&copy);
	steer_health_table_free(&build);
	steer_health_table_free(&build);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_check_keeps_its_slot_as_long_as_the_store_lives),
		cmocka_unit_test(a_state_of_a_deleted_check_never_counts),
		cmocka_unit_test(a_change_set_that_is_refused_changes_no_check),
		cmocka_unit_test(children_are_no_calculated_checks),
		cmocka_unit_test(checks_are_logged),
		cmocka_unit_test(a_check_that_is_named_first_has_its_slot_when_it_is_defined),
		cmocka_unit_test(slots_have_an_end),
		cmocka_unit_test(a_damaged_check_is_passed_over_and_stops_only_its_own_change),
		cmocka_unit_test(uses_of_checks_are_counted),
		cmocka_unit_test(wrong_uses_are_counted_anew),
		cmocka_unit_test(damaged_uses_are_told),
		cmocka_unit_test(uses_of_alias_targets_are_counted),
		cmocka_unit_test(uses_of_the_longest_target_are_counted),
		cmocka_unit_test(damaged_uses_of_targets_are_told),
		cmocka_unit_test(wrong_uses_of_targets_are_counted_anew),
		cmocka_unit_test(a_damaged_node_hides_no_target),
		cmocka_unit_test(a_walk_joins_checks_with_what_is_known_of_them),
		cmocka_unit_test(a_calculated_check_is_as_its_children_are_wherever_they_stand),
		cmocka_unit_test(a_calculated_child_in_a_damaged_store_is_unknown),
		cmocka_unit_test(many_calculated_checks_have_as_many_children_as_they_can),
		cmocka_unit_test(a_check_that_goes_leaves_no_state_behind),
		cmocka_unit_test(a_state_is_of_the_type_that_it_was_made_for),
		cmocka_unit_test(a_change_of_the_status_rings_and_is_no_change_set),
		cmocka_unit_test(a_status_that_cannot_be_is_refused_with_all_others),
		cmocka_unit_test(a_setting_is_read_or_has_its_default),
		cmocka_unit_test(forwarders_are_read_or_those_of_the_system),
		cmocka_unit_test(a_heartbeat_is_written_with_states),
		cmocka_unit_test(what_was_probed_is_as_wanted_while_steerd_is_silent),
		cmocka_unit_test(a_target_is_found_by_type_and_name),
		cmocka_unit_test(forces_and_reports_are_change_sets),
		cmocka_unit_test(what_a_killed_writer_left_is_put_into_the_status),
		cmocka_unit_test(states_of_another_time_mean_nothing_to_restored_records),
		cmocka_unit_test(a_copy_has_checks_and_states),
		cmocka_unit_test(the_time_goes_on_within_a_boot),
		cmocka_unit_test(slots_without_a_check_are_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
