/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter of hosted apexes: it grows, denies no zone, outlives damage, and costs little. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "store/apexes_page.h"
#include "store/change/apexes_write.h"
#include "store/change/transaction.h"
#include "unit/compare.h"
#include "unit/records.h"
#include "unit/test.h"

#define PAGE STEER_APEXES_PAGE

/*! A filter and a reader that sees it. */
typedef struct {
	steer_reader_t *reader;
	steer_apexes_t apexes;
} filter_t;

static steer_reader_t *reader_open(steer_store_t *store)
{
	steer_reader_t *reader = NULL;
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&reader, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	return reader;
}

static filter_t filter_open(steer_store_t *store, const steer_apexes_t *before)
{
	filter_t filter = { .reader = reader_open(store) };
	assert_int_equal(steer_apexes_open(&filter.apexes, filter.reader, before), STEER_OK);
	return filter;
}

static void filter_close(filter_t *filter)
{
	steer_apexes_close(&filter->apexes);
	steer_reader_close(filter->reader);
}

static uint64_t hash_of_text(const char *text)
{
	const uint8_t *name = name_of(text);
	return steer_name_hash(name, steer_name_len(name));
}

static uint64_t hash_of(const char *format, unsigned number)
{
	char text[64];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, number);
#pragma GCC diagnostic pop
	return hash_of_text(text);
}

/*! Creates or deletes the zones zone-FIRST.example and so on, in one change set. */
static unsigned change_zones(steer_store_t *store, steer_zone_action_t action, unsigned first,
                             unsigned count, unsigned step)
{
	static const steer_apply_t plain;
	steer_change_t *change = steer_change_new();
	steer_summary_t summary;
	steer_fault_t fault;
	for (unsigned i = first; i < first + count; i += step) {
		char text[64];
		snprintf(text, sizeof(text), "zone-%u.example.\n%s", i,
		         action == STEER_ZONE_CREATE ? SOA(1) : "");
		assert_int_equal(change_add_text(change, action, text), STEER_OK);
	}
	must(steer_store_apply(store, change, &plain, &summary, &fault), &fault);
	steer_change_free(change);
	return summary.zones_created + summary.zones_deleted;
}

static void it_grows_and_denies_no_zone(void **state)
{
	(void)state;
	enum { ZONES = 2100, STEP = 100, STEPS = ZONES / STEP, ANCESTORS = 2 };
	place_t place = place_new();
	size_t pages_before = 2;
	unsigned grown = 0, count = 0, most = 0;
	bool hosted[ZONES] = { false };
	// Comes up to all, then the even ones go.
	for (unsigned turn = 0; turn < 2 * STEPS; turn++) {
		bool create = turn < STEPS;
		unsigned first = turn % STEPS * STEP;
		unsigned changed = change_zones(place.store, create ? STEER_ZONE_CREATE : STEER_ZONE_DELETE,
		                                first, STEP, create ? 1 : 2);
		assert_int_equal(changed, create ? STEP : STEP / 2);
		count += create ? changed : -changed;
		most = count > most ? count : most;
		for (unsigned i = first; i < first + STEP; i += create ? 1 : 2) {
			hosted[i] = create;
		}

		filter_t filter = filter_open(place.store, NULL);
		size_t pages = steer_apexes_count(&filter.apexes);
		unsigned maybe = 0;
		for (unsigned i = 0; i < ZONES; i++) {
			bool may = steer_apexes_maybe(&filter.apexes, hash_of("zone-%u.example.", i));
			assert_true(may || !hosted[i]);
			maybe += may && !hosted[i];
		}
		unsigned above = most < UINT8_MAX ? most : UINT8_MAX; // There, counters stick.
		assert_int_equal(filter_sum(&filter.apexes), count + ANCESTORS * above);
		assert_true(steer_apexes_maybe_within(&filter.apexes, hash_of("example.", 0)));
		assert_true(steer_apexes_maybe_within(&filter.apexes, hash_of(".", 0)));
		assert_true((size_t)count * STEER_APEXES_LOAD <= pages * STEER_APEXES_COUNTERS);
		assert_true(pages >= pages_before);
		assert_in_range(maybe, 0, ZONES / 4); // Otherwise it would not be a filter.
		grown += pages > pages_before;
		pages_before = pages;
		filter_close(&filter);
	}
	assert_int_equal(grown, 2);
	place_free(&place);
}

static void counters_stick_at_their_end(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_write_t write;
	steer_fault_t fault;
	must(steer_write_begin(&write, place.store, &fault), &fault);
	uint64_t hash = hash_of("example.", 0);
	assert_false(steer_apexes_may_have(&write, hash));
	steer_key_t key;
	steer_key_from_name(&key, name_of("example."));
	for (int i = 0; i < 600; i++) {
		must(steer_apexes_update(&write, key.bytes, key.len, i < 300 ? 1 : -1), &fault);
	}
	assert_true(steer_apexes_may_have(&write, hash));
	must(steer_write_commit(&write), &fault);
	filter_t filter = filter_open(place.store, NULL);
	assert_true(steer_apexes_maybe(&filter.apexes, hash));
	assert_int_equal(filter_sum(&filter.apexes), 2 * UINT8_MAX); // Its own, and the root's.
	assert_true(steer_apexes_maybe_within(&filter.apexes, hash_of(".", 0)));
	filter_close(&filter);
	place_free(&place);
}

/*! Number of the last change set that changed which zones are hosted. */
static uint64_t last_change(steer_store_t *store)
{
	steer_reader_t *reader = reader_open(store);
	uint64_t number = steer_reader_number(reader, STEER_META_APEXES);
	steer_reader_close(reader);
	return number;
}

/*! What is remembered of hosted zones depends on it. */
static void a_change_is_noted_even_if_no_counter_tells(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_fault_t fault;
	steer_key_t key;
	steer_key_from_name(&key, name_of("example."));
	for (int i = 0; i < 2; i++) {
		steer_write_t write;
		must(steer_write_begin(&write, place.store, &fault), &fault);
		write.sequence += i;
		for (int k = 0; k < (i == 0 ? 300 : 1); k++) {
			must(steer_apexes_update(&write, key.bytes, key.len, 1), &fault);
		}
		const uint64_t sequence = write.sequence;
		must(steer_write_commit(&write), &fault);
		assert_int_equal(last_change(place.store), sequence);
	}
	place_free(&place);
}

/* Zones below a name. */

#define LETTERS "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"
#define LONGEST LETTERS ".g." /*!< As long as ancestors may be that are counted. */
#define LONGER  LETTERS "ggg."

static void change_zone(steer_store_t *store, steer_zone_action_t action, const char *apex)
{
	static const steer_apply_t plain;
	steer_change_t *change = steer_change_new();
	steer_summary_t summary;
	steer_fault_t fault;
	char text[STEER_NAME_TEXT_MAX];
	snprintf(text, sizeof(text), "%s\n%s", apex, action == STEER_ZONE_CREATE ? SOA(1) : "");
	assert_int_equal(change_add_text(change, action, text), STEER_OK);
	must(steer_store_apply(store, change, &plain, &summary, &fault), &fault);
	steer_change_free(change);
}

/*! Names up to NULL: whether there may be a zone in each. */
static void check_within(const steer_apexes_t *apexes, const char *const *names, bool want)
{
	for (; *names != NULL; names++) {
		assert_int_equal(steer_apexes_maybe_within(apexes, hash_of_text(*names)), want);
	}
}

static void zones_below_a_name_are_known(void **state)
{
	(void)state;
	static const struct {
		steer_zone_action_t action;
		const char *zone;
		const char *within[8], *without[8]; /*!< Names with and without a zone in them. */
	} steps[] = {
		{ STEER_ZONE_CREATE, "c.b.a.", { ".", "a.", "b.a.", "c.b.a." },
		  { "d.c.b.a.", "x.b.a.", "x.a.", "b.", "c.", LONGEST } },
		{ STEER_ZONE_CREATE, "x.b.a.", { ".", "a.", "b.a.", "c.b.a.", "x.b.a." }, { "x.a." } },
		{ STEER_ZONE_CREATE, "a.", { ".", "a.", "b.a." }, { "b.", "x.a." } },
		{ STEER_ZONE_DELETE, "c.b.a.", { ".", "a.", "b.a.", "x.b.a." }, { "c.b.a." } },
		{ STEER_ZONE_DELETE, "a.", { ".", "a.", "b.a.", "x.b.a." }, { "x.a." } },
		{ STEER_ZONE_DELETE, "x.b.a.", { NULL }, { ".", "a.", "b.a.", "x.b.a.", "c.b.a." } },
		{ STEER_ZONE_CREATE, ".", { "." }, { "a.", "b.a." } },
		{ STEER_ZONE_DELETE, ".", { NULL }, { "." } },
		{ STEER_ZONE_CREATE, "z." LONGEST, { LONGEST, "g.", ".", "z." LONGEST }, { "z." } },
		{ STEER_ZONE_DELETE, "z." LONGEST, { NULL }, { LONGEST, "g.", ".", "z." LONGEST } },
		// Longer names are not counted as ancestors, but the zone itself is.
		{ STEER_ZONE_CREATE, "y.x." LONGER, { ".", "y.x." LONGER },
		  { LONGER, "x." LONGER } },
	};
	place_t place = place_new();
	for (size_t i = 0; i < COUNT(steps); i++) {
		print_message("  %zu %s\n", i, steps[i].zone);
		change_zone(place.store, steps[i].action, steps[i].zone);
		filter_t filter = filter_open(place.store, NULL);
		check_within(&filter.apexes, steps[i].within, true);
		check_within(&filter.apexes, steps[i].without, false);
		filter_close(&filter);
	}
	place_free(&place);
}

static void ancestors_of_the_deepest_apex_are_bounded(void **state)
{
	(void)state;
	uint8_t apex[STEER_NAME_MAX];
	for (unsigned i = 0; i < STEER_LABELS_MAX; i++) {
		apex[2 * i] = 1;
		apex[2 * i + 1] = 'a';
	}
	apex[STEER_NAME_MAX - 1] = 0;
	uint64_t hashes[STEER_APEXES_HASHES];
	assert_int_equal(steer_apexes_hashes(apex, sizeof(apex), hashes), STEER_APEXES_HASHES);
	assert_int_equal(hashes[STEER_APEXES_HASHES - 1], ~hash_of(".", 0));
}

static void a_look_changes_nothing(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_write_t write;
	steer_fault_t fault;
	must(steer_write_begin(&write, place.store, &fault), &fault);
	assert_false(steer_apexes_may_have(&write, hash_of("example.", 0)));
	must(steer_write_commit(&write), &fault);
	filter_t filter = filter_open(place.store, NULL);
	const void *value;
	size_t len;
	assert_int_equal(steer_reader_get(filter.reader, STEER_DB_META, STEER_META_APEXES,
	                                  strlen(STEER_META_APEXES), &value, &len), STEER_ENOENT);
	filter_close(&filter);
	place_free(&place);
}

/* Damage. */

static void get_page(steer_write_t *write, unsigned number, uint8_t page[PAGE])
{
	uint8_t key[STEER_APEXES_KEY];
	MDB_val value;
	steer_apexes_key(key, number);
	must(steer_write_get(write, STEER_DB_APEXES, key, sizeof(key), &value), write->fault);
	assert_int_equal(value.mv_size, PAGE);
	memcpy(page, value.mv_data, PAGE);
}

static void put_page(steer_write_t *write, unsigned number, const uint8_t *page, size_t len)
{
	uint8_t key[STEER_APEXES_KEY];
	steer_apexes_key(key, number);
	must(steer_write_put(write, STEER_DB_APEXES, key, sizeof(key), page, len),
	     write->fault);
}

static void each_byte_of_a_page_counts(void **state)
{
	(void)state;
	place_t place = place_new();
	steer_write_t write;
	steer_fault_t fault;
	must(steer_write_begin(&write, place.store, &fault), &fault);
	uint64_t hash = hash_of("example.", 0);
	unsigned number = hash >> (64 - STEER_APEXES_BITS_MIN);
	uint8_t page[PAGE];
	get_page(&write, number, page);
	for (size_t at = 0; at < sizeof(page); at++) {
		page[at] ^= 1;
		put_page(&write, number, page, sizeof(page));
		assert_true(steer_apexes_may_have(&write, hash));
		page[at] ^= 1;
		steer_apexes_free(&write.apexes); // What it has looked at.
	}
	put_page(&write, number, page, sizeof(page));
	assert_false(steer_apexes_may_have(&write, hash));
	steer_write_abort(&write);
	place_free(&place);
}

enum { FEW = 20, NONE = -1 };

/*! Damage to the two pages of a small store. */
typedef struct {
	const char *what;
	int removed;  /*!< Number of a page, or NONE. */
	int put;      /*!< Number of a page that is put, or NONE. */
	size_t len;   /*!< Of it. */
	bool flipped; /*!< A byte of it. */
	int opens;
	unsigned damaged;
} case_t;

static void do_damage(steer_store_t *store, const case_t *row)
{
	steer_write_t write;
	steer_fault_t fault;
	uint8_t page[PAGE + 1] = { 0 }, key[STEER_APEXES_KEY];
	must(steer_write_begin(&write, store, &fault), &fault);
	get_page(&write, 0, page);
	page[PAGE - 1] ^= row->flipped;
	if (row->removed != NONE) {
		steer_apexes_key(key, row->removed);
		must(steer_write_del(&write, STEER_DB_APEXES, key, sizeof(key)), &fault);
	}
	if (row->put != NONE) {
		put_page(&write, row->put, page, row->len);
	}
	must(steer_write_commit(&write), &fault);
}

/*! Names that fall into a damaged page may be hosted; all others are as they were. */
static void check_damaged(steer_store_t *store, const filter_t *sound, const case_t *row)
{
	filter_t filter = { .reader = reader_open(store) };
	assert_int_equal(steer_apexes_open(&filter.apexes, filter.reader, NULL), row->opens);
	assert_int_equal(filter.apexes.damaged, row->damaged);
	for (unsigned i = 0; i < 1000 && row->opens == STEER_OK; i++) {
		uint64_t hash = hash_of("zone-%u.example.", i);
		bool hit = row->damaged > 0 && hash >> filter.apexes.shift == (unsigned)row->put;
		assert_int_equal(steer_apexes_maybe(&filter.apexes, hash),
		                 hit || steer_apexes_maybe(&sound->apexes, hash));
	}
	filter_close(&filter);
}

static void damage_costs_what_falls_into_it_and_is_mended(void **state)
{
	(void)state;
	static const case_t rows[] = {
		{ "none",                NONE, NONE, PAGE,     false, STEER_OK, 0 },
		{ "a counter",           NONE, 0,    PAGE,     true,  STEER_OK, 1 },
		{ "a byte short",        NONE, 0,    PAGE - 1, false, STEER_OK, 1 },
		{ "a byte long",         NONE, 0,    PAGE + 1, false, STEER_OK, 1 },
		{ "empty",               NONE, 1,    0,        false, STEER_OK, 1 },
		{ "a page missing",      1,    NONE, PAGE,     false, STEER_EDAMAGED, 0 },
		{ "a page too many",     NONE, 2,    PAGE,     false, STEER_EDAMAGED, 0 },
		{ "a number left out",   1,    2,    PAGE,     false, STEER_EDAMAGED, 0 },
		{ "does not begin at 0", 0,    2,    PAGE,     false, STEER_EDAMAGED, 0 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		print_message("  %s\n", rows[i].what);
		place_t place = place_new();
		change_zones(place.store, STEER_ZONE_CREATE, 0, FEW, 1);
		filter_t sound = filter_open(place.store, NULL);
		do_damage(place.store, &rows[i]);
		check_damaged(place.store, &sound, &rows[i]);
		filter_close(&sound);

		change_zones(place.store, STEER_ZONE_CREATE, FEW, FEW, 1);
		filter_t mended = filter_open(place.store, NULL);
		assert_int_equal(mended.apexes.damaged, 0);
		assert_int_equal(filter_sum(&mended.apexes), 3 * 2 * FEW); // And "example." and the root.
		for (unsigned k = 0; k < 2 * FEW; k++) {
			assert_true(steer_apexes_maybe(&mended.apexes, hash_of("zone-%u.example.", k)));
		}
		filter_close(&mended);
		place_free(&place);
	}
}

static void pages_that_were_there_before_are_not_checked_again(void **state)
{
	(void)state;
	static const case_t counter = { .removed = NONE, .put = 0, .len = PAGE, .flipped = true };
	static const uint8_t key[STEER_APEXES_KEY];
	place_t place = place_new();
	do_damage(place.store, &counter);
	filter_t filter = filter_open(place.store, NULL);
	assert_int_equal(filter.apexes.damaged, 1);
	const void *value;
	size_t len;
	assert_int_equal(steer_reader_get(filter.reader, STEER_DB_APEXES, key, sizeof(key), &value,
	                                  &len), STEER_OK);
	const uint8_t *pages[] = { (const uint8_t *)value + STEER_APEXES_SIZE, filter.apexes.pages[1] };
	const steer_apexes_t before = { .pages = pages, .shift = filter.apexes.shift };
	filter_t again = filter_open(place.store, &before);
	assert_int_equal(again.apexes.damaged, 0);
	assert_ptr_equal(again.apexes.pages[0], pages[0]);
	filter_close(&again);
	filter_close(&filter);
	place_free(&place);
}

/* Cost. */

/*! Bytes that the process has written to files so far. */
static uint64_t written(void)
{
	unsigned long long bytes = 0;
	char line[64];
	FILE *io = fopen("/proc/self/io", "r");
	if (io == NULL) {
		skip(); // This kernel does not count them.
	}
	while (fgets(line, sizeof(line), io) != NULL && sscanf(line, "wchar: %llu", &bytes) != 1) {
	}
	fclose(io);
	return bytes;
}

static void a_zone_among_many_writes_little(void **state)
{
	(void)state;
	enum { MANY = 20000, TIMES = 20, LIMIT = 64 * 1024 };
	place_t place = place_new();
	change_zones(place.store, STEER_ZONE_CREATE, 0, MANY, 1);
	uint64_t bytes[2] = { 0 };
	for (unsigned i = 0; i < 2 * TIMES; i++) {
		bool create = i % 2 == 0;
		uint64_t before = written();
		change_zones(place.store, create ? STEER_ZONE_CREATE : STEER_ZONE_DELETE, MANY + i / 2, 1,
		             1);
		bytes[create] += written() - before;
	}
	print_message("  created %lu bytes on average, deleted %lu\n", bytes[1] / TIMES,
	              bytes[0] / TIMES);
	for (unsigned i = 0; i < 2; i++) {
		assert_in_range(bytes[i] / TIMES, 4096, LIMIT);
	}
	place_free(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_grows_and_denies_no_zone),
		cmocka_unit_test(counters_stick_at_their_end),
		cmocka_unit_test(a_change_is_noted_even_if_no_counter_tells),
		cmocka_unit_test(zones_below_a_name_are_known),
		cmocka_unit_test(ancestors_of_the_deepest_apex_are_bounded),
		cmocka_unit_test(a_look_changes_nothing),
		cmocka_unit_test(each_byte_of_a_page_counts),
		cmocka_unit_test(damage_costs_what_falls_into_it_and_is_mended),
		cmocka_unit_test(pages_that_were_there_before_are_not_checked_again),
		cmocka_unit_test(a_zone_among_many_writes_little),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
