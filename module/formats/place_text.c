/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/place_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CONTINENT "continent:"
#define COUNTRY   "country:"
#define DEFAULT   "default"

/*! What follows a word at the beginning of a text; NULL: it does not begin with it. */
static const char *after(const char *text, const char *word)
{
	const size_t len = strlen(word);
	return strncmp(text, word, len) == 0 ? text + len : NULL;
}

/* Places. */

bool steer_geo_within_country_parse(const char *text, steer_geo_t *place)
{
	const char *slash = strchr(text, '/');
	const size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	steer_geo_t read = STEER_GEO_UNKNOWN;
	if (!steer_geo_country_parse(text, len, &read) ||
	    (slash != NULL && !steer_geo_subdivision_parse(slash + 1, strlen(slash + 1), &read))) {
		return false;
	}
	*place = read;
	return true;
}

bool steer_geo_parse(const char *text, steer_geo_t *place)
{
	steer_geo_t read = STEER_GEO_UNKNOWN;
	const char *code = after(text, COUNTRY);
	if (code != NULL) {
		return steer_geo_within_country_parse(code, place);
	}
	code = after(text, CONTINENT);
	if (code != NULL ? !steer_geo_continent_parse(code, strlen(code), &read)
	                 : strcmp(text, DEFAULT) != 0) {
		return false;
	}
	*place = read;
	return true;
}

const char *steer_geo_print(steer_geo_t place, char text[STEER_GEO_TEXT])
{
	char continent[STEER_GEO_CODE_TEXT], country[STEER_GEO_CODE_TEXT];
	char subdivision[STEER_GEO_CODE_TEXT];
	steer_geo_continent_print(place, continent);
	steer_geo_country_print(place, country);
	steer_geo_subdivision_print(place, subdivision);
	if (country[0] != '\0') {
		snprintf(text, STEER_GEO_TEXT, COUNTRY "%s%s%s", country, subdivision[0] != '\0' ? "/" : "",
		         subdivision);
	} else if (continent[0] != '\0') {
		snprintf(text, STEER_GEO_TEXT, CONTINENT "%s", continent);
	} else {
		strcpy(text, DEFAULT);
	}
	return text;
}

/* Coordinates. */

bool steer_coordinates_parse(const char *text, steer_coordinates_t *point)
{
	const char *comma = strchr(text, ',');
	int64_t lat, lon;
	if (comma == NULL ||
	    !steer_decimal_parse(text, comma - text, 2, STEER_LATITUDE_MAX / 100, &lat) ||
	    !steer_decimal_parse(comma + 1, strlen(comma + 1), 2, STEER_LONGITUDE_MAX / 100, &lon)) {
		return false;
	}
	*point = (steer_coordinates_t) { lat, lon };
	return true;
}

const char *steer_coordinates_print(steer_coordinates_t point, char text[STEER_COORDINATES_TEXT])
{
	char lat[STEER_DECIMAL_TEXT], lon[STEER_DECIMAL_TEXT];
	snprintf(text, STEER_COORDINATES_TEXT, "%s,%s", steer_decimal_print(point.lat, 2, lat),
	         steer_decimal_print(point.lon, 2, lon));
	return text;
}

/* Numbers. */

bool steer_bias_parse(const char *text, int8_t *bias)
{
	const bool negative = *text == '-';
	uint32_t percent;
	text += negative || *text == '+';
	if (!steer_number_parse(text, strlen(text), STEER_BIAS_MAX, &percent)) {
		return false;
	}
	*bias = negative ? -(int)percent : (int)percent;
	return true;
}

bool steer_asn_parse(const char *text, size_t len, uint32_t *asn)
{
	const bool mark = len > 2 && (text[0] | 0x20) == 'a' && (text[1] | 0x20) == 's';
	return steer_number_parse(text + 2 * mark, len - 2 * mark, UINT32_MAX, asn);
}

/* Names. */

const char *steer_names_print(const steer_names_t *names, uint32_t number,
                              char text[STEER_DICTIONARY_NAME_MAX + 1])
{
	steer_dictionary_name_t name;
	if (names->find(names->ctx, number, &name)) {
		memcpy(text, name.text, name.len);
		text[name.len] = '\0';
	} else {
		snprintf(text, STEER_DICTIONARY_NAME_MAX + 1, "#%" PRIu32, number);
	}
	return text;
}
