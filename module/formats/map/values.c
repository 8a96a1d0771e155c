/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/values.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/decimal.h"
#include "formats/network_text.h"
#include "formats/place_text.h"

/*! Says that a value is not what it should be. \return false */
static bool is_not(char wrong[STEER_WRONG], const steer_field_t *field, const char *what,
                   const char *allowed)
{
	char shown[STEER_SHOWN];
	snprintf(wrong, STEER_WRONG, "'%s' is not %s; allowed: %s",
	         steer_shown(shown, field->text, field->len), what, allowed);
	return false;
}

bool steer_value_network(steer_values_t *values, const steer_field_t *field,
                         char wrong[STEER_WRONG])
{
	char shown[STEER_SHOWN], text[STEER_NETWORK_TEXT];
	steer_network_t *network = &values->row.network;
	int ret = steer_network_parse(field->text, field->len, network);
	if (ret == STEER_EREFUSED) {
		snprintf(wrong, STEER_WRONG, "'%s' has bits after its length; allowed: %s",
		         steer_shown(shown, field->text, field->len), steer_network_print(network, text));
	} else if (ret != STEER_OK) {
		is_not(wrong, field, "a network", "one such as 192.0.2.0/24 or 2001:db8::/32");
	}
	return ret == STEER_OK;
}

bool steer_value_continent(steer_values_t *values, const steer_field_t *field,
                           char wrong[STEER_WRONG])
{
	return steer_geo_continent_parse(field->text, field->len, &values->row.geo) ||
	       is_not(wrong, field, "a continent", "AF, AN, AS, EU, NA, OC or SA");
}

bool steer_value_country(steer_values_t *values, const steer_field_t *field,
                         char wrong[STEER_WRONG])
{
	steer_geo_t continent = values->row.geo;
	if (!steer_geo_country_parse(field->text, field->len, &values->row.geo)) {
		return is_not(wrong, field, "a country", "a code of ISO 3166-1, such as NO");
	}
	if ((values->row.geo & STEER_GEO_CONTINENT) == 0) {
		values->row.geo |= continent;
	}
	return true;
}

bool steer_value_subdivision(steer_values_t *values, const steer_field_t *field,
                             char wrong[STEER_WRONG])
{
	char country[STEER_GEO_CODE_TEXT];
	steer_geo_country_print(values->row.geo, country);
	const char *text = field->text;
	size_t len = field->len;
	if (country[0] == '\0') {
		snprintf(wrong, STEER_WRONG, "a subdivision without a country; allowed: both");
		return false;
	}
	if (len > 3 && memcmp(text, country, 2) == 0 && text[2] == '-') {
		text += 3;
		len -= 3;
	}
	return steer_geo_subdivision_parse(text, len, &values->row.geo) ||
	       is_not(wrong, field, "a subdivision", "a code of ISO 3166-2, such as NY or US-NY");
}

static bool take_degrees(const steer_field_t *field, int max, int16_t *degrees)
{
	int64_t number;
	if (!steer_decimal_parse(field->text, field->len, 2, max, &number)) {
		return false;
	}
	*degrees = number;
	return true;
}

bool steer_value_lat(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG])
{
	values->has_lat = take_degrees(field, STEER_LATITUDE_MAX / 100, &values->row.place.lat);
	return values->has_lat || is_not(wrong, field, "a latitude", "degrees, -90 to 90");
}

bool steer_value_lon(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG])
{
	values->has_lon = take_degrees(field, STEER_LONGITUDE_MAX / 100, &values->row.place.lon);
	return values->has_lon || is_not(wrong, field, "a longitude", "degrees, -180 to 180");
}

static bool take_name(steer_values_t *values, const steer_field_t *field, const char *what,
                      char wrong[STEER_WRONG])
{
	if (!steer_region_name_is_good(field->text, field->len)) {
		return is_not(wrong, field, what, "1 to 64 letters, digits, '-' and '_'");
	}
	memcpy(values->name, field->text, field->len);
	values->name[field->len] = '\0';
	values->row.name = values->name;
	return true;
}

bool steer_value_region(steer_values_t *values, const steer_field_t *field,
                        char wrong[STEER_WRONG])
{
	return take_name(values, field, "a region's name", wrong);
}

bool steer_value_location(steer_values_t *values, const steer_field_t *field,
                          char wrong[STEER_WRONG])
{
	return take_name(values, field, "a location's name", wrong);
}

bool steer_value_rtt(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG])
{
	int64_t number = -1;
	(void)steer_decimal_parse(field->text, field->len, 3, STEER_RTT_MAX / 1000, &number);
	values->row.rtt_us = number;
	return number >= 0 ||
	       is_not(wrong, field, "a round-trip time", "milliseconds, 0 to 60000");
}

bool steer_value_time(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG])
{
	uint32_t number;
	if (!steer_number_parse(field->text, field->len, UINT32_MAX, &number)) {
		return is_not(wrong, field, "a time", "seconds since 1970, a whole number");
	}
	values->row.time = number;
	return true;
}

bool steer_value_asn(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG])
{
	return steer_asn_parse(field->text, field->len, &values->row.asn) ||
	       is_not(wrong, field, "the number of an autonomous system",
	              "0 to 4294967295, also as AS64500; 0 or nothing is none");
}

bool steer_value_anycast(steer_values_t *values, const steer_field_t *field,
                         char wrong[STEER_WRONG])
{
	values->row.anycast = steer_field_is(field, "1");
	return values->row.anycast || steer_field_is(field, "0") ||
	       is_not(wrong, field, "a truth value", "1 or 0");
}

bool steer_value_geoname(steer_values_t *values, const steer_field_t *field,
                         char wrong[STEER_WRONG])
{
	return steer_number_parse(field->text, field->len, UINT32_MAX, &values->geoname) ||
	       is_not(wrong, field, "the number of a location", "0 to 4294967295");
}

bool steer_value_target(steer_values_t *values, const steer_field_t *field,
                        char wrong[STEER_WRONG])
{
	(void)wrong;
	values->target = *field;
	return true;
}

bool steer_values_complete(steer_values_t *values, char wrong[STEER_WRONG])
{
	values->row.has_place = values->has_lat;
	if (values->has_lat != values->has_lon) {
		snprintf(wrong, STEER_WRONG, "a %s alone; allowed: both or neither",
		         values->has_lat ? "latitude" : "longitude");
		return false;
	}
	return true;
}
