/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/map.h"
#include "core/node.h"
#include "unit/damage.h"
#include "unit/maps.h"
#include "unit/test.h"

/*! A map of each type, by its number. */
static const char *const csvs[STEER_MAP_TYPES_COUNT] = {
	[STEER_MAP_GEO] = "prefix,country,lat,lon\n192.0.2.0/24,NO,59.91,-10.75\n2001:db8::/32,SE,,\n",
	[STEER_MAP_LATENCY] = ("prefix,region,rtt_ms,time\n192.0.2.0/24,b,20,17\n192.0.2.0/24,a,10,\n"
	                       "2001:db8::/32,a,10,\n"),
	[STEER_MAP_CIDR] = "prefix,location\n192.0.2.0/24,oslo\n192.0.2.0/28,rome\n",
	[STEER_MAP_REGIONS] = "region,lat,lon\nb,59.91,-10.75\na,-1,180\n",
	[STEER_MAP_ASN] = "prefix,asn\n192.0.2.0/24,64500\n2001:db8::/32,64501\n",
};

static int open_map(const void *value, size_t size)
{
	steer_map_t map;
	return steer_map_open(&map, value, size);
}

static void a_map_says_where_it_is_from(void **state)
{
	(void)state;
	for (unsigned type = 0; type < STEER_MAP_TYPES_COUNT; type++) {
		steer_map_type_t parsed;
		assert_true(steer_map_type_parse(steer_map_type_name(type), &parsed));
		assert_int_equal(parsed, type);
		size_t size;
		uint8_t *value = map_make(type, csvs[type], 1, &size);
		steer_map_t map;
		assert_int_equal(steer_map_open(&map, value, size), STEER_OK);
		assert_int_equal(map.networks.type, type);
		assert_int_equal(map.origin.imported, MAP_IMPORTED);
		assert_int_equal(map.origin.file_len, strlen(MAP_FILE));
		assert_memory_equal(map.origin.file, MAP_FILE, map.origin.file_len);
		assert_int_equal(map.origin.format_len, 3);
		assert_memory_equal(map.origin.format, "CSV", 3);
		free(value);
	}
}

static void origins_of_any_length_are_kept(void **state)
{
	(void)state;
	static const uint16_t lengths[] = { 0, 1, 15, 16, 17, STEER_LOG_TEXT_MAX };
	char text[STEER_LOG_TEXT_MAX];
	memset(text, 'f', sizeof(text));
	size_t size;
	uint8_t *value = map_make(STEER_MAP_ASN, csvs[STEER_MAP_ASN], 1, &size);
	const size_t before = get_origin_size(value);
	for (size_t i = 0; i < COUNT(lengths); i++) {
		for (size_t k = 0; k < COUNT(lengths); k++) {
			const steer_map_origin_t origin = {
				.imported = i, .file = text, .format = text, .file_len = lengths[i],
				.format_len = lengths[k],
			};
			const size_t room = steer_map_origin_size(&origin);
			assert_int_equal(room % STEER_ORIGIN_ALIGN, 0);
			uint8_t *other = malloc(room + size - before);
			steer_map_origin_write(other, &origin);
			memcpy(other + room, value + before, size - before);
			steer_map_t map;
			assert_int_equal(steer_map_open(&map, other, room + size - before), STEER_OK);
			assert_int_equal(map.origin.file_len, lengths[i]);
			assert_int_equal(map.origin.format_len, lengths[k]);
			assert_memory_equal(map.origin.format, text, lengths[k]);
			free(other);
		}
	}
	free(value);
}

static void a_changed_bit_or_another_length_damages_a_map(void **state)
{
	(void)state;
	for (unsigned type = 0; type < STEER_MAP_TYPES_COUNT; type++) {
		size_t size;
		uint8_t *value = map_make(type, csvs[type], 1, &size);
		assert_bits_matter(value, size, open_map);
		for (size_t len = 0; len < size; len++) {
			uint8_t *exact = memcpy(malloc(len + (len == 0)), value, len);
			assert_int_equal(open_map(exact, len), STEER_EDAMAGED);
			free(exact);
		}
		free(value);
	}
}

static void an_origin_out_of_bounds_damages_a_map(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
	} cases[] = {
		{ "another format",        4, 2 },
		{ "a reserved byte",       5, 1 },
		{ "another size",          6, 64 },
		{ "a size past the end",   7, 0xff },
		{ "a longer file",        17, 1 },
		{ "a file past the end",  17, 2 },
		{ "a longer format",      19, 2 },
		{ "reserved bytes",       20, 1 },
		{ "more reserved bytes",  31, 1 },
		{ "zeros that are not",   47, 1 },
	};
	size_t size;
	uint8_t *value = map_make(STEER_MAP_ASN, csvs[STEER_MAP_ASN], 1, &size);
	const size_t before = get_origin_size(value);
	assert_int_equal(before, 48);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const uint8_t was = value[cases[i].at];
		value[cases[i].at] = cases[i].value;
		put_origin_sum(value, steer_value_sum(value, before));
		assert_int_equal(open_map(value, size), STEER_EDAMAGED);
		value[cases[i].at] = was;
	}
	free(value);
}

static void an_entry_out_of_bounds_damages_a_map(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		steer_map_type_t type;
		unsigned entry;
		size_t at;
		uint8_t bytes[4];
		size_t len;
		int want;
	} cases[] = {
		{ "another asn", STEER_MAP_ASN, 0, 0, { 1 }, 1, STEER_OK },
		{ "asn 0", STEER_MAP_ASN, 1, 0, { 0 }, 4, STEER_EDAMAGED },
		{ "another country", STEER_MAP_GEO, 0, 3, { 0x1f }, 1, STEER_OK },
		{ "an unknown bit of a place", STEER_MAP_GEO, 0, 3, { 0x20 }, 1, STEER_EDAMAGED },
		{ "the south pole", STEER_MAP_GEO, 0, 4, { 0xd8, 0xdc }, 2, STEER_OK },
		{ "south of it", STEER_MAP_GEO, 0, 4, { 0xd7, 0xdc }, 2, STEER_EDAMAGED },
		{ "the north pole", STEER_MAP_GEO, 0, 4, { 0x28, 0x23 }, 2, STEER_OK },
		{ "north of it", STEER_MAP_GEO, 0, 4, { 0x29, 0x23 }, 2, STEER_EDAMAGED },
		{ "180 east", STEER_MAP_GEO, 0, 6, { 0x50, 0x46 }, 2, STEER_OK },
		{ "east of it", STEER_MAP_GEO, 0, 6, { 0x51, 0x46 }, 2, STEER_EDAMAGED },
		{ "west of 180 west", STEER_MAP_GEO, 0, 6, { 0xaf, 0xb9 }, 2, STEER_EDAMAGED },
		{ "anycast", STEER_MAP_GEO, 0, 8, { 3 }, 1, STEER_OK },
		{ "an unknown flag", STEER_MAP_GEO, 0, 8, { 5 }, 1, STEER_EDAMAGED },
		{ "a latitude that is none", STEER_MAP_GEO, 1, 4, { 1 }, 1, STEER_EDAMAGED },
		{ "a longitude that is none", STEER_MAP_GEO, 1, 6, { 1 }, 1, STEER_EDAMAGED },
		{ "a place that is nowhere", STEER_MAP_GEO, 1, 0, { 0 }, 4, STEER_EDAMAGED },
		{ "a reserved byte of a place", STEER_MAP_GEO, 1, 9, { 1 }, 1, STEER_EDAMAGED },
		{ "reserved bytes of a place", STEER_MAP_GEO, 1, 10, { 1 }, 1, STEER_EDAMAGED },
		{ "no region", STEER_MAP_LATENCY, 0, 0, { 0 }, 1, STEER_EDAMAGED },
		{ "a region beyond the last", STEER_MAP_LATENCY, 1, 0, { 1, 0, 0x10 }, 3, STEER_EDAMAGED },
		{ "the last region", STEER_MAP_LATENCY, 1, 0, { 0, 0, 0x10 }, 3, STEER_OK },
		{ "a region twice", STEER_MAP_LATENCY, 1, 0, { 1 }, 1, STEER_EDAMAGED },
		{ "regions out of order", STEER_MAP_LATENCY, 0, 0, { 3 }, 1, STEER_EDAMAGED },
		{ "a minute", STEER_MAP_LATENCY, 0, 4, { 0, 0x87, 0x93, 3 }, 4, STEER_OK },
		{ "more than a minute", STEER_MAP_LATENCY, 0, 4, { 1, 0x87, 0x93, 3 }, 4, STEER_EDAMAGED },
		{ "no rows", STEER_MAP_LATENCY, 2, 12, { 0 }, 1, STEER_EDAMAGED },
		{ "rows past the end", STEER_MAP_LATENCY, 2, 12, { 2 }, 1, STEER_EDAMAGED },
		{ "a row too many", STEER_MAP_LATENCY, 0, 12, { 3 }, 1, STEER_EDAMAGED },
		{ "a row too few", STEER_MAP_LATENCY, 0, 12, { 1 }, 1, STEER_OK },
		{ "rows without end", STEER_MAP_LATENCY, 0, 12, { 0xff, 0xff }, 2, STEER_EDAMAGED },
		{ "learnt", STEER_MAP_LATENCY, 0, 14, { STEER_LATENCY_LEARNT }, 1, STEER_OK },
		{ "an unknown source", STEER_MAP_LATENCY, 0, 14, { 3 }, 1, STEER_EDAMAGED },
		{ "a reserved byte of a latency", STEER_MAP_LATENCY, 0, 15, { 1 }, 1, STEER_EDAMAGED },
		{ "no location", STEER_MAP_CIDR, 0, 0, { 0 }, 1, STEER_EDAMAGED },
		{ "a site of no region", STEER_MAP_REGIONS, 0, 0, { 0 }, 1, STEER_EDAMAGED },
		{ "a site out of order", STEER_MAP_REGIONS, 0, 0, { 2 }, 1, STEER_EDAMAGED },
		{ "a site beyond a pole", STEER_MAP_REGIONS, 0, 4, { 0x29, 0x23 }, 2, STEER_EDAMAGED },
		{ "a site beyond a date line", STEER_MAP_REGIONS, 1, 6, { 0x51, 0x46 }, 2,
		  STEER_EDAMAGED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		size_t size;
		uint8_t *value = map_make(cases[i].type, csvs[cases[i].type], 1, &size);
		const size_t before = get_origin_size(value);
		uint8_t *map = value + before;
		uint8_t *table = value + size - (size_t)get_map_classes(map) * get_map_class_size(map);
		memcpy(table + cases[i].entry * get_map_class_size(map) + cases[i].at, cases[i].bytes,
		       cases[i].len);
		put_map_sum(map, steer_value_sum(map, size - before));
		assert_int_equal(open_map(value, size), cases[i].want);
		free(value);
	}
}

static void a_table_of_another_type_damages_a_map(void **state)
{
	(void)state;
	for (unsigned type = 0; type < STEER_MAP_TYPES_COUNT; type++) {
		for (unsigned as = 0; as <= STEER_MAP_TYPES_COUNT; as++) {
			size_t size;
			uint8_t *value = map_make(type, csvs[type], 1, &size);
			uint8_t *map = value + get_origin_size(value);
			put_map_type(map, as);
			put_map_sum(map, steer_value_sum(map, size - get_origin_size(value)));
			assert_int_equal(open_map(value, size), as == type ? STEER_OK : STEER_EDAMAGED);
			free(value);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_says_where_it_is_from),
		cmocka_unit_test(origins_of_any_length_are_kept),
		cmocka_unit_test(a_changed_bit_or_another_length_damages_a_map),
		cmocka_unit_test(an_origin_out_of_bounds_damages_a_map),
		cmocka_unit_test(an_entry_out_of_bounds_damages_a_map),
		cmocka_unit_test(a_table_of_another_type_damages_a_map),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
