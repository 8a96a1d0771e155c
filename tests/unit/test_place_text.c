/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/place_text.h"
#include "unit/count.h"
#include "unit/test.h"

static const struct {
	const char *text, *printed; /*!< NULL: refused. */
} places[] = {
	{ "default", "default" },
	{ "continent:EU", "continent:EU" },
	{ "continent:sa", "continent:SA" },
	{ "country:US", "country:US" },
	{ "country:us/ny", "country:US/NY" },
	{ "country:GB/ENG", "country:GB/ENG" },
	{ "", NULL },
	{ "Default", NULL },
	{ "US", NULL },
	{ "country:", NULL },
	{ "country:USA", NULL },
	{ "country:US/", NULL },
	{ "country:US/NY/1", NULL },
	{ "country:US-NY", NULL },
	{ "continent:XX", NULL },
	{ "continent:EU/NY", NULL },
	{ "default ", NULL },
};

static void places_are_read_and_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		char text[STEER_GEO_TEXT];
		steer_geo_t place = STEER_GEO_KNOWN;
		print_message("  '%s'\n", places[i].text);
		assert_int_equal(steer_geo_parse(places[i].text, &place), places[i].printed != NULL);
		if (places[i].printed != NULL) {
			assert_string_equal(steer_geo_print(place, text), places[i].printed);
		} else {
			assert_int_equal(place, STEER_GEO_KNOWN);
		}
	}
}

static const struct {
	const char *text, *printed; /*!< NULL: refused. */
} points[] = {
	{ "50.11,8.68", "50.11,8.68" },
	{ "-33.868,+151.21", "-33.87,151.21" },
	{ "90,-180", "90,-180" },
	{ "0.00,-0.50", "0,-0.5" },
	{ "90.01,0", NULL },
	{ "0,180.01", NULL },
	{ "50.11", NULL },
	{ "50.11,", NULL },
	{ ",8.68", NULL },
	{ "50.11, 8.68", NULL },
	{ "50.11,8.68,0", NULL },
	{ "1e1,0", NULL },
};

static void coordinates_are_read_and_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(points); i++) {
		char text[STEER_COORDINATES_TEXT];
		steer_coordinates_t point;
		print_message("  '%s'\n", points[i].text);
		assert_int_equal(steer_coordinates_parse(points[i].text, &point),
		                 points[i].printed != NULL);
		if (points[i].printed != NULL) {
			assert_string_equal(steer_coordinates_print(point, text), points[i].printed);
		}
	}
}

static void biases_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int want; /*!< 0: refused. */
	} cases[] = {
		{ "1", 1 }, { "+7", 7 }, { "-10", -10 }, { "99", 99 }, { "-99", -99 }, { "100", 0 },
		{ "-100", 0 }, { "", 0 }, { "-", 0 }, { "1.5", 0 }, { "5%", 0 }, { "+-5", 0 }, { " 5", 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int8_t bias = 0;
		print_message("  '%s'\n", cases[i].text);
		assert_int_equal(steer_bias_parse(cases[i].text, &bias), cases[i].want != 0);
		assert_int_equal(bias, cases[i].want);
	}
}

static void autonomous_systems_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool good;
		uint32_t want;
	} cases[] = {
		{ "0", true, 0 }, { "64500", true, 64500 }, { "AS64500", true, 64500 },
		{ "as4294967295", true, 4294967295 }, { "4294967296", false, 0 }, { "AS", false, 0 },
		{ "ASN1", false, 0 }, { "-1", false, 0 }, { "1.10", false, 0 }, { "", false, 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t asn = 0;
		print_message("  '%s'\n", cases[i].text);
		assert_int_equal(steer_asn_parse(cases[i].text, strlen(cases[i].text), &asn),
		                 cases[i].good);
		assert_int_equal(asn, cases[i].want);
	}
}

static bool find_seven(void *ctx, uint32_t number, steer_dictionary_name_t *name)
{
	(void)ctx;
	*name = (steer_dictionary_name_t) { STEER_DICTIONARY_REGION, 5, "seven of them" };
	return number == 7;
}

static void numbers_without_a_name_are_shown(void **state)
{
	(void)state;
	const steer_names_t names = { find_seven, NULL };
	char text[STEER_DICTIONARY_NAME_MAX + 1];
	assert_string_equal(steer_names_print(&names, 7, text), "seven");
	assert_string_equal(steer_names_print(&names, UINT32_MAX, text), "#4294967295");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_read_and_printed),
		cmocka_unit_test(coordinates_are_read_and_printed),
		cmocka_unit_test(biases_are_read),
		cmocka_unit_test(autonomous_systems_are_read),
		cmocka_unit_test(numbers_without_a_name_are_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
