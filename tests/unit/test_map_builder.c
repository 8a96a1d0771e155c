/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/map/map_builder.h"
#include "formats/map/map_source.h"
#include "unit/maps.h"
#include "unit/test.h"

static void rows_become_a_map(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		steer_map_type_t type;
		const char *csv;
		uint32_t networks, classes;
		const char *clients; /*!< Each, and what the map says of it, separated by spaces. */
	} cases[] = {
		{ "no rows", STEER_MAP_GEO, "prefix,country\n", 0, 0, "192.0.2.1/32=//\n" },
		{ "places", STEER_MAP_GEO,
		  "prefix,continent,country,subdivision,lat,lon\n10.0.0.0/8,,NO,,,\n10.1.0.0/16,,NO,03,59.91,"
		  "10.75\n10.2.0.0/16,EU,,,,\n10.3.0.0/16,,,,,\n10.4.0.0/16,,,,0,0\n2001:db8::/32,,US,NY,-1.5,"
		  "-2\n", 6, 5,
		  "10.9.0.1/32=EU/NO/\n10.1.0.1/32=EU/NO/03 59.91,10.75\n10.2.0.1/32=EU//\n"
		  "10.3.0.1/32=//\n10.4.0.1/32=// 0.00,0.00\n11.0.0.1/32=//\n"
		  "2001:db8::1/128=NA/US/NY -1.50,-2.00\n" },
		{ "equal places are one class", STEER_MAP_GEO,
		  "prefix,country,lat\n10.0.0.0/8,NO,\n11.0.0.0/8,SE,\n12.0.0.0/8,NO,\n::/0,NO,\n"
		  "13.0.0.0/8,,\n", 5, 2, "10.0.0.1/32=EU/NO/\n12.0.0.1/32=EU/NO/\n11.0.0.1/32=EU/SE/\n"
		  "13.0.0.1/32=//\n::1/128=EU/NO/\n" },
		{ "autonomous systems", STEER_MAP_ASN,
		  "prefix,asn\n10.0.0.0/8,64500\n10.1.0.0/16,0\n10.1.1.0/24,64500\n::/0,4294967295\n", 4, 2,
		  "10.0.0.1/32=AS64500\n10.1.0.1/32=AS0\n10.1.1.1/32=AS64500\n11.0.0.1/32=AS0\n"
		  "::1/128=AS4294967295\n" },
		{ "locations", STEER_MAP_CIDR,
		  "prefix,location\n10.1.0.0/16,rome\n10.0.0.0/8,oslo\n10.1.1.0/24,oslo\n10.2.0.0/16,oslo\n",
		  4, 3, "10.0.0.1/32=3/8\n10.1.0.1/32=2/16 3/8\n10.1.1.1/32=3/24 2/16 3/8\n"
		  "10.1.0.0/20=2/16 3/8\n10.2.0.1/32=3/8\n11.0.0.1/32=\n" },
		{ "latencies", STEER_MAP_LATENCY,
		  "prefix,region,rtt_ms,time\n10.0.0.0/8,b,20,\n10.0.0.0/8,a,10.5,5\n10.1.0.0/16,a,0,\n"
		  "::/0,b,60000,\n", 3, 4, "10.0.0.1/32=1:20000us 2:10500us@5\n10.1.0.1/32=2:0us\n"
		  "::1/128=1:60000000us\n11.0.0.1/32=\n" },
		{ "equal latencies are one class", STEER_MAP_LATENCY,
		  "prefix,region,rtt_ms\n10.0.0.0/8,a,1\n10.0.0.0/8,b,2\n11.0.0.0/8,b,2\n11.0.0.0/8,a,1\n"
		  "12.0.0.0/8,a,1\n13.0.0.0/8,b,2\n14.0.0.0/8,a,1\n", 5, 4,
		  "10.0.0.1/32=1:1000us 2:2000us\n11.0.0.1/32=1:1000us 2:2000us\n12.0.0.1/32=1:1000us\n"
		  "13.0.0.1/32=2:2000us\n14.0.0.1/32=1:1000us\n" },
		{ "of several measurements the shortest", STEER_MAP_LATENCY,
		  "prefix,region,rtt_ms,time\n10.0.0.0/8,a,7,30\n10.0.0.0/8,a,5,10\n10.0.0.0/8,b,9,1\n"
		  "10.0.0.0/8,a,5,20\n10.0.0.0/8,a,6,40\n", 1, 2, "10.0.0.1/32=1:5000us@20 2:9000us@1\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		size_t size;
		uint8_t *value = map_make(cases[i].type, cases[i].csv, 1, &size);
		steer_map_t map;
		assert_int_equal(steer_map_open(&map, value, size), STEER_OK);
		assert_int_equal(map.networks.networks, cases[i].networks);
		assert_int_equal(map.networks.classes_count, cases[i].classes);
		char *clients = strdup(cases[i].clients), *rest = clients;
		for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0'; ) {
			char *want = strchr(line, '=');
			*want++ = '\0';
			assert_string_equal(map_says(&map, line), want);
		}
		free(clients);
		free(value);
	}
}

static void regions_become_a_map(void **state)
{
	(void)state;
	size_t size;
	uint8_t *value = map_make(STEER_MAP_REGIONS, "region,lat,lon\nmars,-90,180\nmoon,1,-2.25\n", 5,
	                          &size);
	steer_map_t map;
	steer_map_site_t site;
	assert_int_equal(steer_map_open(&map, value, size), STEER_OK);
	assert_string_equal(map_sites(&map), "5 -90.00,180.00, 6 1.00,-2.25");
	assert_false(steer_map_site_find(&map, 4, &site));
	assert_false(steer_map_site_find(&map, 7, &site));
	free(value);
}

/*! The names of a map, each with its kind. */
static char *names_of(steer_map_type_t type, const char *csv)
{
	steer_map_builder_t *builder = steer_map_builder_new(type, "offices");
	const steer_dictionary_name_t *names;
	steer_fault_t fault;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	assert_int_equal(map_read(builder, type, csv, &fault), STEER_OK);
	const size_t count = steer_map_builder_names(builder, &names);
	for (size_t i = 0; i < count; i++) {
		assert_true(steer_dictionary_name_is_good(&names[i]));
		fprintf(out, "%c %.*s\n", names[i].kind, (int)names[i].len, names[i].text);
	}
	fclose(out);
	steer_map_builder_free(builder);
	return text;
}

static void names_are_told_once(void **state)
{
	(void)state;
	static const struct {
		steer_map_type_t type;
		const char *csv, *want;
	} cases[] = {
		{ STEER_MAP_GEO, "prefix,country\n10.0.0.0/8,NO\n", "" },
		{ STEER_MAP_ASN, "prefix,asn\n10.0.0.0/8,5\n", "" },
		{ STEER_MAP_CIDR, "prefix,location\n", "c offices\n" },
		{ STEER_MAP_CIDR, "prefix,location\n10.0.0.0/8,rome\n11.0.0.0/8,oslo\n12.0.0.0/8,rome\n",
		  "c offices\nl offices/rome\nl offices/oslo\n" },
		{ STEER_MAP_LATENCY, "prefix,region,rtt_ms\n10.0.0.0/8,b,1\n10.0.0.0/8,a,1\n"
		  "11.0.0.0/8,b,1\n", "r b\nr a\n" },
		{ STEER_MAP_REGIONS, "region,lat,lon\nb,0,0\na,0,0\n", "r b\nr a\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *names = names_of(cases[i].type, cases[i].csv);
		assert_string_equal(names, cases[i].want);
		free(names);
	}
}

static void what_is_there_twice_is_refused(void **state)
{
	(void)state;
	static const struct {
		steer_map_type_t type;
		const char *csv, *want;
	} cases[] = {
		{ STEER_MAP_GEO, "prefix,country\n10.0.0.0/8,NO\n11.0.0.0/8,NO\n10.0.0.0/8,NO\n",
		  "file:4:1: 10.0.0.0/8 is there twice, first in line 2; allowed: once" },
		{ STEER_MAP_ASN, "prefix,asn\n2001:db8::/32,5\n2001:db8::/32,6\n",
		  "file:3:1: 2001:db8::/32 is there twice, first in line 2; allowed: once" },
		{ STEER_MAP_CIDR, "prefix,location\n10.0.0.0/8,a\n10.0.0.0/8,b\n",
		  "file:3:1: 10.0.0.0/8 is there twice, first in line 2; allowed: once" },
		{ STEER_MAP_LATENCY, "prefix,region,rtt_ms\n10.0.0.0/8,a,2\n10.0.0.0/8,b,3\n"
		  "10.0.0.0/8,a,1\n",
		  "file:4:1: 10.0.0.0/8 to a is there twice, first in line 2; allowed: once, or each with its "
		  "time" },
		{ STEER_MAP_LATENCY, "prefix,region,rtt_ms,time\n10.0.0.0/8,a,2,5\n10.0.0.0/8,a,3,\n",
		  "file:3:1: 10.0.0.0/8 to a is there twice, first in line 2; allowed: once, or each with its "
		  "time" },
		{ STEER_MAP_REGIONS, "region,lat,lon\na,1,2\nb,1,2\na,1,2\n",
		  "file:4:1: a is there twice, first in line 2; allowed: once" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_map_builder_t *builder = steer_map_builder_new(cases[i].type, "c");
		steer_fault_t fault = { .text = "" };
		assert_int_equal(map_read(builder, cases[i].type, cases[i].csv, &fault), STEER_EREFUSED);
		assert_string_equal(fault.text, cases[i].want);
		assert_int_equal(fault.code, STEER_EREFUSED);
		steer_map_builder_free(builder);
	}
}

/*! Reads a file of autonomous systems. */
static void read_asns(steer_map_builder_t *builder, const char *name, const char *csv)
{
	const steer_map_source_t source = { .type = STEER_MAP_ASN };
	const steer_map_sink_t sink = { .row = steer_map_builder_add, .ctx = builder };
	steer_map_summary_t summary;
	steer_fault_t fault;
	steer_input_t *input = NULL;
	assert_int_equal(steer_input_text(&input, name, csv, strlen(csv)), STEER_OK);
	assert_int_equal(steer_map_read_input(&source, input, &sink, &summary, &fault), STEER_OK);
	steer_input_free(input);
}

static void what_two_files_have_is_named_in_both(void **state)
{
	(void)state;
	static const struct {
		const char *first, *second, *want;
	} cases[] = {
		{ "10.0.0.0/8,1\n", "11.0.0.0/8,1\n10.0.0.0/8,1\n",
		  "b:3:1: 10.0.0.0/8 is there twice, first in a:2:1; allowed: once" },
		{ "11.0.0.0/8,1\n12.0.0.0/8,1\n10.0.0.0/8,1\n", "10.0.0.0/8,1\n",
		  "b:2:1: 10.0.0.0/8 is there twice, first in a:4:1; allowed: once" },
		{ "10.0.0.0/8,1\n10.0.0.0/8,1\n", "11.0.0.0/8,1\n",
		  "a:3:1: 10.0.0.0/8 is there twice, first in line 2; allowed: once" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_map_builder_t *builder = steer_map_builder_new(STEER_MAP_ASN, NULL);
		char first[64], second[64];
		steer_fault_t fault = { .text = "" };
		snprintf(first, sizeof(first), "prefix,asn\n%s", cases[i].first);
		snprintf(second, sizeof(second), "prefix,asn\n%s", cases[i].second);
		read_asns(builder, "a", first);
		read_asns(builder, "b", second);
		assert_int_equal(steer_map_builder_end(builder, &fault), STEER_EREFUSED);
		assert_string_equal(fault.text, cases[i].want);
		steer_map_builder_free(builder);
	}
}

/*! Lines of networks, each with a location or a region of its own, after a header. */
static char *many(const char *header, unsigned count, const char *format)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs(header, out);
	for (unsigned i = 0; i < count; i++) {
		fprintf(out, format, i >> 16, i >> 8 & 0xff, i & 0xff, i);
	}
	fclose(out);
	return text;
}

static void a_map_has_bounds(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		steer_map_type_t type;
		const char *header, *format;
		unsigned count;
		uint32_t limit; /*!< Of rows; 0: that of all maps. */
		const char *want;
	} cases[] = {
		{ "rows", STEER_MAP_ASN, "prefix,asn\n", "10.%u.%u.%u,%u\n", 10, 10, "" },
		{ "a row too many", STEER_MAP_ASN, "prefix,asn\n", "10.%u.%u.%u,%u\n", 11, 10,
		  "file:12:1: too many rows; allowed: 10" },
		{ "locations", STEER_MAP_CIDR, "prefix,location\n", "10.%u.%u.%u,n%u\n",
		  STEER_MAP_NAMES_MAX - 1, 0, "" },
		{ "a location too many", STEER_MAP_CIDR, "prefix,location\n", "10.%u.%u.%u,n%u\n",
		  STEER_MAP_NAMES_MAX, 0, "file:65537:1: too many names; allowed: 65536" },
		{ "regions", STEER_MAP_LATENCY, "prefix,region,rtt_ms\n", "10.0.0.0/8,n%u-%u-%u,%u\n",
		  STEER_LATENCY_ROWS_MAX, 0, "" },
		{ "a region too many", STEER_MAP_LATENCY, "prefix,region,rtt_ms\n",
		  "10.0.0.0/8,n%u-%u-%u,%u\n", STEER_LATENCY_ROWS_MAX + 1, 0,
		  "file:1002:1: too many regions of 10.0.0.0/8; allowed: 1000" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		char *csv = many(cases[i].header, cases[i].count, cases[i].format);
		steer_map_builder_t *builder = steer_map_builder_new(cases[i].type, "c");
		steer_fault_t fault = { .text = "" };
		if (cases[i].limit > 0) {
			steer_map_builder_limit(builder, cases[i].limit);
		}
		int ret = map_read(builder, cases[i].type, csv, &fault);
		assert_string_equal(fault.text, cases[i].want);
		assert_int_equal(ret, cases[i].want[0] == '\0' ? STEER_OK : STEER_EREFUSED);
		steer_map_builder_free(builder);
		free(csv);
	}
}

static void a_class_can_have_the_most_regions(void **state)
{
	(void)state;
	char *csv = many("prefix,region,rtt_ms\n", STEER_LATENCY_ROWS_MAX,
	                 "10.0.0.0/8,n%u-%u-%u,%u\n");
	size_t size;
	uint8_t *value = map_make(STEER_MAP_LATENCY, csv, 1, &size);
	steer_map_t map;
	steer_map_latency_t row;
	assert_int_equal(steer_map_open(&map, value, size), STEER_OK);
	const steer_map_latencies_t latencies = steer_map_latencies(&map, 1);
	assert_int_equal(latencies.count, STEER_LATENCY_ROWS_MAX);
	for (uint32_t i = 1; i <= STEER_LATENCY_ROWS_MAX; i++) {
		assert_true(steer_map_latency_find(&latencies, i, &row));
		assert_int_equal(row.region, i);
		assert_int_equal(row.rtt_us, 1000 * (i - 1));
	}
	assert_false(steer_map_latency_find(&latencies, STEER_LATENCY_ROWS_MAX + 1, &row));
	free(value);
	free(csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_become_a_map),
		cmocka_unit_test(regions_become_a_map),
		cmocka_unit_test(names_are_told_once),
		cmocka_unit_test(what_is_there_twice_is_refused),
		cmocka_unit_test(what_two_files_have_is_named_in_both),
		cmocka_unit_test(a_map_has_bounds),
		cmocka_unit_test(a_class_can_have_the_most_regions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
