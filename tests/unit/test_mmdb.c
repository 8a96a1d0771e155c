/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/map/mmdb.h"
#include "unit/map_story.h"
#include "unit/mmdb_make.h"
#include "unit/seeds.h"
#include "unit/test.h"

typedef struct {
	const char *name;
	unsigned family;
	const char *lines, *want;
} case_t;

static char *read_made(steer_map_type_t type, unsigned family, unsigned bits, const char *lines)
{
	size_t size;
	uint8_t *file = mmdb_make(family, bits, lines, &size);
	const steer_map_source_t source = { .type = type };
	steer_map_summary_t summary;
	char *story = map_story(&source, (char *)file, size, &summary);
	assert_int_equal(summary.format, STEER_MAP_FORMAT_MMDB);
	free(file);
	return story;
}

static void read_cases(steer_map_type_t type, const case_t *cases, size_t count)
{
	static const unsigned bits[] = { 24, 28, 32 };
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].name);
		for (size_t k = 0; k < COUNT(bits); k++) {
			char *story = read_made(type, cases[i].family, bits[k], cases[i].lines);
			assert_string_equal(story, cases[i].want);
			free(story);
		}
	}
}

#define NORWAY "{\"continent\":{\"code\":\"EU\",\"names\":{\"en\":\"Europe\"}}," \
	"\"country\":{\"geoname_id\":3144096,\"iso_code\":\"NO\"}}\n"
#define NEW_YORK "{\"city\":{\"names\":{\"en\":\"New York\"}},\"country\":{\"iso_code\":\"US\"}," \
	"\"location\":{\"latitude\":40.7128,\"longitude\":-74.006},\"postal\":{\"code\":\"10001\"}," \
	"\"subdivisions\":[{\"iso_code\":\"NY\"},{\"iso_code\":\"X1\"}]}\n"

static void databases_of_places_are_read(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "countries and cities in a tree of IPv4", 4,
		  "192.0.2.0/24 " NORWAY "198.51.100.0/25 " NEW_YORK,
		  "0 192.0.2.0/24 EU/NO/\n0 198.51.100.0/25 NA/US/NY 40.71,-74.01\n" },
		{ "both versions in a tree of IPv6", 6, "192.0.2.0/24 " NORWAY "2001:db8::/32 " NEW_YORK,
		  "0 192.0.2.0/24 EU/NO/\n0 2001:db8::/32 NA/US/NY 40.71,-74.01\n" },
		{ "IPv4 networks are not read again where they are aliased", 6,
		  "192.0.2.0/24 " NORWAY "::ffff:0:0/96 = 0.0.0.0/0\n2002::/16 = 0.0.0.0/0\n"
		  "2001::/32 = 0.0.0.0/0\n2001:db8::/32 at 0\n",
		  "0 192.0.2.0/24 EU/NO/\n0 2001:db8::/32 EU/NO/\n" },
		{ "a network that has all of IPv4 in it", 6, "::/64 " NORWAY,
		  "0 ::/64 EU/NO/\n0 0.0.0.0/0 EU/NO/\n" },
		{ "networks in networks, as far as they are left", 4,
		  "10.0.0.0/8 " NORWAY "10.0.0.0/10 " NEW_YORK,
		  "0 10.0.0.0/10 NA/US/NY 40.71,-74.01\n0 10.64.0.0/10 EU/NO/\n0 10.128.0.0/9 EU/NO/\n" },
		{ "addresses", 6, "255.255.255.255 " NORWAY
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff at 0\n",
		  "0 255.255.255.255/32 EU/NO/\n0 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 EU/NO/\n" },
		{ "codes at the top, empty ones, others' keys", 4,
		  "10.0.0.0/8 {\"country_code\":\"NO\",\"continent_code\":\"EU\",\"country\":\"Norway\"}\n"
		  "11.0.0.0/8 {\"country\":{\"iso_code\":\"\"},\"subdivisions\":[]}\n"
		  "12.0.0.0/8 {\"continent\":{\"code\":\"OC\"},\"country\":{\"iso_code\":\"CX\"}}\n",
		  "0 10.0.0.0/8 EU/NO/\n0 11.0.0.0/8 //\n0 12.0.0.0/8 OC/CX/\n" },
		{ "anycast, and where it is registered is not where it is", 4,
		  "10.0.0.0/8 {\"registered_country\":{\"iso_code\":\"AU\"},"
		  "\"traits\":{\"is_anycast\":true}}\n"
		  "11.0.0.0/8 " NORWAY,
		  "0 10.0.0.0/8 // anycast\n0 11.0.0.0/8 EU/NO/\n" },
		{ "keys and values that are pointers", 4, // "country" is at 1, its map at 9.
		  "10.0.0.0/8 {\"country\":{\"iso_code\":\"NO\"}}\n11.0.0.0/8 hex e120012009\n",
		  "0 10.0.0.0/8 EU/NO/\n0 11.0.0.0/8 EU/NO/\n" },
		{ "numbers of 32 bits", 4,
		  "10.0.0.0/8 hex e1486c6f636174696f6ee2486c61746974756465040842700000"
		  "496c6f6e6769747564650408c2700000\n",
		  "0 10.0.0.0/8 // 60.00,-60.00\n" },
	};
	read_cases(STEER_MAP_GEO, cases, COUNT(cases));
}

static void databases_of_autonomous_systems_are_read(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "MaxMind's and others'", 4,
		  "10.0.0.0/8 {\"autonomous_system_number\":64500,"
		  "\"autonomous_system_organization\":\"Example\"}\n11.0.0.0/8 {\"asn\":\"AS64501\"}\n"
		  "12.0.0.0/8 {\"x\":1}\n",
		  "0 10.0.0.0/8 AS64500\n0 11.0.0.0/8 AS64501\n0 12.0.0.0/8 AS0\n" },
		{ "too large", 4, "10.0.0.0/8 {\"asn\":4294967296}\n11.0.0.0/8 {\"asn\":1}\n",
		  "!0:0 10.0.0.0/8: the number of an autonomous system is too large; allowed: "
		  "0 to 4294967295\n0 11.0.0.0/8 AS1\n! file: 1 error\n" },
	};
	read_cases(STEER_MAP_ASN, cases, COUNT(cases));
}

/*! Writes a pointer in its shortest form, or in the longest, as digits. */
static void write_pointer(FILE *out, size_t to, bool longest)
{
	if (longest) {
		fprintf(out, "38%08zx", to);
	} else if (to < 2048) {
		fprintf(out, "%04zx", 0x2000 | to);
	} else if (to < 526336) {
		fprintf(out, "%06zx", 0x280000 | (to - 2048));
	} else {
		fprintf(out, "%08zx", 0x30000000 | (to - 526336));
	}
}

static void sizes_and_pointers_have_all_lengths(void **state)
{
	(void)state;
	static const struct {
		size_t pad, head;
	} cases[] = {
		{ 28, 1 }, { 29, 2 }, { 284, 2 }, { 285, 3 }, { 2005, 3 }, { 2020, 3 }, { 65820, 3 },
		{ 65821, 4 }, { 526280, 4 }, { 526380, 4 }, { 600000, 4 },
		{ 16355, 3 }, // The second value is remembered where the first one was.
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *lines = NULL;
		size_t size, map = 5 + cases[i].head + cases[i].pad + 21 + 9;
		FILE *out = open_memstream(&lines, &size);
		fprintf(out, "10.0.0.0/8 {\"pad\":\"%0*d\",\"country\":{\"iso_code\":\"SE\"}}\n",
		        (int)cases[i].pad, 0);
		fprintf(out, "11.0.0.0/8 {\"country\":{\"iso_code\":\"NO\"}}\n");
		for (unsigned longest = 0; longest < 2; longest++) {
			fprintf(out, "%u.0.0.0/8 hex e147636f756e747279", 12 + longest);
			write_pointer(out, map, longest);
			fputc('\n', out);
		}
		fclose(out);
		char *story = read_made(STEER_MAP_GEO, 4, 24, lines);
		assert_string_equal(story, "0 10.0.0.0/8 EU/SE/\n0 11.0.0.0/8 EU/NO/\n"
		                           "0 12.0.0.0/8 EU/NO/\n0 13.0.0.0/8 EU/NO/\n");
		free(story);
		free(lines);
	}
}

static void records_have_24_28_or_32_bits(void **state)
{
	(void)state;
	static const struct {
		unsigned bits;
		uint8_t tree[16];
		uint32_t want[2]; // Of the second node.
	} cases[] = {
		{ 24, { [6] = 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc }, { 0x123456, 0x789abc } },
		{ 28, { [7] = 0x12, 0x34, 0x56, 0xab, 0x78, 0x9a, 0xbc }, { 0xa123456, 0xb789abc } },
		{ 32, { [8] = 0x82, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0 },
		  { 0x82345678, 0x9abcdef0 } },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const steer_mmdb_t mmdb = { .tree = cases[i].tree, .record_bits = cases[i].bits };
		assert_int_equal(steer_mmdb_record(&mmdb, 1, 0), cases[i].want[0]);
		assert_int_equal(steer_mmdb_record(&mmdb, 1, 1), cases[i].want[1]);
	}
}

static void bad_values_are_errors_of_their_network(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "codes", 6,
		  "10.0.0.0/8 {\"country\":{\"iso_code\":\"NOR\"}}\n"
		  "2001:db8::/32 {\"continent\":{\"code\":\"XX\"}}\n"
		  "2001:db9::/32 {\"country\":{\"iso_code\":7}}\n"
		  "2001:dba::/32 {\"subdivisions\":[{\"iso_code\":\"NY\"}]}\n"
		  "2001:dbb::/32 " NORWAY,
		  "!0:0 10.0.0.0/8: 'NOR' is not a country; allowed: a code of ISO 3166-1, such as NO\n"
		  "!0:0 2001:db8::/32: 'XX' is not a continent; allowed: AF, AN, AS, EU, NA, OC or SA\n"
		  "!0:0 2001:db9::/32: a code that is not text; allowed: text\n"
		  "!0:0 2001:dba::/32: a subdivision without a country; allowed: both\n"
		  "0 2001:dbb::/32 EU/NO/\n! file: 4 errors\n" },
		{ "coordinates", 4,
		  "10.0.0.0/8 {\"location\":{\"latitude\":90.01,\"longitude\":1.0}}\n"
		  "11.0.0.0/8 {\"location\":{\"latitude\":1.0}}\n"
		  "12.0.0.0/8 {\"location\":{\"latitude\":\"1\",\"longitude\":1.0}}\n"
		  "13.0.0.0/8 {\"location\":{\"latitude\":-90.0,\"longitude\":180.0}}\n"
		  "14.0.0.0/8 hex e1486c6f636174696f6ee1486c61746974756465687ff8000000000000\n",
		  "!0:0 10.0.0.0/8: coordinates that are not on earth; allowed: degrees, -90 to 90 and "
		  "-180 to 180\n"
		  "!0:0 11.0.0.0/8: a latitude alone; allowed: both or neither\n"
		  "!0:0 12.0.0.0/8: coordinates that are not on earth; allowed: degrees, -90 to 90 and "
		  "-180 to 180\n"
		  "0 13.0.0.0/8 // -90.00,180.00\n"
		  "!0:0 14.0.0.0/8: coordinates that are not on earth; allowed: degrees, -90 to 90 and "
		  "-180 to 180\n! file: 4 errors\n" },
	};
	read_cases(STEER_MAP_GEO, cases, COUNT(cases));
}

#define ALLOWED "; allowed: a whole MaxMind DB of cities, countries or autonomous systems\n"

static void damaged_databases_are_refused(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "a node that is its own child", 4, "0.0.0.0/1 # 0\n",
		  "! file: a tree with loops" ALLOWED },
		{ "a node in two places", 4, "0.0.0.0/2 " NORWAY "128.0.0.0/1 = 0.0.0.0/1\n",
		  "0 0.0.0.0/2 EU/NO/\n! file: a tree with loops" ALLOWED },
		{ "IPv4 networks that begin at the root are aliases", 6, "::/1 # 0\n8000::/1 " NORWAY,
		  "0 8000::/1 EU/NO/\n" },
		{ "a node below an address", 4, "10.0.0.1 # 0\n", "! file: a tree with loops" ALLOWED },
		{ "data in the separator", 4, "10.0.0.0/8 # 20\n", "! file: damaged data" ALLOWED },
		{ "data behind the end", 4, "10.0.0.0/8 # 16777215\n", "! file: damaged data" ALLOWED },
		{ "no map", 4, "10.0.0.0/8 hex 424e4f\n",
		  "0 10.0.0.0/8 //\n! file: no network has what this map needs" ALLOWED },
		{ "another kind of database", 4, "10.0.0.0/8 {\"isp\":\"Example\"}\n",
		  "0 10.0.0.0/8 //\n! file: no network has what this map needs" ALLOWED },
		{ "a pointer to a pointer", 4, "10.0.0.0/8 hex 20022000\n",
		  "! file: damaged data" ALLOWED },
		{ "a pointer behind the end", 4, "10.0.0.0/8 hex e147636f756e747279380fffffff\n",
		  "! file: damaged data" ALLOWED },
		{ "a key that is a number", 4, "10.0.0.0/8 hex e1a101424e4f\n",
		  "! file: damaged data" ALLOWED },
		{ "a map of 16 million pairs", 4, "10.0.0.0/8 hex ffffffff\n",
		  "! file: damaged data" ALLOWED },
		{ "text longer than the file", 4, "10.0.0.0/8 hex e15fffffff\n",
		  "! file: damaged data" ALLOWED },
		{ "a value that is in itself", 4,
		  "10.0.0.0/8 hex e14c7375626469766973696f6e730104200e\n",
		  "! file: damaged data" ALLOWED },
	};
	read_cases(STEER_MAP_GEO, cases, COUNT(cases));
}

static char *read_bytes(const void *bytes, size_t size)
{
	const steer_map_source_t source = { .type = STEER_MAP_GEO };
	steer_map_summary_t summary;
	return map_story(&source, bytes, size, &summary);
}

static void nested_values_need_no_stack(void **state)
{
	(void)state;
	char *story = read_made(STEER_MAP_GEO, 4, 24, "0.0.0.0/1 nested 4000000\n");
	assert_string_equal(story, "0 0.0.0.0/1 EU/NO/\n");
	free(story);
}

static void work_grows_with_the_size_of_the_file(void **state)
{
	(void)state;
	// Each value has maps in maps, most of which others have, too: a square, if nobody counts.
	enum { DEPTH = 300000, VALUES = 250 };
	char *lines = NULL;
	size_t size;
	FILE *out = open_memstream(&lines, &size);
	fprintf(out, "0.0.0.0/1 nested %d\n", DEPTH);
	for (unsigned i = 0; i < VALUES; i++) {
		fprintf(out, "128.0.%u.0/24 at %u\n", i, 3 + 3 * i);
	}
	fclose(out);
	char *story = read_made(STEER_MAP_GEO, 4, 24, lines), *end = strstr(story, "! file");
	assert_non_null(end);
	assert_string_equal(end, "! file: damaged data" ALLOWED);
	free(story);
	free(lines);
}

static void metadata_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *find, *replace;
		size_t len;
		const char *want;
	} cases[] = {
		{ "ip_version\xa1\x04", "ip_version\xa1\x05", 12,
		  "! file: damaged metadata: ip_version, node_count or record_size" ALLOWED },
		{ "record_size\xa1\x18", "record_size\xa1\x19", 13,
		  "! file: damaged metadata: ip_version, node_count or record_size" ALLOWED },
		{ "major_version\xa1\x02", "major_version\xa1\x03", 15,
		  "! file: another version of the format; allowed: version 2" ALLOWED },
		{ "node_count\xc1\x08", "node_count\xc1\xff", 12,
		  "! file: cut off: the tree does not fit" ALLOWED },
		{ "node_count", "note_count", 10, "! file: damaged metadata" ALLOWED },
		{ "node_count\xc1", "node_count\x41", 11, "! file: damaged metadata" ALLOWED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t size;
		uint8_t *file = mmdb_make(4, 24, "10.0.0.0/8 " NORWAY, &size);
		uint8_t *at = memmem(file, size, cases[i].find, cases[i].len);
		assert_non_null(at);
		memcpy(at, cases[i].replace, cases[i].len);
		char *story = read_bytes(file, size);
		assert_string_equal(story, cases[i].want);
		free(story);
		free(file);
	}
}

static void seeds_are_made_of_databases(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		steer_map_type_t type;
		unsigned family, bits;
		const char *lines;
	} seeds[] = {
		{ "mmdb_city", STEER_MAP_GEO, 4, 24, "10.0.0.0/8 " NORWAY "11.0.0.0/8 " NEW_YORK },
		{ "mmdb_alias", STEER_MAP_GEO, 6, 28,
		  "192.0.2.0/24 " NORWAY "2002::/16 = 0.0.0.0/0\n::ffff:0:0/96 = 0.0.0.0/0\n" },
		{ "mmdb_asn", STEER_MAP_ASN, 4, 32, "10.0.0.0/8 {\"autonomous_system_number\":64500}\n" },
		{ "mmdb_pointers", STEER_MAP_GEO, 4, 24,
		  "10.0.0.0/8 {\"country\":{\"iso_code\":\"NO\"}}\n11.0.0.0/8 hex e120012009\n" },
	};
	for (size_t i = 0; i < COUNT(seeds); i++) {
		size_t size;
		uint8_t *file = mmdb_make(seeds[i].family, seeds[i].bits, seeds[i].lines, &size);
		seeds_write("map_source", seeds[i].name, 0x80 | seeds[i].type, 0, file, size);
		free(file);
	}
}

static void files_that_are_cut_off_or_damaged_are_read_safely(void **state)
{
	(void)state;
	size_t size;
	uint8_t *file = mmdb_make(6, 28, "10.0.0.0/8 " NORWAY "2001:db8::/32 " NEW_YORK, &size);
	for (size_t len = 0; len < size; len++) {
		uint8_t *exact = malloc(len > 0 ? len : 1); // A sanitizer sees the first byte past it.
		memcpy(exact, file, len);
		free(read_bytes(exact, len));
		free(exact);
	}
	for (size_t at = 0; at < size; at++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			file[at] ^= 1 << bit;
			free(read_bytes(file, size));
			file[at] ^= 1 << bit;
		}
	}
	free(file);
}

static void what_is_no_text_is_told_apart(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t size;
		const char *want;
	} cases[] = {
		{ "\x1f\x8b\x08", 3,
		  "! file: it is compressed by gzip; allowed: the file that is in it\n" },
		{ "PK\x03\x04", 4, "! file: it is a ZIP archive; allowed: the files that are in it\n" },
		{ "LOCDBXX\x01", 8,
		  "! file: it is a database of libloc; allowed: what 'location dump' prints\n" },
		{ "prefix\n\0", 8, "! file: it has zero bytes; allowed: text\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *story = read_bytes(cases[i].bytes, cases[i].size);
		assert_string_equal(story, cases[i].want);
		free(story);
	}
}

static void bad_values_are_skipped_damage_is_not(void **state)
{
	(void)state;
	size_t size;
	uint8_t *file = mmdb_make(4, 24, "10.0.0.0/8 {\"country\":{\"iso_code\":\"NOR\"}}\n"
	                          "11.0.0.0/8 " NORWAY "12.0.0.0/8 hex e1\n", &size);
	const steer_map_source_t source = { .type = STEER_MAP_GEO, .skip_bad = true };
	steer_map_summary_t summary;
	char *story = map_story(&source, (char *)file, size, &summary);
	assert_string_equal(story, "0 11.0.0.0/8 EU/NO/\n! file: damaged data" ALLOWED);
	assert_int_equal(summary.bad, 1);
	assert_string_equal(summary.first_bad.text, "file: 10.0.0.0/8: 'NOR' is not a country; "
	                                            "allowed: a code of ISO 3166-1, such as NO");
	free(story);
	free(file);
}

static int ignore(void *ctx, const steer_map_row_t *row, steer_fault_t *fault)
{
	(void)ctx;
	(void)row;
	(void)fault;
	return STEER_OK;
}

static void a_fault_without_a_line_has_none(void **state)
{
	(void)state;
	size_t size;
	uint8_t *file = mmdb_make(4, 24, "10.0.0.0/8 {\"country\":{\"iso_code\":\"NOR\"}}\n", &size);
	const steer_map_source_t source = { .type = STEER_MAP_GEO };
	const steer_map_sink_t sink = { ignore, NULL, NULL };
	steer_map_summary_t summary;
	steer_fault_t fault;
	steer_input_t *input = NULL;
	assert_int_equal(steer_input_text(&input, "file", (char *)file, size), STEER_OK);
	assert_int_equal(steer_map_read_input(&source, input, &sink, &summary, &fault),
	                 STEER_EREFUSED);
	assert_string_equal(fault.text, "file: 10.0.0.0/8: 'NOR' is not a country; allowed: a code of "
	                                "ISO 3166-1, such as NO");
	steer_input_free(input);
	free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(databases_of_places_are_read),
		cmocka_unit_test(databases_of_autonomous_systems_are_read),
		cmocka_unit_test(sizes_and_pointers_have_all_lengths),
		cmocka_unit_test(records_have_24_28_or_32_bits),
		cmocka_unit_test(bad_values_are_errors_of_their_network),
		cmocka_unit_test(damaged_databases_are_refused),
		cmocka_unit_test(nested_values_need_no_stack),
		cmocka_unit_test(work_grows_with_the_size_of_the_file),
		cmocka_unit_test(metadata_are_checked),
		cmocka_unit_test(seeds_are_made_of_databases),
		cmocka_unit_test(files_that_are_cut_off_or_damaged_are_read_safely),
		cmocka_unit_test(what_is_no_text_is_told_apart),
		cmocka_unit_test(bad_values_are_skipped_damage_is_not),
		cmocka_unit_test(a_fault_without_a_line_has_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
