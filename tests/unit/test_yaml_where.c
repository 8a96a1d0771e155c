/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Where record sets and their clients are, in Steer YAML: what is written, and that it is
 *        read back as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/recordset.h"
#include "formats/program.h"
#include "formats/yaml/write.h"
#include "formats/yaml/yaml.h"
#include "unit/policies.h"
#include "unit/test.h"

#define LONG "0123456789012345678901234567890123456789012345678901234567890123"

/*! Names of the numbers from 1: regions first. */
static const char *const names[] = {
	"eu-central-1", "on", "1e3", "-", "_", LONG,
	"offices/oslo", "offices/NO", "1/2", "default/default", LONG "/" LONG,
};
#define REGIONS 6

static bool find_name(void *ctx, uint32_t number, steer_dictionary_name_t *name)
{
	(void)ctx;
	if (number == 0 || number > COUNT(names)) {
		return false;
	}
	*name = (steer_dictionary_name_t) { STEER_DICTIONARY_REGION, strlen(names[number - 1]),
	                                    names[number - 1] };
	return true;
}

/*! A group, whose sets are aliases for b.a. */
typedef struct {
	uint8_t program[STEER_PROGRAM_MAX];
	steer_set_t sets[4];
	uint8_t attrs[4][2 + 4 * STEER_ASNS_MAX];
	steer_group_t group;
} pool_t;

static void begin_group(pool_t *made, const char *policy)
{
	steer_fault_t fault;
	size_t len;
	assert_int_equal(steer_program_parse(policy, made->program, &len, &fault), STEER_OK);
	made->group = (steer_group_t) {
		.type = 1, .program = made->program, .program_len = len, .sets = made->sets,
	};
}

/*! Adds a set whose fields of its own are given. */
static void add_set(pool_t *made, steer_set_t set, const uint32_t *asns, unsigned count)
{
	static const uint8_t target[] = "\1b\1a";
	const unsigned i = made->group.count++;
	uint8_t *attrs = made->attrs[i];
	set.alias = set.evaluate = true;
	set.id = (const uint8_t *)"wxyz" + i;
	set.id_len = 1;
	set.body = target;
	set.body_len = sizeof(target);
	set.slot = STEER_SLOT_NONE;
	if (count > 0) {
		attrs[0] = STEER_ATTR_ASNS;
		attrs[1] = count * sizeof(*asns);
		for (unsigned j = 0; j < count; j++) {
			const uint32_t asn = steer_le_u32(asns[j]);
			memcpy(attrs + 2 + j * sizeof(asn), &asn, sizeof(asn));
		}
		set.attrs = attrs;
		set.attrs_len = 2 + attrs[1];
	}
	made->sets[i] = set;
}

/*! Writes a document of the group alone, at www.a. */
static char *write_group(const pool_t *made)
{
	char *written = NULL;
	size_t size;
	FILE *out = open_memstream(&written, &size);
	steer_text_t *text = steer_text_new();
	steer_yaml_writer_t *writer = steer_yaml_writer_new(text, (steer_names_t) { find_name, NULL },
	                                                    out);
	assert_non_null(writer);
	steer_yaml_write_zone(writer, &(steer_yaml_zone_t) { .name = (const uint8_t *)"\1a",
	                                                     .ttl = 60 });
	steer_yaml_write_name(writer, (const uint8_t *)"\3www\1a", 1);
	steer_yaml_write_group(writer, &made->group);
	steer_yaml_writer_free(writer);
	steer_text_free(text);
	fclose(out);
	return written;
}

static steer_geo_t place(const char *continent, const char *country, const char *subdivision)
{
	steer_geo_t geo = STEER_GEO_UNKNOWN;
	if (continent != NULL) {
		assert_true(steer_geo_continent_parse(continent, strlen(continent), &geo));
	}
	if (country != NULL) {
		assert_true(steer_geo_country_parse(country, strlen(country), &geo));
	}
	if (subdivision != NULL) {
		assert_true(steer_geo_subdivision_parse(subdivision, strlen(subdivision), &geo));
	}
	return geo;
}

static void check_form(const char *policy, const steer_set_t *set, const uint32_t *asns,
                       unsigned count, const char *form)
{
	static pool_t made;
	char want[512];
	print_message("  %s\n", form);
	begin_group(&made, policy);
	add_set(&made, *set, asns, count);
	snprintf(want, sizeof(want), "w: {%salias: b}", form);
	char *written = write_group(&made);
	assert_non_null(strstr(written, want));
	free(written);
}

static void each_has_one_form(void **state)
{
	(void)state;
	const struct {
		const char *policy;
		steer_set_t set;
		const char *form; /*!< Before the alias. */
	} cases[] = {
		{ "latency", { .region = 1 }, "region: eu-central-1, " },
		{ "latency", { .region = 2 }, "region: \"on\", " },
		{ "latency", { .region = 3 }, "region: \"1e3\", " },
		{ "latency", { .region = 4 }, "region: \"-\", " },
		{ "latency", { .region = 99 }, "region: \"#99\", " },
		{ "latency", { .has_point = true, .point = { 5011, 868 } },
		  "coordinates: [50.11, 8.68], " },
		{ "latency", { .region = 1, .has_point = true, .point = { -9000, -17950 } },
		  "region: eu-central-1, coordinates: [-90, -179.5], " },
		{ "geoproximity", { .has_point = true }, "coordinates: [0, 0], " },
		{ "geoproximity", { .region = 5, .bias = -10 }, "region: _, bias: -10, " },
		{ "geoproximity", { .region = 1, .has_point = true, .point = { 1, -1 }, .bias = 99 },
		  "region: eu-central-1, coordinates: [0.01, -0.01], bias: 99, " },
		{ "geolocation", { 0 }, "geo: default, " },
		{ "geolocation", { .geo = place("EU", NULL, NULL) }, "geo: {continent: EU}, " },
		{ "geolocation", { .geo = place(NULL, "NO", NULL) }, "geo: {country: \"NO\"}, " },
		{ "geolocation", { .geo = place(NULL, "US", "NY") },
		  "geo: {country: US, subdivision: NY}, " },
		{ "geolocation", { .geo = place(NULL, "AT", "9") },
		  "geo: {country: AT, subdivision: \"9\"}, " },
		{ "geolocation", { .geo = place(NULL, "ZZ", NULL) }, "geo: {country: ZZ}, " },
		{ "ip", { 0 }, "cidr: default, " },
		{ "ip", { .location = 7 }, "cidr: {collection: offices, location: oslo}, " },
		{ "ip", { .location = 8 }, "cidr: {collection: offices, location: \"NO\"}, " },
		{ "ip", { .location = 9 }, "cidr: {collection: \"1\", location: \"2\"}, " },
		{ "ip", { .location = 10 }, "cidr: {collection: default, location: default}, " },
		{ "ip", { .location = 99 }, "cidr: {collection: \"#99\", location: \"#99\"}, " },
		{ "asn", { 0 }, "asn: default, " },
		{ "multivalue", { 0 }, "" },
		{ "weighted", { .weight = 5 }, "weight: 5, " },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		check_form(cases[i].policy, &cases[i].set, NULL, 0, cases[i].form);
	}
	const steer_set_t set = { 0 };
	const uint32_t asns[] = { 1, 64500, 4294967295 };
	check_form("asn", &set, asns, 1, "asn: [1], ");
	check_form("asn", &set, asns, 3, "asn: [1, 64500, 4294967295], ");
}

static void what_is_longer_than_a_line_is_broken(void **state)
{
	(void)state;
	static pool_t made;
	uint32_t asns[STEER_ASNS_MAX];
	for (unsigned i = 0; i < COUNT(asns); i++) {
		asns[i] = 4000000000 + i;
	}
	begin_group(&made, "geo, cidr, asn, nearest");
	add_set(&made, (steer_set_t) { .region = 1, .geo = place(NULL, "US", "NY"), .location = 11,
	                               .has_point = true, .point = { -3387, 15121 }, .bias = -9 },
	        asns, 2);
	add_set(&made, (steer_set_t) { .geo = place("EU", NULL, NULL) }, asns, COUNT(asns));
	char *written = write_group(&made);
	static const char want[] =
		"zone: a\n"
		"ttl: 60\n"
		"records:\n"
		"  www:\n"
		"    type: A\n"
		"    policy: [geo, cidr, asn, nearest]\n"
		"    sets:\n"
		"      w:\n"
		"        region: eu-central-1\n"
		"        geo: {country: US, subdivision: NY}\n"
		"        coordinates: [-33.87, 151.21]\n"
		"        bias: -9\n"
		"        cidr:\n"
		"          collection: \"" LONG "\"\n"
		"          location: \"" LONG "\"\n"
		"        asn: [4000000000, 4000000001]\n"
		"        alias: b\n"
		"      x:\n"
		"        geo: {continent: EU}\n"
		"        cidr: default\n"
		"        asn:\n"
		"          - 4000000000\n";
	written[strlen(want)] = '\0';
	assert_string_equal(written, want);
	free(written);
}

/* Reading back. */

static int ignore_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	(void)ctx;
	(void)head;
	(void)fault;
	return STEER_OK;
}

static int check_policy(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault)
{
	const pool_t *made = ctx;
	(void)fault;
	assert_int_equal(policy->len, made->group.program_len);
	assert_memory_equal(policy->program, made->program, policy->len);
	return STEER_OK;
}

static void check_number(uint32_t number, bool given, const char *name)
{
	assert_int_equal(given, number != 0);
	if (given) {
		assert_string_equal(name, names[number - 1]);
	}
}

static void check_asns(const steer_set_t *want, const steer_record_set_t *read)
{
	assert_int_equal(read->asns_count, want->attrs_len / sizeof(uint32_t));
	for (unsigned i = 0; i < read->asns_count; i++) {
		uint32_t asn;
		memcpy(&asn, want->attrs + 2 + i * sizeof(asn), sizeof(asn));
		assert_int_equal(read->asns[i], steer_le_u32(asn));
	}
}

static int check_set(void *ctx, const steer_text_set_t *given, steer_fault_t *fault)
{
	const pool_t *made = ctx;
	const steer_record_set_t *read = &given->set;
	const steer_set_t *want = &made->sets[read->id[0] - 'w'];
	const uint16_t reads = steer_program_reads(made->program, made->group.program_len);
	(void)fault;
	check_number(want->region, read->has_region, read->region);
	assert_int_equal(read->has_geo, (reads & STEER_KEEP_GEO) != 0);
	assert_int_equal(read->geo, want->geo);
	assert_int_equal(read->has_point, want->has_point);
	assert_int_equal(read->point.lat, want->point.lat);
	assert_int_equal(read->point.lon, want->point.lon);
	assert_int_equal(read->has_bias, want->bias != 0);
	assert_int_equal(read->bias, want->bias);
	assert_int_equal(read->has_location, (reads & STEER_KEEP_LOCATION) != 0);
	check_number(want->location, read->location != NULL, read->location);
	assert_int_equal(read->has_asns, (reads & STEER_KEEP_ASNS) != 0);
	check_asns(want, read);
	return STEER_OK;
}

static void fail_error(void *ctx, const steer_place_t *at, const char *text)
{
	(void)ctx;
	print_error("%u:%u %s\n", at->line, at->column, text);
}

static uint32_t below(uint64_t *seed, uint32_t bound)
{
	return next_number(seed) % bound;
}

static steer_geo_t random_place(uint64_t *seed)
{
	static const char *const continents[] = { "AF", "AN", "AS", "EU", "NA", "OC", "SA" };
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char country[] = { 'A' + below(seed, 26), 'A' + below(seed, 26), '\0' }, subdivision[4] = "";
	const unsigned len = 1 + below(seed, 3);
	for (unsigned i = 0; i < len; i++) {
		subdivision[i] = digits[below(seed, 36)];
	}
	switch (below(seed, 4)) {
	case 0: return place(continents[below(seed, COUNT(continents))], NULL, NULL);
	case 1: return place(NULL, country, NULL);
	case 2: return place(NULL, country, subdivision);
	default: return STEER_GEO_UNKNOWN;
	}
}

/*! A set that has what a program reads, or lacks it. */
static void add_random(pool_t *made, uint16_t reads, uint64_t *seed)
{
	steer_set_t set = { 0 };
	uint32_t asns[STEER_ASNS_MAX], last = 0;
	unsigned count = 0;
	if (reads & STEER_KEEP_REGION) {
		set.region = below(seed, REGIONS + 1);
		set.has_point = below(seed, 2);
	}
	if (set.has_point) {
		set.point.lat = (int)below(seed, 2 * STEER_LATITUDE_MAX + 1) - STEER_LATITUDE_MAX;
		set.point.lon = (int)below(seed, 2 * STEER_LONGITUDE_MAX + 1) - STEER_LONGITUDE_MAX;
	}
	if (reads & STEER_KEEP_BIAS) {
		set.bias = (int)below(seed, 2 * STEER_BIAS_MAX + 1) - STEER_BIAS_MAX;
	}
	if (reads & STEER_KEEP_GEO) {
		set.geo = random_place(seed);
	}
	if (reads & STEER_KEEP_LOCATION && below(seed, 3) > 0) {
		set.location = REGIONS + 1 + below(seed, COUNT(names) - REGIONS);
	}
	if (reads & STEER_KEEP_ASNS) {
		for (count = below(seed, 5) == 0 ? STEER_ASNS_MAX : below(seed, 4); last < count; last++) {
			asns[last] = (last > 0 ? asns[last - 1] : 0) + 1 + below(seed, 60000000);
		}
	}
	add_set(made, set, asns, count);
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	static const char *const policies[] = {
		"latency", "geolocation", "geoproximity", "ip", "asn, up, take 1",
		"geo, cidr, asn, latency, nearest", "asn, weighted, within 20%, nearest",
	};
	static pool_t made;
	const steer_reading_t reading = {
		.zone = ignore_zone, .policy = check_policy, .set = check_set, .error = fail_error,
		.ctx = &made,
	};
	uint64_t seed = 1;
	for (unsigned i = 0; i < 5000; i++) {
		begin_group(&made, policies[i % COUNT(policies)]);
		const uint16_t reads = steer_program_reads(made.program, made.group.program_len);
		for (unsigned sets = 1 + below(&seed, COUNT(made.sets)); sets > 0; sets--) {
			add_random(&made, reads, &seed);
		}
		char *written = write_group(&made);
		steer_yaml_t *file = NULL;
		steer_fault_t fault;
		assert_int_equal(steer_yaml_text(&file, "f", written, strlen(written)), STEER_OK);
		assert_int_equal(steer_yaml_read(file, &reading, &fault), STEER_OK);
		steer_yaml_close(file);
		free(written);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_one_form),
		cmocka_unit_test(what_is_longer_than_a_line_is_broken),
		cmocka_unit_test(what_is_written_is_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
