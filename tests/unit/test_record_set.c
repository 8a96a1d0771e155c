/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "ctl/new_names.h"
#include "ctl/output.h"
#include "ctl/record_set.h"
#include "formats/place_text.h"
#include "formats/program.h"
#include "unit/policies.h"
#include "unit/test.h"

static const char *const names[] = { NULL, "eu-central-1", "offices/oslo", "sea_1" };

static bool find_name(void *ctx, uint32_t number, steer_dictionary_name_t *name)
{
	(void)ctx;
	if (number >= sizeof(names) / sizeof(*names)) {
		return false;
	}
	*name = (steer_dictionary_name_t) { .text = names[number], .len = strlen(names[number]) };
	return true;
}

#define ASN(n)      (n) & 0xff, (n) >> 8 & 0xff, (n) >> 16 & 0xff, (n) >> 24
#define ASNS(count) STEER_ATTR_ASNS, 4 * (count)

static const uint8_t one_asn[] = { ASNS(1), ASN(64500u) };
static const uint8_t health_and_asns[] = {
	STEER_ATTR_HEALTH, 3, 'w', 'e', 'b', ASNS(2), ASN(1u), ASN(4294967295u),
};

static const struct {
	const char *program;
	const char *place; /*!< Of its clients. */
	steer_set_t set;
	const char *comment, *row, *json;
} cases[] = {
	{ "latency", "default", { .region = 1 },
	  "latency, set a, region eu-central-1", "policy: latency, id: a, region: eu-central-1",
	  "{\"region\":\"eu-central-1\"}" },
	{ "latency", "default", { .region = 4 },
	  "latency, set a, region #4", "policy: latency, id: a, region: \"#4\"",
	  "{\"region\":\"#4\"}" },
	{ "up, latency, take 1000", "default", { .has_point = true, .point = { 0, 0 } },
	  "[up, latency, take 1000], set a, coordinates 0,0",
	  "policy: [up, latency, take 1000], id: a, coordinates: [0, 0]",
	  "{\"coordinates\":[0.0,0.0]}" },
	{ "geolocation", "default", { 0 },
	  "geolocation, set a, geo default", "policy: geolocation, id: a, geo: default",
	  "{\"geo\":\"default\"}" },
	{ "geolocation", "continent:EU", { 0 },
	  "geolocation, set a, geo continent:EU",
	  "policy: geolocation, id: a, geo: {continent: EU}",
	  "{\"geo\":\"continent:EU\"}" },
	{ "geolocation", "country:NO", { 0 }, // NO is false in YAML 1.1.
	  "geolocation, set a, geo country:NO",
	  "policy: geolocation, id: a, geo: {country: \"NO\"}",
	  "{\"geo\":\"country:NO\"}" },
	{ "geolocation", "country:US/NY", { 0 },
	  "geolocation, set a, geo country:US/NY",
	  "policy: geolocation, id: a, geo: {country: US, subdivision: NY}",
	  "{\"geo\":\"country:US/NY\"}" },
	{ "geoproximity", "default", { .region = 3, .bias = -99 },
	  "geoproximity, set a, region sea_1, bias -99",
	  "policy: geoproximity, id: a, region: sea_1, bias: -99",
	  "{\"bias\":-99,\"region\":\"sea_1\"}" },
	{ "geoproximity", "default", { .has_point = true, .point = { -3387, 15120 }, .bias = 5 },
	  "geoproximity, set a, coordinates -33.87,151.2, bias 5",
	  "policy: geoproximity, id: a, coordinates: [-33.87, 151.2], bias: 5",
	  "{\"bias\":5,\"coordinates\":[-33.87,151.2]}" },
	{ "ip", "default", { .location = 2 },
	  "ip, set a, cidr offices/oslo",
	  "policy: ip, id: a, cidr: {collection: offices, location: oslo}",
	  "{\"cidr\":\"offices/oslo\"}" },
	{ "ip", "default", { .location = 0 },
	  "ip, set a, cidr default", "policy: ip, id: a, cidr: default", "{\"cidr\":\"default\"}" },
	{ "ip", "default", { .location = 9 },
	  "ip, set a, cidr #9",
	  "policy: ip, id: a, cidr: {collection: \"#9\", location: \"#9\"}",
	  "{\"cidr\":\"#9\"}" },
	{ "up, asn, take 1", "default", { .attrs = one_asn, .attrs_len = sizeof(one_asn) },
	  "[up, asn, take 1], set a, asn 64500", "policy: [up, asn, take 1], id: a, asn: [64500]",
	  "{\"asn\":[64500]}" },
	{ "up, asn, take 1", "default", { .attrs = NULL },
	  "[up, asn, take 1], set a, asn default", "policy: [up, asn, take 1], id: a, asn: default",
	  "{\"asn\":[]}" },
	{ "geo, cidr, asn, nearest, tier, weighted", "default",
	  { .attrs = health_and_asns, .attrs_len = sizeof(health_and_asns), .weight = 7, .region = 1,
	    .has_point = true, .point = { 5011, 868 }, .bias = 1, .location = 2 },
	  "[geo, cidr, asn, nearest, tier, weighted], set a, tier 0, weight 7, region eu-central-1, "
	  "geo default, coordinates 50.11,8.68, bias 1, cidr offices/oslo, asn 1,4294967295, "
	  "health web",
	  "policy: [geo, cidr, asn, nearest, tier, weighted], id: a, tier: 0, weight: 7, "
	  "region: eu-central-1, geo: default, coordinates: [50.11, 8.68], bias: 1, "
	  "cidr: {collection: offices, location: oslo}, asn: [1, 4294967295], health: web",
	  "{\"asn\":[1,4294967295],\"bias\":1,\"cidr\":\"offices/oslo\",\"coordinates\":[50.11,8.68],"
	  "\"geo\":\"default\",\"health\":\"web\",\"region\":\"eu-central-1\",\"tier\":0,"
	  "\"weight\":7}" },
};

static const char *printed(const steer_group_t *group, const steer_set_t *set, bool row)
{
	static const uint8_t name[] = "\1a";
	static const steer_names_t found = { find_name, NULL };
	static char line[4096];
	size_t len;
	char *text = NULL;
	FILE *out = open_memstream(&text, &len);
	steer_text_t *records = steer_text_new();
	assert_non_null(records);
	if (row) {
		record_set_row(records, &found, out, name, group, set);
	} else {
		record_set_lines(records, &found, out, "+", name, group, set);
	}
	steer_text_free(records);
	fclose(out);
	assert_true(len < sizeof(line));
	strcpy(line, text);
	free(text);
	return line;
}

static char *json_of(const steer_group_t *group, const steer_set_t *set)
{
	static const char *const others[] = {
		"name", "type", "ttl", "values", "policy", "id",
	};
	static const uint8_t name[] = "\1a";
	static const steer_names_t found = { find_name, NULL };
	steer_text_t *records = steer_text_new();
	assert_non_null(records);
	json_t *object = record_set_json(records, &found, name, group, set);
	assert_non_null(object);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		assert_int_equal(json_object_del(object, others[i]), 0);
	}
	char *text = json_dumps(object, JSON_PRINTED | JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(object);
	steer_text_free(records);
	return text;
}

static void sets_are_shown_with_where_they_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t program[STEER_PROGRAM_MAX];
		size_t len;
		steer_fault_t fault;
		char wanted[2048];
		assert_int_equal(steer_program_parse(cases[i].program, program, &len, &fault), STEER_OK);
		steer_set_t set = cases[i].set;
		set.id = (const uint8_t *)"a";
		set.id_len = 1;
		set.ttl = 60;
		set.body = one_rr;
		set.body_len = sizeof(one_rr);
		set.count = 1;
		assert_true(steer_geo_parse(cases[i].place, &set.geo));
		const steer_group_t group = {
			.type = TYPE_A, .count = 1, .program = program, .program_len = len, .sets = &set,
		};
		snprintf(wanted, sizeof(wanted), "+a.\t60\tA\t192.0.2.1 ; %s\n", cases[i].comment);
		assert_string_equal(printed(&group, &set, false), wanted);
		snprintf(wanted, sizeof(wanted), "a.\tA\t60\t192.0.2.1\t{%s}\n", cases[i].row);
		assert_string_equal(printed(&group, &set, true), wanted);
		char *json = json_of(&group, &set);
		assert_string_equal(json, cases[i].json);
		free(json);
	}
}

static void new_names_are_found_by_number(void **state)
{
	(void)state;
	new_names_t table = { 0 };
	steer_dictionary_name_t name;
	assert_false(new_names_find(&table, 1, &name));
	for (uint32_t number = 1000; number > 0; number--) {
		char text[16];
		const int len = snprintf(text, sizeof(text), "r%u", number);
		name = (steer_dictionary_name_t) {
			.kind = STEER_DICTIONARY_REGION, .text = text, .len = len,
		};
		assert_int_equal(new_names_add(&table, number, &name), STEER_OK);
	}
	for (uint32_t number = 1; number <= 1000; number++) {
		char text[16];
		const int len = snprintf(text, sizeof(text), "r%u", number);
		const steer_dictionary_name_t wanted = {
			.kind = STEER_DICTIONARY_REGION, .text = text, .len = len,
		};
		assert_true(new_names_find(&table, number, &name));
		assert_true(steer_dictionary_name_equal(&name, &wanted));
	}
	assert_false(new_names_find(&table, 1001, &name));
	new_names_end(&table);
	assert_false(new_names_find(&table, 1, &name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_are_shown_with_where_they_are),
		cmocka_unit_test(new_names_are_found_by_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
