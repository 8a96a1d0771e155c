/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/geo_code.h"

#include <stdio.h>
#include <string.h>

/*! Countries that octoDNS has elsewhere than Route 53, or that Route 53 does not have. */
static const struct {
	char country[3], continent[3];
} moved[] = {
	{ "BV", "AN" }, { "CX", "AS" }, { "CY", "AS" }, { "EH", "AF" }, { "GS", "SA" },
	{ "HM", "AN" }, { "TL", "AS" }, { "TR", "AS" },
};

/*! The continent of a country. \return NULL: octoDNS has no such country */
static const char *continent_of(steer_geo_t place)
{
	char code[STEER_GEO_CODE_TEXT];
	const steer_country_t *country = steer_country_of(place);
	steer_geo_country_print(place, code);
	for (size_t i = 0; i < sizeof(moved) / sizeof(*moved); i++) {
		if (strcmp(moved[i].country, code) == 0) {
			return moved[i].continent;
		}
	}
	return country != NULL ? country->continent : NULL;
}

bool steer_octodns_geo_print(steer_geo_t place, char text[STEER_OCTODNS_GEO_TEXT])
{
	char country[STEER_GEO_CODE_TEXT], part[STEER_GEO_CODE_TEXT];
	steer_geo_country_print(place, country);
	if (country[0] == '\0') {
		snprintf(text, STEER_OCTODNS_GEO_TEXT, "%s", steer_geo_continent_print(place, part));
		return text[0] != '\0';
	}
	const char *continent = continent_of(place);
	steer_geo_subdivision_print(place, part);
	if (continent == NULL || (part[0] != '\0' && (strlen(part) != 2 ||
	    (strcmp(country, "US") != 0 && strcmp(country, "CA") != 0)))) {
		return false;
	}
	snprintf(text, STEER_OCTODNS_GEO_TEXT, "%s-%s%s%s", continent, country,
	         part[0] != '\0' ? "-" : "", part);
	return true;
}

bool steer_octodns_geo_parse(const char *text, steer_geo_t *place)
{
	const size_t len = strlen(text);
	char printed[STEER_OCTODNS_GEO_TEXT];
	steer_geo_t made = STEER_GEO_UNKNOWN;
	const bool whole = (len == 2 && steer_geo_continent_parse(text, 2, &made)) ||
	                   (len >= 5 && steer_geo_country_parse(text + 3, 2, &made) &&
	                    (len == 5 || (len == 8 && steer_geo_subdivision_parse(text + 6, 2, &made))));
	// What is printed is the one way to write a place, so this checks the rest of the text.
	if (!whole || !steer_octodns_geo_print(made, printed) || strcmp(printed, text) != 0) {
		return false;
	}
	*place = made;
	return true;
}

bool steer_octodns_geo_in(const char *code, const char *outer)
{
	const size_t len = strlen(outer);
	return strncmp(code, outer, len) == 0 && (code[len] == '\0' || code[len] == '-');
}
