/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/health_check.h"
#include "core/health_state.h"
#include "core/node.h"
#include "store/change/transaction.h"
#include "store/log.h"
#include "store/replay.h"
#include "unit/golden_nodes.h"
#include "unit/hex.h"
#include "unit/records.h"
#include "unit/seeds.h"
#include "unit/stores.h"
#include "unit/test.h"

#define LAST    INT_MAX /*!< The last byte. */
#define SOA "@ SOA ns hm 1 2 3 4 300\n"

/* The codec. */

/*! A part with every kind of entry, in memory that ends where it does; the caller frees it. */
static uint8_t *make_part(bool first, size_t *size)
{
	static const uint8_t apex[] = "\x07""example", servers[] = "\x02ns\x00\x00";
	steer_health_check_t check = { .type = STEER_CHECK_TCP, .slot = 3, .generation = 9 };
	uint8_t value[STEER_CHECK_MAX];
	assert_int_equal(
		steer_health_check_add(&check, steer_health_check_option("port")->number, "443", 3),
		STEER_OK);
	const size_t value_len = steer_health_check_write(value, &check);
	const steer_health_state_t cleared = {
		.cleared = true, .created = 9, .since = 8, .who = "me", .who_len = 2,
	};
	uint8_t cleared_value[STEER_HEALTH_STATE_MAX];
	const size_t cleared_len = steer_health_state_write(cleared_value, &cleared);
	const steer_log_head_t head = {
		.time = 1700000000, .parts = 1, .zones = 1, .added = 3, .changed = 2, .removed = 1,
		.settings = 1, .checks = 7, .chain = { 11, 12 }, .who = "alice", .who_len = 5, .what = "import x", .what_len = 8,
	};
	const steer_log_entry_t entries[] = {
		{ .kind = STEER_LOG_SETTING, .sign = STEER_LOG_WAS, .name = BYTES("log-keep"),
		  .name_len = 8, .value = BYTES("\x01\x02\x03\x04"), .value_len = 4 },
		{ .kind = STEER_LOG_CHECK, .sign = STEER_LOG_IS, .name = BYTES("web"), .name_len = 3,
		  .value = value, .value_len = value_len },
		{ .kind = STEER_LOG_STATE, .sign = STEER_LOG_IS, .name = BYTES("fweb"), .name_len = 4,
		  .value = cleared_value, .value_len = cleared_len },
		{ .kind = STEER_LOG_NAME, .sign = STEER_LOG_IS, .name = BYTES("rmoon"), .name_len = 5,
		  .value = BYTES("\x07\x00\x00\x00"), .value_len = 4 },
		{ .kind = STEER_LOG_ZONE, .sign = STEER_LOG_STAYS, .name = apex, .name_len = sizeof(apex),
		  .zone = { .mode = STEER_ZONE_OVERLAY, .servers = servers, .comment = "hello",
		            .servers_len = sizeof(servers), .comment_len = 5 },
		  .differs = true, .was = { .comment = "was", .comment_len = 3 } },
		{ .kind = STEER_LOG_SET, .sign = STEER_LOG_WAS, .name = apex, .name_len = sizeof(apex),
		  .group = groups_signed[0] },
		{ .kind = STEER_LOG_SET, .sign = STEER_LOG_IS, .name = apex, .name_len = sizeof(apex),
		  .group = groups_policy[0] },
		{ .kind = STEER_LOG_SET, .sign = STEER_LOG_IS, .name = apex, .name_len = sizeof(apex),
		  .group = groups_policy[2] },
	};
	uint8_t room[STEER_LOG_PART] = { 0 };
	size_t at = STEER_LOG_PART_SIZE;
	if (first) {
		steer_log_head_write(room + at, &head);
		at += STEER_LOG_HEAD_SIZE + head.who_len + head.what_len;
	}
	for (size_t i = 0; i < COUNT(entries); i++) {
		size_t needed = 0, len = sizeof(room) - at;
		assert_int_equal(steer_log_entry_write(NULL, &needed, &entries[i]), STEER_OK);
		assert_int_equal(steer_log_entry_write(room + at, &len, &entries[i]), STEER_OK);
		assert_int_equal(len, needed);
		for (len = 0; len < needed; len++) { // It returns how much it needs, whatever it was given.
			size_t given = len;
			uint8_t *few = malloc(len + 1);
			assert_int_equal(steer_log_entry_write(few, &given, &entries[i]), STEER_ESPACE);
			assert_int_equal(given, needed);
			free(few);
		}
		at += needed;
	}
	steer_log_part_seal(room, at, COUNT(entries));
	*size = at;
	return memcpy(malloc(at), room, at);
}

static int open_part(const uint8_t *bytes, size_t size, bool first)
{
	steer_log_part_t part;
	steer_log_head_t head;
	return steer_log_part_open(&part, bytes, size, first ? &head : NULL);
}

static void a_part_says_what_was_written(void **state)
{
	(void)state;
	size_t size;
	uint8_t *bytes = make_part(true, &size);
	steer_log_part_t part;
	steer_log_head_t head;
	steer_log_entry_t entry;
	assert_int_equal(steer_log_part_open(&part, bytes, size, &head), STEER_OK);
	assert_int_equal(head.time, 1700000000);
	assert_int_equal(head.parts, 1);
	assert_int_equal(head.zones, 1);
	assert_int_equal(head.added, 3);
	assert_int_equal(head.changed, 2);
	assert_int_equal(head.removed, 1);
	assert_int_equal(head.settings, 1);
	assert_int_equal(head.checks, 7);
	assert_int_equal(head.chain.low, 11);
	assert_int_equal(head.chain.high, 12);
	assert_int_equal(head.who_len, 5);
	assert_memory_equal(head.who, "alice", 5);
	assert_int_equal(head.what_len, 8);
	assert_memory_equal(head.what, "import x", 8);

	assert_true(steer_log_part_next(&part, &entry));
	assert_int_equal(entry.kind, STEER_LOG_SETTING);
	assert_int_equal(entry.sign, '-');
	assert_memory_equal(entry.name, "log-keep", entry.name_len);
	assert_int_equal(entry.value_len, 4);
	assert_memory_equal(entry.value, "\x01\x02\x03\x04", 4);
	steer_health_check_t check;
	assert_true(steer_log_part_next(&part, &entry));
	assert_int_equal(entry.kind, STEER_LOG_CHECK);
	assert_int_equal(entry.sign, '+');
	assert_int_equal(entry.name_len, 3);
	assert_memory_equal(entry.name, "web", 3);
	assert_int_equal(steer_health_check_open(&check, entry.value, entry.value_len), STEER_OK);
	assert_int_equal(check.slot, 3);
	steer_health_state_t down;
	assert_true(steer_log_part_next(&part, &entry));
	assert_int_equal(entry.kind, STEER_LOG_STATE);
	assert_int_equal(entry.name_len, 4);
	assert_memory_equal(entry.name, "fweb", 4);
	assert_int_equal(steer_health_state_open(&down, entry.value, entry.value_len), STEER_OK);
	assert_false(down.up);
	assert_true(steer_log_part_next(&part, &entry));
	assert_int_equal(entry.kind, STEER_LOG_NAME);
	assert_int_equal(entry.name_len, 5);
	assert_memory_equal(entry.name, "rmoon", 5);
	assert_int_equal(entry.value_len, 4);
	assert_memory_equal(entry.value, "\x07\x00\x00\x00", 4);
	assert_true(steer_log_part_next(&part, &entry));
	assert_int_equal(entry.kind, STEER_LOG_ZONE);
	assert_int_equal(entry.sign, '=');
	assert_int_equal(entry.name_len, 9);
	assert_int_equal(entry.zone.mode, STEER_ZONE_OVERLAY);
	assert_int_equal(entry.zone.servers_len, 6);
	assert_memory_equal(entry.zone.servers, "\x02ns\x00\x00", entry.zone.servers_len);
	assert_int_equal(entry.zone.comment_len, 5);
	assert_memory_equal(entry.zone.comment, "hello", entry.zone.comment_len);
	assert_true(entry.differs);
	assert_int_equal(entry.was.mode, STEER_ZONE_AUTHORITATIVE);
	assert_int_equal(entry.was.servers_len, 0);
	assert_int_equal(entry.was.comment_len, 3);
	assert_memory_equal(entry.was.comment, "was", entry.was.comment_len);
	const steer_group_t *const groups[] = {
		&groups_signed[0], &groups_policy[0], &groups_policy[2],
	};
	for (size_t i = 0; i < COUNT(groups); i++) {
		assert_true(steer_log_part_next(&part, &entry));
		assert_int_equal(entry.kind, STEER_LOG_SET);
		assert_int_equal(entry.sign, i == 0 ? '-' : '+');
		assert_true(steer_group_equal(&entry.group, groups[i]));
	}
	assert_false(steer_log_part_next(&part, &entry));
	free(bytes);
}

static void a_changed_bit_or_a_cut_damages_a_part(void **state)
{
	(void)state;
	for (int first = 0; first <= 1; first++) {
		size_t size;
		uint8_t *bytes = make_part(first, &size);
		assert_int_equal(open_part(bytes, size, first), STEER_OK);
		for (size_t bit = 0; bit < 8 * size; bit++) {
			bytes[bit / 8] ^= 1 << bit % 8;
			assert_int_equal(open_part(bytes, size, first), STEER_EDAMAGED);
			bytes[bit / 8] ^= 1 << bit % 8;
		}
		for (size_t len = 0; len < size; len++) {
			uint8_t *exact = malloc(len + (len == 0));
			memcpy(exact, bytes, len);
			if (len >= STEER_LOG_PART_SIZE) {
				put_part_sum(exact, steer_value_sum(exact, len));
			}
			assert_int_equal(open_part(exact, len, first), STEER_EDAMAGED);
			free(exact);
		}
		free(bytes);
	}
}

/*! Offset of the first entry of a kind in a part that is not the first. */
static size_t find_entry(const uint8_t *bytes, uint8_t kind)
{
	size_t at = STEER_LOG_PART_SIZE;
	while (get_entry_kind(bytes + at) != kind) {
		at += get_entry_size(bytes + at);
	}
	return at;
}

static void fields_out_of_bounds_damage_a_part(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		int kind;  /*!< Of the entry; -1: the part itself. */
		size_t at; /*!< Offset from its start. */
		uint8_t value;
	} cases[] = {
		{ "another format",            -1, 4, 2 },
		{ "a reserved byte in use",    -1, 5, 1 },
		{ "an entry too few",          -1, 6, 7 },
		{ "an entry too many",         -1, 6, 9 },
		{ "an unknown kind",           STEER_LOG_SETTING, 4, 6 },
		{ "a state that stays",        STEER_LOG_STATE, 5, '=' },
		{ "what was probed",           STEER_LOG_STATE, 8, 's' },
		{ "a state of no check",       STEER_LOG_STATE, 6, 1 },
		{ "a cleared state that was",  STEER_LOG_STATE, 5, '-' },
		{ "a damaged state",           STEER_LOG_STATE, 8 + 4 + 5, 1 },
		{ "a name that was",           STEER_LOG_NAME, 5, '-' },
		{ "a name of no kind",         STEER_LOG_NAME, 8, 'x' },
		{ "a name that cannot be one", STEER_LOG_NAME, 8 + 3, '.' },
		{ "a name without a number",   STEER_LOG_NAME, 8 + 5, 0 },
		{ "a number too large",        STEER_LOG_NAME, 8 + 5 + 2, 0x10 },
		{ "a check that is none",      STEER_LOG_SETTING, 4, STEER_LOG_CHECK },
		{ "a check that stays",        STEER_LOG_CHECK, 5, '=' },
		{ "a check without an id",     STEER_LOG_CHECK, 6, 0 },
		{ "a damaged check",           STEER_LOG_CHECK, 8 + 3 + STEER_CHECK_SIZE, 5 },
		{ "an unknown sign",           STEER_LOG_SETTING, 5, '=' },
		{ "a setting without a name",  STEER_LOG_SETTING, 6, 0 },
		{ "a name after the entry",   STEER_LOG_SETTING, 7, 255 },
		{ "an entry of no size",       STEER_LOG_SETTING, 0, 0 },
		{ "a size past the end",       STEER_LOG_SETTING, 3, 255 },
		{ "a zone that neither is nor was", STEER_LOG_ZONE, 5, 0 },
		{ "an apex that is no name",   STEER_LOG_ZONE, 8, 64 },
		{ "an apex with trailing bytes", STEER_LOG_ZONE, 8, 6 },
		{ "two states of a zone that goes", STEER_LOG_ZONE, 5, '-' },
		{ "an unknown mode",           STEER_LOG_ZONE, 17, 2 },
		{ "a zone's reserved byte",    STEER_LOG_ZONE, 18, 1 },
		{ "servers of another length", STEER_LOG_ZONE, 19, 7 },
		{ "a comment of another length", STEER_LOG_ZONE, 21, 4 },
		{ "a zone's reserved bytes",   STEER_LOG_ZONE, 23, 1 },
		{ "servers that are no names", STEER_LOG_ZONE, 25, 63 },
		{ "a record set that stays",   STEER_LOG_SET, 5, '=' },
		{ "an owner that is no name",  STEER_LOG_SET, 8, 255 },
		{ "a group of another kind",   STEER_LOG_SET, 19, 1 },
		{ "a group elsewhere",         STEER_LOG_SET, 21, 17 },
		{ "a group of another length", STEER_LOG_SET, 25, 1 },
		{ "records of another type",   STEER_LOG_SET, 17, 2 },
	};
	size_t size;
	uint8_t *bytes = make_part(false, &size);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		size_t at = cases[i].at + (cases[i].kind < 0 ? 0 : find_entry(bytes, cases[i].kind));
		uint8_t was = bytes[at];
		assert_int_not_equal(was, cases[i].value);
		bytes[at] = cases[i].value;
		put_part_sum(bytes, steer_value_sum(bytes, size));
		assert_int_equal(open_part(bytes, size, false), STEER_EDAMAGED);
		bytes[at] = was;
	}
	free(bytes);
}

static void a_head_out_of_bounds_damages_its_part(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
	} cases[] = {
		{ "no parts",           8, 0 },
		{ "who is too long",    33, 3 },
		{ "who takes of what",  32, 6 },
		{ "what is too long",   35, 3 },
	};
	size_t size;
	uint8_t *bytes = make_part(true, &size);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		uint8_t *at = bytes + STEER_LOG_PART_SIZE + cases[i].at, was = *at;
		*at = cases[i].value;
		put_part_sum(bytes, steer_value_sum(bytes, size));
		assert_int_equal(open_part(bytes, size, true), STEER_EDAMAGED);
		*at = was;
	}
	free(bytes);
}

/*! Seeds of both kinds of part. */
static int write_seeds(void **state)
{
	(void)state;
	for (int first = 0; first <= 1; first++) {
		size_t size;
		uint8_t *bytes = make_part(first, &size);
		seeds_write("log", first ? "part0" : "part1", 2 * first, 1, bytes, size);
		free(bytes);
	}
	return 0;
}

/* The log of a store. */

typedef struct {
	steer_reader_t *reader;
	steer_log_t *log;
} opened_t;

static opened_t log_open(steer_store_t *store)
{
	opened_t opened = { 0 };
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&opened.reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(opened.reader, &id), &fault);
	assert_int_equal(steer_log_open(&opened.log, opened.reader), STEER_OK);
	return opened;
}

static void log_close(opened_t *opened)
{
	steer_log_close(opened->log);
	steer_reader_close(opened->reader);
}

static void entry_print(FILE *out, const steer_log_entry_t *entry)
{
	switch (entry->kind) {
	case STEER_LOG_ZONE:
		fprintf(out, "%czone ", entry->sign);
		name_write(entry->name, out);
		fprintf(out, " %u %.*s", entry->zone.mode, entry->zone.comment_len, entry->zone.comment);
		if (entry->differs) {
			fprintf(out, " (%u %.*s)", entry->was.mode, entry->was.comment_len,
			        entry->was.comment);
		}
		fputc('\n', out);
		break;
	case STEER_LOG_SET:
		group_write(out, entry->sign, entry->name, &entry->group);
		break;
	default:
		fprintf(out, "%c%.*s ", entry->sign, entry->name_len, entry->name);
		hex_write(out, entry->value, entry->value_len);
		fputs("\n", out);
	}
}

/*! A change set of the log as text; the caller frees it. */
static char *log_text(steer_store_t *store, uint64_t sequence)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	opened_t opened = log_open(store);
	steer_log_change_t change;
	steer_log_entry_t entry;
	int ret = steer_log_find(opened.log, sequence, &change);
	if (ret == STEER_OK) {
		const steer_log_head_t *head = &change.head;
		fprintf(out, "%u: at %u by %.*s: %.*s\nzones %u, sets +%u *%u -%u, settings %u\n",
		        (unsigned)change.sequence, (unsigned)head->time, head->who_len, head->who,
		        head->what_len, head->what, head->zones, head->added, head->changed, head->removed,
		        head->settings);
		while ((ret = steer_log_next(opened.log, &entry)) == STEER_OK) {
			entry_print(out, &entry);
		}
	}
	fprintf(out, "%s", ret == STEER_ENOENT ? "" : "damaged\n");
	log_close(&opened);
	fclose(out);
	return text;
}

static void assert_log(steer_store_t *store, uint64_t sequence, const char *want)
{
	char *text = log_text(store, sequence);
	assert_string_equal(text, want);
	free(text);
}

/*! Numbers in the log, each followed by a space; '!' precedes one that is damaged. */
static char *log_numbers(steer_store_t *store)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	opened_t opened = log_open(store);
	steer_log_change_t change;
	int ret;
	for (uint64_t at = 0; (ret = steer_log_find(opened.log, at, &change)) != STEER_ENOENT;
	     at = change.sequence + 1) {
		fprintf(out, "%s%u ", ret == STEER_OK ? "" : "!", (unsigned)change.sequence);
	}
	log_close(&opened);
	fclose(out);
	return text;
}

static void assert_numbers(steer_store_t *store, const char *want)
{
	char *text = log_numbers(store);
	assert_string_equal(text, want);
	free(text);
}

static uint64_t log_entries(steer_store_t *store)
{
	steer_store_stats_t stats;
	steer_fault_t fault;
	must(steer_store_stats(store, &stats, &fault), &fault);
	return stats.db[STEER_DB_LOG].entries;
}

static void a_change_set_is_logged_with_its_maker_and_its_differences(void **state)
{
	(void)state;
	static const struct {
		steer_zone_action_t action;
		const char *zone, *comment;
		const char *want;
	} cases[] = {
		{ STEER_ZONE_CREATE, "e.\n" SOA "@ NS ns\na A 192.0.2.1\na A 192.0.2.2\n", "first",
		  "zones 1, sets +3 *0 -0, settings 0\n+zone e. 0 first\n+e. 300 NS ns.e.\n"
		  "+a.e. 300 A 192.0.2.1\n+a.e. 300 A 192.0.2.2\n+e. 300 SOA ns.e. hm.e. 1 2 3 4 300\n" },
		{ STEER_ZONE_MERGE, "e.\na A 192.0.2.1\nb 60 TXT x\n", NULL,
		  "zones 1, sets +1 *2 -0, settings 0\n=zone e. 0 first\n-a.e. 300 A 192.0.2.1\n"
		  "-a.e. 300 A 192.0.2.2\n+a.e. 300 A 192.0.2.1\n+b.e. 60 TXT x\n"
		  "-e. 300 SOA ns.e. hm.e. 1 2 3 4 300\n+e. 300 SOA ns.e. hm.e. 2 2 3 4 300\n" },
		{ STEER_ZONE_MERGE, "e.\n-b\n", NULL,
		  "zones 1, sets +0 *1 -1, settings 0\n=zone e. 0 first\n-b.e. 60 TXT x\n"
		  "-e. 300 SOA ns.e. hm.e. 2 2 3 4 300\n+e. 300 SOA ns.e. hm.e. 3 2 3 4 300\n" },
		{ STEER_ZONE_MERGE, "e.\n", "second",
		  "zones 1, sets +0 *0 -0, settings 0\n=zone e. 0 second (0 first)\n" },
		{ STEER_ZONE_CREATE, "sub.e.\n" SOA, NULL, // Nothing differs in the enclosing zone.
		  "zones 1, sets +1 *0 -0, settings 0\n+zone sub.e. 0 \n"
		  "+sub.e. 300 SOA ns.sub.e. hm.sub.e. 1 2 3 4 300\n" },
		{ STEER_ZONE_DELETE, "e.\n", NULL,
		  "zones 1, sets +0 *0 -3, settings 0\n-zone e. 0 second\n-e. 300 NS ns.e.\n"
		  "-e. 300 SOA ns.e. hm.e. 3 2 3 4 300\n-a.e. 300 A 192.0.2.1\n" },
	};
	place_t place = place_new();
	const steer_apply_t options = { .who = "alice", .what = "test it", .now.wall = 1234 };
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_change_t *change = steer_change_new();
		steer_summary_t summary;
		steer_fault_t fault = { 0 };
		must(change_add_text(change, cases[i].action, cases[i].zone), &fault);
		if (cases[i].comment != NULL) {
			must(steer_change_comment(change, 0, cases[i].comment), &fault);
		}
		must(steer_store_apply(place.store, change, &options, &summary, &fault), &fault);
		assert_int_equal(summary.sequence, i + 1);
		steer_change_free(change);
		char want[1024];
		snprintf(want, sizeof(want), "%zu: at 1234 by alice: test it\n%s", i + 1, cases[i].want);
		assert_log(place.store, i + 1, want);
	}
	place_free(&place);
}

static void what_changes_nothing_is_not_logged(void **state)
{
	(void)state;
	place_t place = place_new();
	const steer_apply_t dry_run = { .dry_run = true };
	steer_summary_t summary;
	steer_fault_t fault;
	must(store_change(place.store, STEER_ZONE_CREATE, "e.\n" SOA, &dry_run, &summary, &fault),
	     &fault);
	assert_numbers(place.store, "");
	store_must(place.store, STEER_ZONE_CREATE, "e.\n" SOA "a A 192.0.2.1\n");
	store_must(place.store, STEER_ZONE_MERGE, "e.\na A 192.0.2.1\n");
	must(store_change(place.store, STEER_ZONE_DELETE, "e.\n", &dry_run, &summary, &fault), &fault);
	assert_int_equal(store_change(place.store, STEER_ZONE_MERGE, "e.\na A 192.0.2.2\na CNAME b\n",
	                              NULL, &summary, &fault), STEER_EREFUSED);
	assert_numbers(place.store, "1 ");
	place_free(&place);
}

static void long_texts_are_cut_between_characters(void **state)
{
	(void)state;
	char who[STEER_LOG_TEXT_MAX + 3], what[2 * STEER_LOG_TEXT_MAX];
	memset(who, 'w', sizeof(who));
	strcpy(who + STEER_LOG_TEXT_MAX - 1, "\xc3\xa4" "b"); // The last byte is half a character.
	memset(what, 'x', sizeof(what));
	what[sizeof(what) - 1] = '\0';
	const steer_apply_t options = { .who = who, .what = what };
	place_t place = place_new();
	steer_summary_t summary;
	steer_fault_t fault;
	must(store_change(place.store, STEER_ZONE_CREATE, "e.\n" SOA, &options, &summary, &fault),
	     &fault);
	opened_t opened = log_open(place.store);
	steer_log_change_t change;
	assert_int_equal(steer_log_find(opened.log, 1, &change), STEER_OK);
	assert_int_equal(change.head.who_len, STEER_LOG_TEXT_MAX - 1);
	assert_int_equal(change.head.what_len, STEER_LOG_TEXT_MAX);
	log_close(&opened);
	place_free(&place);
}

/* Replaying. */

static int next_part(void *log, const void **part, size_t *size)
{
	return steer_log_next_part(log, part, size);
}

/*! Replays a whole log into a new store, which must then be equal, log and all. */
static void assert_replay(steer_store_t *store)
{
	place_t other = place_new();
	opened_t opened = log_open(store);
	steer_log_change_t change = { 0 };
	steer_fault_t fault;
	while (steer_log_find(opened.log, change.sequence + 1, &change) == STEER_OK) {
		must(steer_store_replay(other.store, change.sequence, next_part, opened.log, &fault),
		     &fault);
	}
	log_close(&opened);
	char *is = store_dump(other.store), *want = store_dump(store);
	assert_string_equal(is, want);
	free(is);
	free(want);
	place_free(&other);
}

static void the_log_makes_an_equal_store_elsewhere(void **state)
{
	(void)state;
	static const struct {
		steer_zone_action_t action;
		const char *zone;
	} changes[] = {
		{ STEER_ZONE_CREATE, "e.\n" SOA "@ NS ns\nns A 192.0.2.53\n*.w CNAME ns\nd DNAME o.\n"
		  "sub NS ns.sub\nns.sub A 192.0.2.54\nhost.sub A 192.0.2.9\na.b.c TXT deep\n" },
		{ STEER_ZONE_CREATE, "sub.e.\n" SOA "host TYPE65400 c0ffee\n" },
		{ STEER_ZONE_MERGE, "e.\n-d DNAME\n-sub NS\nnew A 192.0.2.1\n" },
		{ STEER_ZONE_REPLACE, "e.\n@ SOA ns hm 9 2 3 4 300\nsub NS x.\n*.w TXT w\n" },
		{ STEER_ZONE_DELETE, "sub.e.\n" },
		{ STEER_ZONE_CREATE, "sub.e.\n" SOA },
		{ STEER_ZONE_MERGE, "e.\n-*.w\n" },
		{ STEER_ZONE_MERGE, "e.\nw A =latency\nw A +a region=eu 192.0.2.1\n"
		  "w A +b region=us health=web 192.0.2.2\n" },
		{ STEER_ZONE_MERGE, "e.\nw A +b keep=clhe region=af\nw AAAA =cidr,asn\n"
		  "w AAAA +a cidr=nets/home asn=2,1 health=web 2001:db8::1\n"
		  "w AAAA +b cidr=nets/work 2001:db8::2\n" },
		{ STEER_ZONE_MERGE, "e.\nw A =geo,nearest\nw A +c geo=country:US/NY at=1,-2 bias=-9 "
		  "192.0.2.3\nw AAAA =multivalue\n" },
	};
	place_t place = place_new();
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 500);
	for (size_t i = 0; i < COUNT(changes); i++) {
		store_must(place.store, changes[i].action, changes[i].zone);
	}
	assert_replay(place.store);
	place_free(&place);
}

/*! A zone's text with many names, all of whose addresses end in a byte. */
static char *many_names(unsigned names, unsigned byte)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs("e.\n" SOA, out);
	for (unsigned i = 0; i < names; i++) {
		fprintf(out, "n%u A 192.0.%u.%u\n", i, i % 256, byte);
	}
	fclose(out);
	return text;
}

static void change_many(steer_store_t *store, unsigned names, unsigned byte)
{
	char *text = many_names(names, byte);
	store_must(store, STEER_ZONE_REPLACE, text);
	free(text);
}

/*! Numbers that are given take several parts, before the record sets that have them. */
static void a_change_set_of_many_names_is_replayed(void **state)
{
	(void)state;
	place_t place = place_new();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs("e.\n" SOA, out);
	for (unsigned i = 0; i < 5000; i++) {
		fprintf(out, "n%u A =latency\nn%u A +a region=r%u 192.0.2.1\n", i, i, i);
	}
	fclose(out);
	store_must(place.store, STEER_ZONE_CREATE, text);
	free(text);
	opened_t opened = log_open(place.store);
	steer_log_change_t change;
	steer_log_entry_t entry;
	size_t names = 0;
	assert_int_equal(steer_log_find(opened.log, 1, &change), STEER_OK);
	assert_true(change.head.parts > 2);
	for (; steer_log_next(opened.log, &entry) == STEER_OK && entry.kind == STEER_LOG_NAME;
	     names++) {
	}
	assert_int_equal(names, 5000);
	log_close(&opened);
	assert_replay(place.store);
	place_free(&place);
}

static void a_large_change_set_is_logged_in_parts(void **state)
{
	(void)state;
	place_t place = place_new();
	change_many(place.store, 1000, 1);
	change_many(place.store, 1000, 2);
	change_many(place.store, 9000, 2); // More than a replay keeps pending.
	store_must(place.store, STEER_ZONE_DELETE, "e.\n");
	opened_t opened = log_open(place.store);
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	assert_int_equal(steer_cursor_open(&cursor, opened.reader, STEER_DB_LOG), STEER_OK);
	size_t used = 0, count = 0;
	for (int ret = steer_cursor_seek(cursor, NULL, 0, &pair); ret == STEER_OK;
	     ret = steer_cursor_next(cursor, &pair)) {
		assert_in_range(pair.value_len, 1, STEER_LOG_PART);
		used += pair.value_len;
		count++;
	}
	steer_cursor_close(cursor);
	assert_in_range(count, 500, 1000);
	assert_in_range(used / count, STEER_LOG_PART * 9 / 10, STEER_LOG_PART);
	log_close(&opened);
	assert_replay(place.store);
	place_free(&place);
}

static void a_record_set_larger_than_a_part_is_logged(void **state)
{
	(void)state;
	static uint8_t rdata[65000];
	static const size_t lengths[] = { 10, 1900, sizeof(rdata), 3000, 20 };
	place_t place = place_new();
	steer_change_t *change = steer_change_new();
	steer_fault_t fault = { 0 };
	must(change_add_text(change, STEER_ZONE_CREATE, "e.\n" SOA), &fault);
	for (unsigned i = 0; i < COUNT(lengths); i++) {
		const uint8_t owner[] = { 1, 'a' + i, 1, 'e', 0 };
		const steer_record_t record = {
			.owner = owner, .rdata = rdata, .rdata_len = lengths[i], .type = 65400, .ttl = 1,
		};
		must(steer_change_add(change, 0, &record), &fault);
	}
	static const steer_apply_t plain;
	steer_summary_t summary;
	must(steer_store_apply(place.store, change, &plain, &summary, &fault), &fault);
	steer_change_free(change);
	assert_true(log_entries(place.store) > 1);
	assert_replay(place.store);
	place_free(&place);
}

/*! A change set of a log, with what makes it not fit. */
typedef struct {
	steer_log_t *log;
	uint32_t part, spoiled; /*!< Number of the next part, of the one that is changed. */
	int at;       /*!< Byte to change; 0: none; LAST: the last one. */
	bool mend;    /*!< The sum is corrected. */
	uint32_t end; /*!< Parts that it has; 0: all. */
	uint8_t *copy;
} spoiled_t;

static int spoiled_part(void *ctx, const void **part, size_t *size)
{
	spoiled_t *from = ctx;
	if (from->end > 0 && from->part == from->end) {
		return STEER_ENOENT;
	}
	int ret = steer_log_next_part(from->log, part, size);
	if (ret == STEER_OK && from->part == from->spoiled && from->at != 0) {
		free(from->copy);
		from->copy = memcpy(malloc(*size), *part, *size);
		from->copy[from->at == LAST ? *size - 1 : (size_t)from->at] ^= 1;
		if (from->mend) {
			put_part_sum(from->copy, steer_value_sum(from->copy, *size));
		}
		*part = from->copy;
	}
	from->part++;
	return ret;
}

/*! The chain as META has it. */
static steer_log_chain_t stored_chain(steer_store_t *store)
{
	opened_t opened = log_open(store);
	const void *value;
	size_t len;
	assert_int_equal(steer_reader_get(opened.reader, STEER_DB_META, STEER_META_CHAIN,
	                                  strlen(STEER_META_CHAIN), &value, &len), STEER_OK);
	assert_int_equal(len, STEER_LOG_CHAIN_SIZE);
	const steer_log_chain_t chain = steer_log_chain_read(value);
	log_close(&opened);
	return chain;
}

/*! A change set of one part with these entries, as it would follow in a store. */
typedef struct {
	uint8_t bytes[STEER_LOG_PART];
	size_t size;
} forged_t;

static void forge(forged_t *forged, const steer_log_entry_t *entries, size_t count,
                  steer_log_chain_t chain, uint64_t sequence)
{
	steer_log_head_t head = { .parts = 1, .who = "", .what = "" };
	size_t at = STEER_LOG_PART_SIZE + STEER_LOG_HEAD_SIZE;
	for (size_t i = 0; i < count; i++) {
		size_t len = sizeof(forged->bytes) - at;
		assert_int_equal(steer_log_entry_write(forged->bytes + at, &len, &entries[i]), STEER_OK);
		at += len;
	}
	steer_log_chain_entries(&chain, forged->bytes + STEER_LOG_PART_SIZE + STEER_LOG_HEAD_SIZE,
	                        forged->bytes + at);
	steer_log_chain_head(&chain, sequence, &head);
	head.chain = chain;
	steer_log_head_write(forged->bytes + STEER_LOG_PART_SIZE, &head);
	steer_log_part_seal(forged->bytes, at, count);
	forged->size = at;
}

static int forged_part(void *ctx, const void **part, size_t *size)
{
	const forged_t *forged = ctx;
	*part = forged->bytes;
	*size = forged->size;
	return STEER_OK;
}

static void what_no_store_would_log_is_not_replayed(void **state)
{
	(void)state;
	static const uint8_t keep[4] = { 9 }, other_keep[4] = { 8 };
	static const uint8_t number1[4] = { 1 }, number2[4] = { 2 }, number3[4] = { 3 };
	const steer_health_check_t tcp = { .type = STEER_CHECK_TCP, .slot = 0, .generation = 1 };
	const steer_health_check_t other_slot = { .type = STEER_CHECK_TCP, .slot = 5, .generation = 1 };
	const steer_health_check_t none = { .type = STEER_CHECK_NONE, .slot = 1, .generation = 1 };
	uint8_t tcp_value[STEER_CHECK_MAX], slot_value[STEER_CHECK_MAX], none_value[STEER_CHECK_MAX];
	const size_t check_len = steer_health_check_write(tcp_value, &tcp);
	(void)steer_health_check_write(slot_value, &other_slot);
	(void)steer_health_check_write(none_value, &none);
	static const uint8_t zone[] = "\x01""e", nowhere[] = "\x01""x";
	static const uint8_t owner[] = "\x01n\x01""e", outside[] = "\x01n\x01x";
#define VALUE(what, plus, key, from, len) \
	{ .kind = (what), .sign = (plus), .name = BYTES(key), .name_len = strlen(key), \
	  .value = (from), .value_len = (len) }
#define ZONE(plus, apex) { .kind = STEER_LOG_ZONE, .sign = (plus), .name = (apex), .name_len = 3 }
#define SET(plus, name_of) \
	{ .kind = STEER_LOG_SET, .sign = (plus), .name = (name_of), .name_len = 5, \
	  .group = { .type = 1, .count = 1, .sets = &set } }
	uint8_t rr[STEER_RR_HEAD + 4];
	const steer_set_t set = {
		.slot = STEER_SLOT_NONE, .ttl = 5, .count = 1, .body = rr,
		.body_len = steer_rr_write(rr, 1, 5, BYTES("\xc0\x00\x02\x01"), 4),
	};
	const struct {
		const char *what;
		steer_log_entry_t entries[3];
		size_t count;
		int want;
	} cases[] = {
		{ "what one would", { ZONE('=', zone), SET('+', owner) }, 2, STEER_OK },
		{ "an entry that is no setting", { VALUE(STEER_LOG_SETTING, '+', "store-id", keep, 4) }, 1,
		  STEER_EREFUSED },
		{ "a setting that is there", { VALUE(STEER_LOG_SETTING, '+', "log-keep", keep, 4) }, 1,
		  STEER_EREFUSED },
		{ "a setting that was another", { VALUE(STEER_LOG_SETTING, '-', "log-keep", other_keep, 4) },
		  1, STEER_EREFUSED },
		{ "a setting that was not there", { VALUE(STEER_LOG_SETTING, '-', "servers", keep, 4) }, 1,
		  STEER_EREFUSED },
		{ "a setting out of bounds", { VALUE(STEER_LOG_SETTING, '+', "servers", keep, 4) }, 1,
		  STEER_EREFUSED },
		{ "a check that is there", { VALUE(STEER_LOG_CHECK, '+', "web", tcp_value, check_len) }, 1,
		  STEER_EREFUSED },
		{ "a check that was another", { VALUE(STEER_LOG_CHECK, '-', "web", slot_value, check_len) },
		  1, STEER_EREFUSED },
		{ "a check that was not there", { VALUE(STEER_LOG_CHECK, '-', "api", tcp_value, check_len) },
		  1, STEER_EREFUSED },
		{ "a check in another slot", { VALUE(STEER_LOG_CHECK, '-', "web", tcp_value, check_len),
		  VALUE(STEER_LOG_CHECK, '+', "web", slot_value, check_len) }, 2, STEER_EREFUSED },
		{ "an id that is none", { VALUE(STEER_LOG_CHECK, '+', "a b", none_value, check_len) }, 1,
		  STEER_EREFUSED },
		{ "the next name", { VALUE(STEER_LOG_NAME, '+', "rmars", number2, 4) }, 1, STEER_OK },
		{ "two names", { VALUE(STEER_LOG_NAME, '+', "rmars", number2, 4),
		  VALUE(STEER_LOG_NAME, '+', "coffices", number3, 4) }, 2, STEER_OK },
		{ "a name that is there", { VALUE(STEER_LOG_NAME, '+', "rmoon", number2, 4) }, 1,
		  STEER_EREFUSED },
		{ "the name that is there", { VALUE(STEER_LOG_NAME, '+', "rmoon", number1, 4) }, 1,
		  STEER_EREFUSED },
		{ "a number that is there", { VALUE(STEER_LOG_NAME, '+', "rmars", number1, 4) }, 1,
		  STEER_EREFUSED },
		{ "a number left out", { VALUE(STEER_LOG_NAME, '+', "rmars", number3, 4) }, 1,
		  STEER_EREFUSED },
		{ "a record set of no zone", { SET('+', owner) }, 1, STEER_EREFUSED },
		{ "a record set outside", { ZONE('=', zone), SET('+', outside) }, 2, STEER_EREFUSED },
		{ "a record set twice", { ZONE('=', zone), SET('+', owner), SET('+', owner) }, 3,
		  STEER_EREFUSED },
		{ "a record set that was not there", { ZONE('=', zone), SET('-', owner) }, 2,
		  STEER_EREFUSED },
		{ "a zone that is there", { ZONE('+', zone) }, 1, STEER_EREFUSED },
		{ "a zone that is not", { ZONE('=', nowhere) }, 1, STEER_EREFUSED },
		{ "a zone that was not", { ZONE('-', nowhere) }, 1, STEER_EREFUSED },
		{ "a zone that is not empty", { ZONE('-', zone) }, 1, STEER_EREFUSED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		steer_change_t *change = steer_change_new();
		static const steer_apply_t plain;
		static const steer_source_location_t here;
		steer_summary_t summary;
		steer_fault_t fault;
		assert_int_equal(steer_change_health_check(change, "web", &tcp, &here), STEER_OK);
		must(steer_store_apply(place.store, change, &plain, &summary, &fault), &fault);
		steer_change_free(change);
		store_set_number(place.store, STEER_SETTING_LOG_KEEP, 9);
		store_must(place.store, STEER_ZONE_CREATE, "e.\n" SOA);
		const steer_dictionary_name_t moon = { STEER_DICTIONARY_REGION, 4, "moon" };
		uint32_t number;
		must(steer_store_apply_names(place.store, &moon, 1, &plain, &number, &fault), &fault);
		forged_t forged;
		forge(&forged, cases[i].entries, cases[i].count, stored_chain(place.store), 5);
		char *before = store_dump(place.store);
		assert_int_equal(steer_store_replay(place.store, 5, forged_part, &forged, &fault),
		                 cases[i].want);
		char *after = store_dump(place.store);
		assert_int_equal(strcmp(before, after) == 0, cases[i].want != STEER_OK);
		free(before);
		free(after);
		place_free(&place);
	}
}

static void what_does_not_fit_is_not_replayed(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		uint64_t logged, as; /*!< Number in the log; the number given. */
		uint8_t id;          /*!< Of the store. */
		const char *own;     /*!< A change of its own after the first two. */
		uint32_t spoiled;
		int at;
		bool mend;
		uint32_t end;
		int want;
		const char *words;
	} cases[] = {
		{ "what fits", 3, 3, .want = STEER_OK },
		{ "a gap", 4, 4, .want = STEER_EREFUSED, .words = "change set 4 does not fit: 3 is" },
		{ "the last one again", 2, 2, .want = STEER_EREFUSED, .words = "2 does not fit: 3 is" },
		{ "under another number", 3, 4, .want = STEER_EREFUSED, .words = "4 does not fit: 3 is" },
		{ "another as the next", 4, 3, .want = STEER_EREFUSED, .words = "3 does not fit: " },
		{ "of another store", 3, 3, .id = 7, .want = STEER_EREFUSED,
		  .words = "3 does not fit: it is of another history" },
		{ "after a change of its own", 4, 4, .own = "e.\nown A 192.0.2.1\n",
		  .want = STEER_EREFUSED, .words = "4 does not fit: " },
		{ "after an equal one at another time", 4, 4, .own = "e.\nn1 A 192.0.9.9\n",
		  .want = STEER_EREFUSED, .words = "4 does not fit: " },
		{ "another time", 3, 3, .at = STEER_LOG_PART_SIZE, .mend = true, .want = STEER_EREFUSED,
		  .words = "it is of another history" },
		{ "a damaged part", 3, 3, .spoiled = 1, .at = LAST, .want = STEER_EDAMAGED,
		  .words = "change set 3 cannot be read: " },
		{ "another record", 3, 3, .spoiled = 1, .at = LAST, .mend = true,
		  .want = STEER_EREFUSED },
		{ "no last part", 3, 3, .end = 2, .want = STEER_ENOENT,
		  .words = "change set 3 cannot be read: " },
	};
	place_t place = place_new();
	change_many(place.store, 100, 1);
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 500);
	change_many(place.store, 100, 2);
	store_must(place.store, STEER_ZONE_REPLACE, "e.\n" SOA "@ MX 1 x\n");
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char *dir = temp_new();
		const steer_store_options_t options = { .map_size = TEST_MAP_SIZE, .id = { cases[i].id } };
		bool created;
		steer_fault_t fault = { 0 };
		must(steer_store_init(dir, &options, &created, &fault), &fault);
		steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
		change_many(store, 100, 1);
		store_set_number(store, STEER_SETTING_LOG_KEEP, 500);
		if (cases[i].own != NULL) {
			store_must(store, STEER_ZONE_MERGE, cases[i].own);
		}
		char *before = store_dump(store);
		opened_t opened = log_open(place.store);
		steer_log_change_t change;
		assert_int_equal(steer_log_find(opened.log, cases[i].logged, &change), STEER_OK);
		spoiled_t from = {
			.log = opened.log, .spoiled = cases[i].spoiled, .at = cases[i].at,
			.mend = cases[i].mend, .end = cases[i].end,
		};
		assert_int_equal(steer_store_replay(store, cases[i].as, spoiled_part, &from, &fault),
		                 cases[i].want);
		assert_true(cases[i].words == NULL || strstr(fault.text, cases[i].words) != NULL);
		char *after = store_dump(store);
		assert_int_equal(strcmp(before, after) == 0, cases[i].want != STEER_OK);
		log_close(&opened);
		free(from.copy);
		free(before);
		free(after);
		steer_store_close(store);
		temp_free(dir);
	}
	place_free(&place);
}

/* How much is kept. */

static void the_log_keeps_as_many_change_sets_as_it_should(void **state)
{
	(void)state;
	place_t place = place_new();
	store_must(place.store, STEER_ZONE_CREATE, "e.\n" SOA);
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 3);
	assert_numbers(place.store, "1 2 ");
	store_must(place.store, STEER_ZONE_MERGE, "e.\na A 192.0.2.1\n");
	assert_numbers(place.store, "1 2 3 ");
	store_must(place.store, STEER_ZONE_MERGE, "e.\na A 192.0.2.2\n");
	assert_numbers(place.store, "2 3 4 ");
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 1);
	assert_numbers(place.store, "5 ");
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 0);
	assert_numbers(place.store, "");
	store_must(place.store, STEER_ZONE_MERGE, "e.\na A 192.0.2.3\n");
	assert_numbers(place.store, "");
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 2);
	store_must(place.store, STEER_ZONE_MERGE, "e.\na A 192.0.2.4\n");
	assert_numbers(place.store, "8 9 ");
	assert_log(place.store, 8, "8: at 0 by : \nzones 0, sets +0 *0 -0, settings 1\n"
	           "-log-keep 00000000\n+log-keep 02000000\n");
	place_free(&place);
}

static void a_large_change_set_goes_over_several_others(void **state)
{
	(void)state;
	place_t place = place_new();
	change_many(place.store, 20000, 1);
	uint64_t before = log_entries(place.store);
	assert_true(before > 600);
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 2);
	assert_numbers(place.store, "1 2 ");
	unsigned changes = 0;
	for (; log_entries(place.store) > 2; changes++) {
		char text[64];
		snprintf(text, sizeof(text), "e.\nx A 192.0.2.%u\n", changes);
		store_must(place.store, STEER_ZONE_MERGE, text);
		assert_in_range(before - log_entries(place.store), 0, 256);
		before = log_entries(place.store);
		char *numbers = log_numbers(place.store);
		assert_int_not_equal(numbers[0], '1'); // What is left of the first one is skipped.
		assert_null(strchr(numbers, '!'));
		free(numbers);
	}
	assert_in_range(changes, 3, 6);
	char want[64];
	snprintf(want, sizeof(want), "%u %u ", changes + 1, changes + 2);
	assert_numbers(place.store, want);
	place_free(&place);
}

static void the_log_stays_as_large_as_it_is_with_changes_of_any_size(void **state)
{
	(void)state;
	place_t place = place_new();
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 4);
	uint64_t largest = 0;
	for (unsigned i = 0; i < 24; i++) {
		change_many(place.store, 3000, i % 200);
		uint64_t entries = log_entries(place.store);
		assert_true(i < 8 || entries <= largest);
		largest = entries > largest ? entries : largest;
	}
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 1);
	for (unsigned i = 0; i < 6; i++) { // Each of more parts than a small one would remove.
		change_many(place.store, 8000, i + 1);
	}
	steer_log_change_t change;
	uint64_t last;
	opened_t opened = log_open(place.store);
	assert_int_equal(steer_log_last(opened.log, 1, &last), STEER_OK);
	assert_int_equal(steer_log_find(opened.log, last, &change), STEER_OK);
	assert_in_range(change.head.parts, 300, 1000);
	log_close(&opened);
	assert_int_equal(log_entries(place.store), change.head.parts);
	place_free(&place);
}

static void the_last_change_sets_are_found(void **state)
{
	(void)state;
	place_t place = place_new();
	opened_t opened = log_open(place.store);
	uint64_t sequence;
	assert_int_equal(steer_log_last(opened.log, 1, &sequence), STEER_ENOENT);
	log_close(&opened);
	change_many(place.store, 200, 1);                            // 1: of several parts.
	change_many(place.store, 200, 2);                            // 2
	store_must(place.store, STEER_ZONE_MERGE, "e.\nx A 1.1.1.1\n"); // 3
	opened = log_open(place.store);
	static const struct {
		uint64_t count, want;
	} cases[] = { { 1, 3 }, { 2, 2 }, { 3, 1 }, { 4, 1 }, { UINT64_MAX, 1 } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(steer_log_last(opened.log, cases[i].count, &sequence), STEER_OK);
		assert_int_equal(sequence, cases[i].want);
	}
	log_close(&opened);
	place_free(&place);
}

/* Damage. */

/*!
 * Changes the log without the library: a byte of a part, or with at < 0 removes the part.
 *
 * \param[in] mend  The sum is corrected.
 */
static void damage(steer_store_t *store, uint64_t sequence, uint32_t part, int at, bool mend)
{
	steer_write_t write;
	steer_fault_t fault;
	uint8_t key[STEER_LOG_KEY];
	MDB_val value;
	steer_log_key(key, sequence, part);
	must(steer_write_begin(&write, store, &fault), &fault);
	if (at < 0) {
		must(steer_write_del(&write, STEER_DB_LOG, key, sizeof(key)), &fault);
	} else {
		must(steer_write_get(&write, STEER_DB_LOG, key, sizeof(key), &value), &fault);
		at = at == LAST ? (int)value.mv_size - 1 : at;
		assert_true((size_t)at < value.mv_size);
		uint8_t *bytes = memcpy(malloc(value.mv_size), value.mv_data, value.mv_size);
		bytes[at] ^= 1;
		if (mend) {
			put_part_sum(bytes, steer_value_sum(bytes, value.mv_size));
		}
		must(steer_write_put(&write, STEER_DB_LOG, key, sizeof(key), bytes, value.mv_size),
		     &fault);
		free(bytes);
	}
	must(steer_write_commit(&write), &fault);
}

static void a_damaged_change_set_leaves_the_others(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		uint32_t part;
		int at;
		const char *want; /*!< Numbers. */
		bool rest;        /*!< Some of its entries can be read. */
	} cases[] = {
		{ "its head",            0, 9,  "1 !2 3 ", false },
		{ "its first part",      0, -1, "1 !2 3 ", false },
		{ "another part",        1, 99, "1 2 3 ", true },
		{ "another part's loss", 1, -1, "1 2 3 ", true },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		change_many(place.store, 100, 1);
		change_many(place.store, 100, 2);
		store_must(place.store, STEER_ZONE_MERGE, "e.\nx A 1.1.1.1\n");
		damage(place.store, 2, cases[i].part, cases[i].at, false);
		assert_numbers(place.store, cases[i].want);
		char *text = log_text(place.store, 2);
		assert_non_null(strstr(text, "damaged\n"));
		assert_int_equal(strstr(text, "+n1.e. 300 A 192.0.1.2\n") != NULL, cases[i].rest);
		free(text);
		text = log_text(place.store, 3);
		assert_null(strstr(text, "damaged"));
		free(text);
		store_set_number(place.store, STEER_SETTING_LOG_KEEP, 1); // It goes like any other.
		place_free(&place);
	}
}

static void what_is_no_part_is_passed_over(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_write_t write;
	steer_fault_t fault;
	must(steer_write_begin(&write, place.store, &fault), &fault);
	must(steer_write_put(&write, STEER_DB_LOG, "\0", 1, "before", 6), &fault);
	must(steer_write_put(&write, STEER_DB_LOG, "odd", 3, "behind", 6), &fault);
	must(steer_write_commit(&write), &fault);
	assert_int_equal(log_entries(place.store), 2);
	store_set_number(place.store, STEER_SETTING_LOG_KEEP, 2);
	store_must(place.store, STEER_ZONE_CREATE, "e.\n" SOA);
	store_must(place.store, STEER_ZONE_MERGE, "e.\na A 192.0.2.1\n");
	assert_numbers(place.store, "3 4 ");
	assert_int_equal(log_entries(place.store), 3); // Only the first one was in the way.
	uint64_t last;
	opened_t opened = log_open(place.store);
	assert_int_equal(steer_log_last(opened.log, 2, &last), STEER_OK);
	assert_int_equal(last, 3);
	log_close(&opened);
	place_free(&place);
}

/* The chain. */

static void must_by(steer_store_t *store, steer_zone_action_t action, const char *zone,
                    const steer_apply_t *options)
{
	steer_summary_t summary;
	steer_fault_t fault;
	must(store_change(store, action, zone, options, &summary, &fault), &fault);
}

/*! Reads the whole change set. \return whether it follows from the one before */
static int verify(steer_store_t *store, uint64_t sequence, bool other_chain)
{
	opened_t opened = log_open(store);
	steer_log_change_t before = { 0 }, change;
	assert_int_equal(steer_log_find(opened.log, sequence - 1, &before), STEER_OK);
	int ret = steer_log_find(opened.log, sequence, &change);
	before.head.chain.high ^= other_chain;
	ret = ret == STEER_OK ? steer_log_verify(opened.log, &change, &before.head.chain) : ret;
	log_close(&opened);
	return ret;
}

static void a_change_set_follows_from_the_one_before(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		uint32_t part;
		int at;   /*!< Byte to change, -1: remove the part; 0: none. */
		bool mend; /*!< The sum is corrected. */
		bool other_chain;
		int want;
	} cases[] = {
		{ "as it was made",      0, 0, false, false, STEER_OK },
		{ "after another one",  0, 0, false, true, STEER_EREFUSED },
		{ "its time",            0, STEER_LOG_PART_SIZE, true, false, STEER_EREFUSED },
		{ "its chain",           0, STEER_LOG_PART_SIZE + 48, true, false, STEER_EREFUSED },
		{ "by whom",             0, STEER_LOG_PART_SIZE + STEER_LOG_HEAD_SIZE, true, false,
		  STEER_EREFUSED },
		{ "a record of part 0",  0, LAST, true, false, STEER_EREFUSED },
		{ "one of the next",     1, LAST, true, false, STEER_EREFUSED },
		{ "a damaged part",      1, 200, false, false, STEER_EDAMAGED },
		{ "a part that is gone", 1, -1, false, false, STEER_EDAMAGED },
		{ "part 0 gone",         0, -1, false, false, STEER_EDAMAGED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		place_t place = place_new();
		change_many(place.store, 100, 1);
		store_must(place.store, STEER_ZONE_MERGE, "e.\nx A 192.0.2.1\n");
		const steer_apply_t options = { .who = "alice" };
		char *text = many_names(100, 2);
		must_by(place.store, STEER_ZONE_REPLACE, text, &options);
		free(text);
		if (cases[i].at != 0) {
			damage(place.store, 3, cases[i].part, cases[i].at, cases[i].mend);
		}
		assert_int_equal(verify(place.store, 3, cases[i].other_chain), cases[i].want);
		assert_int_equal(verify(place.store, 2, false), STEER_OK);
		place_free(&place);
	}
}

static void chains_tell_histories_apart(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		uint8_t id;
		const char *changes[4];
		uint64_t when;
		bool unlogged; /*!< Whether change sets that are not kept count, too. */
		bool same;     /*!< As the first. */
	} cases[] = {
		{ "a history",            1, { "e.\na A 192.0.2.1\n", "e.\nb A 192.0.2.1\n" }, 7, 0, 1 },
		{ "the same elsewhere",   1, { "e.\na A 192.0.2.1\n", "e.\nb A 192.0.2.1\n" }, 7, 0, 1 },
		{ "in another store",     2, { "e.\na A 192.0.2.1\n", "e.\nb A 192.0.2.1\n" }, 7, 0, 0 },
		{ "at another time",      1, { "e.\na A 192.0.2.1\n", "e.\nb A 192.0.2.1\n" }, 8, 0, 0 },
		{ "in another order",     1, { "e.\nb A 192.0.2.1\n", "e.\na A 192.0.2.1\n" }, 7, 0, 0 },
		{ "by a way about",       1, { "e.\na A 192.0.2.2\n", "e.\na A 192.0.2.1\n",
		                               "e.\nb A 192.0.2.1\n" }, 7, 0, 0 },
		{ "that is not logged",   1, { "e.\na A 192.0.2.1\n", "e.\nb A 192.0.2.1\n" }, 7, 1, 0 },
		{ "another, not logged",  1, { "e.\na A 192.0.2.1\n", "e.\nb A 192.0.2.9\n" }, 7, 1, 0 },
	};
	steer_log_chain_t chains[COUNT(cases)];
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char *dir = temp_new();
		const steer_store_options_t options = { .map_size = TEST_MAP_SIZE, .id = { cases[i].id } };
		const steer_apply_t apply = { .now.wall = cases[i].when };
		bool created;
		steer_fault_t fault;
		must(steer_store_init(dir, &options, &created, &fault), &fault);
		steer_store_t *store = store_open(dir, STEER_STORE_WRITE);
		const steer_log_chain_t first = stored_chain(store);
		assert_int_equal(first.low, cases[i].id);
		assert_int_equal(first.high, 0);
		if (cases[i].unlogged) {
			store_set_number(store, STEER_SETTING_LOG_KEEP, 0);
		}
		store_must(store, STEER_ZONE_CREATE, "e.\n" SOA);
		for (size_t k = 0; cases[i].changes[k] != NULL; k++) {
			must_by(store, STEER_ZONE_MERGE, cases[i].changes[k], &apply);
		}
		chains[i] = stored_chain(store);
		for (size_t k = 0; k < i; k++) {
			assert_int_equal(steer_log_chain_equal(&chains[i], &chains[k]),
			                 cases[i].same && cases[k].same);
		}
		steer_store_close(store);
		temp_free(dir);
	}
}

/* Settings. */

static void settings_have_bounds(void **state)
{
	(void)state;
#define NAME "\x01n\x00"
#define NAMES_12 NAME NAME NAME NAME NAME NAME NAME NAME NAME NAME NAME NAME
	static const struct {
		const char *what;
		unsigned setting;
		const char *value;
		size_t len;
		bool want;
	} cases[] = {
		{ "the lowest number",  STEER_SETTING_LOG_KEEP, "\0\0\0\0", 4, true },
		{ "the highest number", STEER_SETTING_LOG_KEEP, "\xff\xff\xff\xff", 4, true },
		{ "a short number",     STEER_SETTING_LOG_KEEP, "\0\0\0", 3, false },
		{ "a long number",      STEER_SETTING_LOG_KEEP, "\0\0\0\0\0", 5, false },
		{ "no bytes",           STEER_SETTING_LOG_KEEP, "", 0, false },
		{ "a word",             STEER_SETTING_STALE, "\1\0\0\0", 4, true },
		{ "a word too many",    STEER_SETTING_STALE, "\2\0\0\0", 4, false },
		{ "a short time",       STEER_SETTING_STALE_AFTER, "\x1e\0\0\0", 4, true },
		{ "a time too short",   STEER_SETTING_STALE_AFTER, "\x1d\0\0\0", 4, false },
		{ "a year",             STEER_SETTING_STALE_AFTER, "\x80\x33\xe1\1", 4, true },
		{ "more than a year",   STEER_SETTING_STALE_AFTER, "\x81\x33\xe1\1", 4, false },
		{ "no seconds",         STEER_SETTING_STALE_MAX, "\0\0\0\0", 4, true },
		{ "30 days",            STEER_SETTING_STALE_MAX, "\0\x8d\x27\0", 4, true },
		{ "more than 30 days",  STEER_SETTING_STALE_MAX, "\1\x8d\x27\0", 4, false },
		{ "a TTL of 0",         STEER_SETTING_TARGET_TTL_MIN, "\0\0\0\0", 4, false },
		{ "a TTL of 1",         STEER_SETTING_TARGET_TTL_MIN, "\1\0\0\0", 4, true },
		{ "a day at least",     STEER_SETTING_TARGET_TTL_MIN, "\x80\x51\1\0", 4, true },
		{ "more at least",      STEER_SETTING_TARGET_TTL_MIN, "\x81\x51\1\0", 4, false },
		{ "0 at most",          STEER_SETTING_TARGET_TTL_MAX, "\0\0\0\0", 4, false },
		{ "1 at most",          STEER_SETTING_TARGET_TTL_MAX, "\1\0\0\0", 4, true },
		{ "a week at most",     STEER_SETTING_TARGET_TTL_MAX, "\x80\x3a\x09\0", 4, true },
		{ "more at most",       STEER_SETTING_TARGET_TTL_MAX, "\x81\x3a\x09\0", 4, false },
		{ "no hold",            STEER_SETTING_TARGET_EMPTY_HOLD, "\0\0\0\0", 4, true },
		{ "a day's hold",       STEER_SETTING_TARGET_EMPTY_HOLD, "\x80\x51\1\0", 4, true },
		{ "a longer hold",      STEER_SETTING_TARGET_EMPTY_HOLD, "\x81\x51\1\0", 4, false },
		{ "recursion",          STEER_SETTING_FORWARDERS, "\1", 1, true },
		{ "another word",       STEER_SETTING_FORWARDERS, "\2", 1, false },
		{ "a server",           STEER_SETTING_FORWARDERS, "\4\0\x35\0\xc0\0\2\1\0", 9, true },
		{ "a server cut off",   STEER_SETTING_FORWARDERS, "\4\0\x35\0\xc0\0\2\1", 8, false },
		{ "one name",           STEER_SETTING_NAME_SERVERS, NAME, 3, true },
		{ "13 names",           STEER_SETTING_NAME_SERVERS, NAMES_12 NAME, 39, true },
		{ "14 names",           STEER_SETTING_NAME_SERVERS, NAMES_12 NAME NAME, 42, false },
		{ "no names",           STEER_SETTING_NAME_SERVERS, "", 0, false },
		{ "half a name",        STEER_SETTING_NAME_SERVERS, NAME "\x01n", 5, false },
		{ "no name",            STEER_SETTING_NAME_SERVERS, "\x40n", 2, false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_setting_t *setting = &steer_settings[cases[i].setting];
		uint8_t *exact = memcpy(malloc(cases[i].len + (cases[i].len == 0)), cases[i].value,
		                        cases[i].len);
		steer_change_t *change = steer_change_new();
		assert_int_equal(steer_setting_allows(setting, exact, cases[i].len), cases[i].want);
		assert_int_equal(steer_change_setting(change, setting, exact, cases[i].len),
		                 cases[i].want ? STEER_OK : STEER_EINVAL);
		assert_ptr_equal(steer_setting_find(setting->name), setting);
		steer_change_free(change);
		free(exact);
	}
	assert_null(steer_setting_find("log"));
}

/*! One setting changed; NULL: to its default. */
static steer_summary_t change_setting(steer_store_t *store, unsigned setting, const void *value,
                                      size_t len)
{
	static const steer_apply_t plain;
	steer_change_t *change = steer_change_new();
	steer_summary_t summary;
	steer_fault_t fault = { 0 };
	must(steer_change_setting(change, &steer_settings[setting], value, len), &fault);
	must(steer_store_apply(store, change, &plain, &summary, &fault), &fault);
	steer_change_free(change);
	return summary;
}

static void a_setting_is_changed_by_a_change_set(void **state)
{
	(void)state;
	place_t place = place_new();
	static const uint8_t one[] = "\x01" "a", two[] = "\x01" "a\x00\x01" "b";
	assert_int_equal(change_setting(place.store, STEER_SETTING_NAME_SERVERS, one, 3).sequence, 1);
	assert_int_equal(change_setting(place.store, STEER_SETTING_NAME_SERVERS, one, 3).sequence, 0);
	assert_int_equal(change_setting(place.store, STEER_SETTING_NAME_SERVERS, two, 6).sequence, 2);
	assert_int_equal(change_setting(place.store, STEER_SETTING_NAME_SERVERS, NULL, 0).sequence, 3);
	assert_int_equal(change_setting(place.store, STEER_SETTING_NAME_SERVERS, NULL, 0).sequence, 0);
	assert_log(place.store, 1, "1: at 0 by : \nzones 0, sets +0 *0 -0, settings 1\n"
	           "+servers 016100\n");
	assert_log(place.store, 2, "2: at 0 by : \nzones 0, sets +0 *0 -0, settings 1\n"
	           "-servers 016100\n+servers 016100016200\n");
	assert_log(place.store, 3, "3: at 0 by : \nzones 0, sets +0 *0 -0, settings 1\n"
	           "-servers 016100016200\n");
	static const uint8_t server[] = "\4\0\x55\3\xc0\0\2\1\1" "d";
	assert_int_equal(change_setting(place.store, STEER_SETTING_FORWARDERS, server,
	                                sizeof(server)).sequence, 4);
	assert_int_equal(change_setting(place.store, STEER_SETTING_FORWARDERS, "\1", 1).sequence, 5);
	assert_log(place.store, 5, "5: at 0 by : \nzones 0, sets +0 *0 -0, settings 1\n"
	           "-forwarders 04005503c0000201016400\n+forwarders 01\n");
	assert_replay(place.store);
	place_free(&place);
}

static void bounds_of_ttls_do_not_cross(void **state)
{
	(void)state;
	enum { MIN = STEER_SETTING_TARGET_TTL_MIN, MAX = STEER_SETTING_TARGET_TTL_MAX, PRESET = 0 };
	static const struct {
		const char *what;
		uint32_t min, max; /*!< PRESET: to its default, 5 and 3600; NONE: it stays. */
		const char *fault; /*!< NULL: it is changed. */
	} steps[] = {
#define NONE UINT32_MAX
		{ "both", 2, 2, NULL },
		{ "max alone", NONE, 1, "2s is above a target-ttl-max of 1s" },
		{ "min alone", 3, NONE, "3s is above a target-ttl-max of 2s" },
		{ "min to its default", PRESET, NONE, "5s is above a target-ttl-max of 2s" },
		{ "both to others", 7200, 7201, NULL },
		{ "max to its default", NONE, PRESET, "7200s is above a target-ttl-max of 3600s" },
		{ "both crossed", 2, 1, "2s is above a target-ttl-max of 1s" },
		{ "both to their defaults", PRESET, PRESET, NULL },
		{ "min above the default", 3601, NONE, "3601s is above a target-ttl-max of 3600s" },
		{ "as much as that", 3600, NONE, NULL },
	};
	static const steer_apply_t dry = { .dry_run = true }, plain;
	place_t place = place_new();
	for (size_t i = 0; i < COUNT(steps); i++) {
		print_message("  %s\n", steps[i].what);
		steer_change_t *change = steer_change_new();
		steer_summary_t summary;
		steer_fault_t fault;
		const uint32_t numbers[] = { steer_le_u32(steps[i].min), steer_le_u32(steps[i].max) };
		for (unsigned k = 0; k < 2; k++) {
			const uint32_t *number = numbers[k] != PRESET ? &numbers[k] : NULL;
			if (numbers[k] != NONE) {
				must(steer_change_setting(change, &steer_settings[k == 0 ? MIN : MAX], number, 4),
				     &fault);
			}
		}
		int want = steps[i].fault == NULL ? STEER_OK : STEER_EREFUSED;
		assert_int_equal(steer_store_apply(place.store, change, &dry, &summary, &fault), want);
		assert_int_equal(steer_store_apply(place.store, change, &plain, &summary, &fault), want);
		if (want != STEER_OK) {
			assert_non_null(strstr(fault.text, steps[i].fault));
		}
		steer_change_free(change);
	}
	// What crosses already, as no change set makes it, does not stop the change of another.
	raw_put(place.store, STEER_DB_META, "target-ttl-max", 14, "\1\0\0\0", 4);
	store_set_number(place.store, STEER_SETTING_STALE_MAX, 0);
	place_free(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_says_what_was_written),
		cmocka_unit_test(a_changed_bit_or_a_cut_damages_a_part),
		cmocka_unit_test(fields_out_of_bounds_damage_a_part),
		cmocka_unit_test(a_head_out_of_bounds_damages_its_part),
		cmocka_unit_test(a_change_set_is_logged_with_its_maker_and_its_differences),
		cmocka_unit_test(what_changes_nothing_is_not_logged),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(what_no_store_would_log_is_not_replayed),
		cmocka_unit_test(what_does_not_fit_is_not_replayed),
		cmocka_unit_test(the_log_makes_an_equal_store_elsewhere),
		cmocka_unit_test(a_change_set_of_many_names_is_replayed),
		cmocka_unit_test(a_large_change_set_is_logged_in_parts),
		cmocka_unit_test(a_record_set_larger_than_a_part_is_logged),
		cmocka_unit_test(the_log_keeps_as_many_change_sets_as_it_should),
		cmocka_unit_test(a_large_change_set_goes_over_several_others),
		cmocka_unit_test(the_log_stays_as_large_as_it_is_with_changes_of_any_size),
		cmocka_unit_test(the_last_change_sets_are_found),
		cmocka_unit_test(a_damaged_change_set_leaves_the_others),
		cmocka_unit_test(what_is_no_part_is_passed_over),
		cmocka_unit_test(a_change_set_follows_from_the_one_before),
		cmocka_unit_test(chains_tell_histories_apart),
		cmocka_unit_test(settings_have_bounds),
		cmocka_unit_test(a_setting_is_changed_by_a_change_set),
		cmocka_unit_test(bounds_of_ttls_do_not_cross),
	};
	return cmocka_run_group_tests(tests, write_seeds, NULL);
}
