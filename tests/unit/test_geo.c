/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "core/geo.h"
#include "core/regions.h"
#include "unit/test.h"

/*! Route 53's developer guide, "Values specific for geolocation records". */
static const struct {
	const char *continent, *countries;
} route53[] = {
	{ "AF", "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG"
	        " ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW" },
	{ "AN", "AQ GS TF" },
	{ "AS", "AE AF AM AZ BD BH BN BT CC CN GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK"
	        " MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TM TW UZ VN YE" },
	{ "EU", "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE"
	        " LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK" },
	{ "NA", "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX"
	        " NI PA PM PR SV SX TC TT US VC VG VI" },
	{ "OC", "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS" },
	{ "SA", "AR BO BR CL CO EC FK GF GY PE PY SR UY VE" },
};

static void countries_are_on_the_continents_of_route_53(void **state)
{
	(void)state;
	size_t count = 0, known = 0;
	for (size_t i = 0; i < COUNT(route53); i++) {
		for (const char *code = route53[i].countries; *code != '\0'; count++) {
			steer_geo_t place, continent;
			char text[STEER_GEO_CODE_TEXT];
			assert_true(steer_geo_country_parse(code, 2, &place));
			assert_true(steer_geo_continent_parse(route53[i].continent, 2, &continent));
			assert_int_equal(place & STEER_GEO_CONTINENT, continent);
			assert_string_equal(steer_geo_continent_print(place, text), route53[i].continent);
			assert_memory_equal(steer_geo_country_print(place, text), code, 2);
			const steer_country_t *country = steer_country_of(place);
			assert_non_null(country);
			assert_memory_equal(country->code, code, 2);
			code += strcspn(code, " ");
			code += strspn(code, " ");
		}
	}
	while (steer_country_at(known) != NULL) {
		known++;
	}
	assert_int_equal(known, count);
}

static void assert_on_earth(steer_coordinates_t place)
{
	assert_in_range(place.lat + STEER_LATITUDE_MAX, 0, 2 * STEER_LATITUDE_MAX);
	assert_in_range(place.lon + STEER_LONGITUDE_MAX, 0, 2 * STEER_LONGITUDE_MAX);
}

static void tables_are_sorted_and_on_earth(void **state)
{
	(void)state;
	const char *before = "";
	for (size_t i = 0; steer_country_at(i) != NULL; i++) {
		const steer_country_t *country = steer_country_at(i);
		assert_true(strcmp(before, country->code) < 0);
		assert_true(country->name[0] != '\0');
		assert_on_earth(country->middle);
		before = country->code;
	}
	before = "";
	for (size_t i = 0; steer_region_at(i) != NULL; i++) {
		const steer_region_t *region = steer_region_at(i);
		assert_true(strcmp(before, region->name) < 0);
		assert_true(steer_region_name_is_good(region->name, strlen(region->name)));
		assert_on_earth(region->place);
		before = region->name;
	}
}

static void degrees_of_the_tables_are_hundredths(void **state)
{
	(void)state;
	static const struct {
		const char *country, *region;
		int lat, lon;
	} cases[] = {
		{ "AD", NULL, 4250, 160 },
		{ "BQ", NULL, 1220, -6830 },
		{ "CG", NULL, -100, 1550 },
		{ "GA", NULL, -60, 1170 },
		{ NULL, "eu-west-2", 5150, -10 },
		{ NULL, "ap-southeast-2", -3390, 15120 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_geo_t place = STEER_GEO_UNKNOWN;
		steer_coordinates_t found;
		if (cases[i].country != NULL) {
			assert_true(steer_geo_country_parse(cases[i].country, 2, &place));
			found = steer_country_of(place)->middle;
		} else {
			found = steer_region_find(cases[i].region, strlen(cases[i].region))->place;
		}
		assert_int_equal(found.lat, cases[i].lat);
		assert_int_equal(found.lon, cases[i].lon);
	}
}

static void regions_are_found_by_the_whole_name(void **state)
{
	(void)state;
	static const char *const regions[] = { // Those of Route 53's API.
		"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1",
		"mx-central-1", "sa-east-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1",
		"eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eusc-de-east-1", "ap-east-1",
		"ap-east-2", "ap-south-1", "ap-south-2", "ap-northeast-1", "ap-northeast-2",
		"ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
		"ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "me-south-1", "me-central-1",
		"il-central-1", "af-south-1", "cn-north-1", "cn-northwest-1", "us-gov-east-1",
		"us-gov-west-1", "us-west-2-den-1",
	};
	for (size_t i = 0; i < COUNT(regions); i++) {
		const steer_region_t *region = steer_region_find(regions[i], strlen(regions[i]));
		assert_non_null(region);
		assert_string_equal(region->name, regions[i]);
	}
	static const char *const others[] = { "", "eu-central", "eu-central-11", "EU-CENTRAL-1", "x" };
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_null(steer_region_find(others[i], strlen(others[i])));
	}
}

static void codes_are_read_and_printed(void **state)
{
	(void)state;
	static const struct {
		const char *country, *subdivision, *want; // "continent/country/subdivision"
	} cases[] = {
		{ "US", "NY", "NA/US/NY" },
		{ "us", "ny", "NA/US/NY" },
		{ "NO", "03", "EU/NO/03" },
		{ "GB", "ENG", "EU/GB/ENG" },
		{ "FR", "Z", "EU/FR/Z" },
		{ "AT", "0", "EU/AT/0" },
		{ "ZW", "ZZZ", "AF/ZW/ZZZ" },
		{ "DE", NULL, "EU/DE/" },
		{ "CX", NULL, "/CX/" }, // Not in Route 53.
		{ "AA", "1", "/AA/1" },
		{ "ZZ", "9A0", "/ZZ/9A0" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_geo_t place = 1;
		char text[3][STEER_GEO_CODE_TEXT], all[16];
		const char *subdivision = cases[i].subdivision;
		assert_true(steer_geo_country_parse(cases[i].country, 2, &place));
		steer_geo_t country = place;
		if (subdivision != NULL) {
			assert_true(steer_geo_subdivision_parse(subdivision, strlen(subdivision), &place));
			assert_int_not_equal(place, country);
		}
		assert_int_equal(place & STEER_GEO_COUNTRY, country);
		snprintf(all, sizeof(all), "%s/%s/%s", steer_geo_continent_print(place, text[0]),
		         steer_geo_country_print(place, text[1]),
		         steer_geo_subdivision_print(place, text[2]));
		assert_string_equal(all, cases[i].want);
	}
}

static void other_codes_are_refused(void **state)
{
	(void)state;
	static const char *const continents[] = { "", "E", "EUR", "XX", "A1" };
	static const char *const countries[] = { "", "N", "NOR", "A1", "??", "[A", "N@" };
	static const char *const subdivisions[] = { "", "ABCD", "N-", "-", "\xc3\x85" };
	steer_geo_t place = 7;
	for (size_t i = 0; i < COUNT(continents); i++) {
		assert_false(steer_geo_continent_parse(continents[i], strlen(continents[i]), &place));
	}
	for (size_t i = 0; i < COUNT(countries); i++) {
		assert_false(steer_geo_country_parse(countries[i], strlen(countries[i]), &place));
	}
	for (size_t i = 0; i < COUNT(subdivisions); i++) {
		assert_false(steer_geo_subdivision_parse(subdivisions[i], strlen(subdivisions[i]), &place));
	}
	assert_int_equal(place, 7);
}

static void names_of_regions_are_as_in_route_53(void **state)
{
	(void)state;
	char longest[STEER_REGION_NAME_MAX + 1];
	memset(longest, 'a', sizeof(longest));
	assert_true(steer_region_name_is_good(longest, STEER_REGION_NAME_MAX));
	assert_false(steer_region_name_is_good(longest, STEER_REGION_NAME_MAX + 1));
	static const struct {
		const char *name;
		bool good;
	} cases[] = {
		{ "oslo", true }, { "A_b-9", true }, { "", false }, { "*", false }, { "a b", false },
		{ "a.b", false }, { "a\n", false }, { "\xc3\xa5", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(steer_region_name_is_good(cases[i].name, strlen(cases[i].name)),
		                 cases[i].good);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(countries_are_on_the_continents_of_route_53),
		cmocka_unit_test(tables_are_sorted_and_on_earth),
		cmocka_unit_test(degrees_of_the_tables_are_hundredths),
		cmocka_unit_test(regions_are_found_by_the_whole_name),
		cmocka_unit_test(codes_are_read_and_printed),
		cmocka_unit_test(other_codes_are_refused),
		cmocka_unit_test(names_of_regions_are_as_in_route_53),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
