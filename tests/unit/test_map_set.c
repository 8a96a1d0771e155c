/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/handles.h"
#include "store/map_set.h"
#include "unit/maps.h"
#include "unit/stored_maps.h"
#include "unit/stores.h"
#include "unit/test.h"

#define GEO(country)      "prefix,country\n10.0.0.0/8," country "\n"
#define ASN(number)       "prefix,asn\n10.0.0.0/8," number "\n"
#define LATENCY(ms)       "prefix,region,rtt_ms\n10.0.0.0/8,a," ms "\n"
#define REGIONS(lat, lon) "region,lat,lon\na," lat "," lon "\n"
#define CIDR(network)     "prefix,location\n" network ",oslo\n"

/* Names, in the order of their numbers, from 1. */
static const char *const names[] = {
	"r eu-west-1", "c offices", "r nowhere", "c cidr", "r af-south-1", "l cidr/oslo", "c geo",
};
/*! First number of a name in a map. */
#define FIRST 3

static void put(steer_store_t *store, const char *name, steer_map_type_t type, const char *csv)
{
	steer_fault_t fault;
	must(stored_map_put(store, name, type, csv, FIRST, &fault), &fault);
}

static void number_names(steer_store_t *store, size_t count)
{
	static const steer_apply_t options;
	steer_dictionary_name_t asked[COUNT(names)];
	uint32_t numbers[COUNT(names)];
	steer_fault_t fault;
	for (size_t i = 0; i < count; i++) {
		asked[i] = (steer_dictionary_name_t) { names[i][0], strlen(names[i]) - 2, names[i] + 2 };
	}
	must(steer_store_apply_names(store, asked, count, &options, numbers, &fault), &fault);
	assert_int_equal(numbers[count - 1], count);
}

static steer_reader_t *reader_of(steer_store_t *store, enum steer_env env)
{
	steer_reader_t *reader;
	steer_fault_t fault;
	uint64_t id;
	must(steer_reader_open(&reader, store, env, &fault), &fault);
	must(steer_reader_renew(reader, &id), &fault);
	return reader;
}

static void say_map(FILE *out, const char *name, const steer_map_t *map)
{
	if (map != NULL) {
		fprintf(out, "%s %s\n", name, map_says(map, "10.0.0.1/32"));
	}
}

/*! What a set says of 10.0.0.1, of each collection, and of each region. */
static void assert_says(const steer_map_set_t *set, const char *want)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const steer_maps_t *maps = &set->maps;
	for (unsigned i = 0; i < set->count; i++) {
		if (set->all[i].damaged) {
			fprintf(out, "%s damaged\n", set->all[i].name);
		}
	}
	say_map(out, "geo", maps->geo);
	say_map(out, "latency", maps->latency);
	say_map(out, "asn", maps->asn);
	for (uint32_t number = 0; number <= COUNT(names) + 1; number++) {
		steer_coordinates_t point;
		char name[32];
		sprintf(name, "collection %u", number);
		say_map(out, name, maps->collection(maps->ctx, number));
		if (maps->region(maps->ctx, number, &point)) {
			fprintf(out, "region %u %d,%d\n", number, point.lat, point.lon);
		}
	}
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

typedef struct {
	const char *name;
	steer_map_type_t type;
	const char *csv;
} put_t;

/*! The regions that are known without a map. */
#define KNOWN "region 1 5330,-630\nregion 5 -3390,1840\n"

static void policies_use_maps_by_type_and_name(void **state)
{
	(void)state;
	static const struct {
		put_t maps[4];
		const char *want;
	} cases[] = {
		{ { { 0 } }, KNOWN },
		{ { { "geo", STEER_MAP_GEO, GEO("NO") }, { "latency", STEER_MAP_LATENCY, LATENCY("2") },
		    { "asn", STEER_MAP_ASN, ASN("7") } },
		  "geo EU/NO/\nlatency 3:2000us\nasn AS7\n" KNOWN },
		// Another name than the type's.
		{ { { "geo2", STEER_MAP_GEO, GEO("NO") }, { "aaa", STEER_MAP_ASN, ASN("7") },
		    { "Latency", STEER_MAP_LATENCY, LATENCY("2") },
		    { "regions-new", STEER_MAP_REGIONS, REGIONS("1", "2") } }, KNOWN },
		{ { { "geo", STEER_MAP_GEO, GEO("NO") }, { "a", STEER_MAP_GEO, GEO("SE") },
		    { "z", STEER_MAP_GEO, GEO("DK") } }, "geo EU/NO/\n" KNOWN },
		// Another type than that of the name.
		{ { { "geo", STEER_MAP_ASN, ASN("7") }, { "asn", STEER_MAP_GEO, GEO("NO") },
		    { "regions", STEER_MAP_ASN, ASN("7") }, { "cidr", STEER_MAP_ASN, ASN("7") } }, KNOWN },
		// Collections; "other" has no number, so no record set names it.
		{ { { "offices", STEER_MAP_CIDR, CIDR("10.0.0.0/9") },
		    { "geo", STEER_MAP_CIDR, CIDR("10.0.0.0/16") },
		    { "other", STEER_MAP_CIDR, CIDR("10.0.0.0/10") },
		    { "cidr", STEER_MAP_CIDR, CIDR("10.0.0.0/8") } },
		  "region 1 5330,-630\ncollection 2 4/9\ncollection 4 4/8\nregion 5 -3390,1840\n"
		  "collection 7 4/16\n" },
		// A map of regions goes before what is known.
		{ { { "regions", STEER_MAP_REGIONS, "region,lat,lon\na,1,2\nb,3,4\nc,-5,6\n" } },
		  "region 1 5330,-630\nregion 3 100,200\nregion 4 300,400\nregion 5 -500,600\n" },
	};
	static steer_map_set_t set;
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  case %zu\n", i);
		place_t place = place_new();
		steer_reader_t *maps = NULL;
		number_names(place.store, COUNT(names));
		for (const put_t *map = cases[i].maps;
		     map < cases[i].maps + COUNT(cases[i].maps) && map->name != NULL; map++) {
			put(place.store, map->name, map->type, map->csv);
		}
		if (cases[i].maps[0].name != NULL) {
			maps = reader_of(place.store, STEER_ENV_MAPS);
		}
		steer_reader_t *records = reader_of(place.store, STEER_ENV_RECORDS);
		assert_int_equal(steer_map_set_open(&set, maps, records, NULL), STEER_OK);
		assert_says(&set, cases[i].want);
		steer_reader_close(records);
		steer_reader_close(maps);
		place_free(&place);
	}
}

static void names_get_numbers_later(void **state)
{
	(void)state;
	static steer_map_set_t set;
	place_t place = place_new();
	steer_fault_t fault;
	uint64_t id;
	put(place.store, "offices", STEER_MAP_CIDR, CIDR("10.0.0.0/8"));
	steer_reader_t *maps = reader_of(place.store, STEER_ENV_MAPS);
	steer_reader_t *records = reader_of(place.store, STEER_ENV_RECORDS);
	assert_int_equal(steer_map_set_open(&set, maps, records, NULL), STEER_OK);
	assert_says(&set, "");
	must(steer_reader_renew(records, &id), &fault);
	assert_true(steer_map_set_is_numbered(&set, records));
	number_names(place.store, 2);
	must(steer_reader_renew(records, &id), &fault);
	assert_false(steer_map_set_is_numbered(&set, records));
	assert_int_equal(steer_map_set_open(&set, maps, records, NULL), STEER_OK);
	assert_says(&set, "region 1 5330,-630\ncollection 2 4/8\n");
	assert_true(steer_map_set_is_numbered(&set, records));
	steer_reader_close(records);
	steer_reader_close(maps);
	place_free(&place);
}

static void a_map_that_stays_is_read_once(void **state)
{
	(void)state;
	static steer_map_set_t before, set;
	place_t place = place_new();
	put(place.store, "asn", STEER_MAP_ASN, ASN("7"));
	put(place.store, "geo", STEER_MAP_GEO, GEO("NO"));
	steer_reader_t *maps = reader_of(place.store, STEER_ENV_MAPS);
	steer_reader_t *records = reader_of(place.store, STEER_ENV_RECORDS);
	assert_int_equal(steer_map_set_open(&before, maps, records, NULL), STEER_OK);
	assert_says(&before, "geo EU/NO/\nasn AS7\n");
	before.all[0].damaged = before.all[1].damaged = true; // A lie.
	assert_int_equal(steer_map_set_open(&set, maps, records, &before), STEER_OK);
	assert_says(&set, "asn damaged\ngeo damaged\n");
	assert_int_equal(steer_map_set_open(&set, maps, records, NULL), STEER_OK);
	assert_says(&set, "geo EU/NO/\nasn AS7\n");
	steer_reader_close(records);
	steer_reader_close(maps);
	place_free(&place);
}

/*! A map too large for a page of its own stays where it is when another is replaced. */
static char *large_csv(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs("prefix,asn\n", out);
	for (unsigned i = 0; i < 1000; i++) {
		fprintf(out, "10.%u.%u.0/24,%u\n", i / 256, i % 256, 64500 + i);
	}
	fclose(out);
	return text;
}

static void another_map_is_replaced(void **state)
{
	(void)state;
	static steer_map_set_t before, set;
	place_t place = place_new();
	char *csv = large_csv();
	put(place.store, "asn", STEER_MAP_ASN, csv);
	put(place.store, "geo", STEER_MAP_GEO, GEO("NO"));
	steer_reader_t *first = reader_of(place.store, STEER_ENV_MAPS);
	steer_reader_t *records = reader_of(place.store, STEER_ENV_RECORDS);
	assert_int_equal(steer_map_set_open(&before, first, records, NULL), STEER_OK);
	before.all[0].damaged = before.all[1].damaged = true;
	put(place.store, "geo", STEER_MAP_GEO, GEO("SE"));
	steer_reader_t *second = reader_of(place.store, STEER_ENV_MAPS);
	assert_int_equal(steer_map_set_open(&set, second, records, &before), STEER_OK);
	assert_says(&set, "asn damaged\ngeo EU/SE/\n");
	steer_reader_close(first);
	steer_reader_close(second);
	steer_reader_close(records);
	free(csv);
	place_free(&place);
}

static void a_damaged_map_is_as_if_it_were_not_there(void **state)
{
	(void)state;
	static steer_map_set_t set;
	place_t place = place_new();
	steer_fault_t fault;
	uint64_t id;
	number_names(place.store, COUNT(names));
	put(place.store, "asn", STEER_MAP_ASN, ASN("7"));
	put(place.store, "geo", STEER_MAP_GEO, GEO("NO"));
	put(place.store, "offices", STEER_MAP_CIDR, CIDR("10.0.0.0/8"));
	steer_reader_t *maps = reader_of(place.store, STEER_ENV_MAPS);
	steer_reader_t *records = reader_of(place.store, STEER_ENV_RECORDS);
	assert_int_equal(steer_map_set_open(&set, maps, records, NULL), STEER_OK);
	assert_non_null(set.maps.geo);
	raw_put(place.store, STEER_DB_MAPS, "geo", 3, "spoilt", 6);
	raw_put(place.store, STEER_DB_MAPS, "offices", 7, "", 0);
	raw_put(place.store, STEER_DB_MAPS, "\xff\0\x1b", 3, "spoilt", 6);
	must(steer_reader_renew(maps, &id), &fault);
	assert_int_equal(steer_map_set_open(&set, maps, records, NULL), STEER_OK); // In the same place.
	assert_says(&set, "geo damaged\noffices damaged\n\\xff\\x00\\x1b damaged\nasn AS7\n" KNOWN);
	steer_reader_close(records);
	steer_reader_close(maps);
	place_free(&place);
}

static void what_is_beyond_the_bound_is_left_out(void **state)
{
	(void)state;
	static steer_map_set_t set;
	place_t place = place_new();
	put(place.store, "asn", STEER_MAP_ASN, ASN("7"));
	MDB_txn *txn;
	assert_int_equal(mdb_txn_begin(place.store->env[STEER_ENV_MAPS], NULL, 0, &txn), 0);
	for (unsigned i = 0; i <= STEER_MAPS_MAX; i++) {
		char name[8];
		MDB_val key = { sprintf(name, "b%u", i), name }, value = { 6, "spoilt" };
		assert_int_equal(mdb_put(txn, place.store->dbi[STEER_DB_MAPS], &key, &value, 0), 0);
	}
	assert_int_equal(mdb_txn_commit(txn), 0);
	steer_reader_t *maps = reader_of(place.store, STEER_ENV_MAPS);
	steer_reader_t *records = reader_of(place.store, STEER_ENV_RECORDS);
	assert_int_equal(steer_map_set_open(&set, maps, records, NULL), STEER_OK);
	assert_int_equal(set.count, STEER_MAPS_MAX);
	assert_string_equal(map_says(set.maps.asn, "10.0.0.1/32"), "AS7");
	steer_reader_close(records);
	steer_reader_close(maps);
	place_free(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policies_use_maps_by_type_and_name),
		cmocka_unit_test(names_get_numbers_later),
		cmocka_unit_test(a_map_that_stays_is_read_once),
		cmocka_unit_test(another_map_is_replaced),
		cmocka_unit_test(a_damaged_map_is_as_if_it_were_not_there),
		cmocka_unit_test(what_is_beyond_the_bound_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
