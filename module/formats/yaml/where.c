/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/where.h"

#include <stdio.h>
#include <string.h>

#include "core/dictionary.h"
#include "core/regions.h"
#include "formats/decimal.h"
#include "formats/place_text.h"
#include "formats/yaml/keys.h"

#define PLACES    "default, {continent: EU}, {country: US} or {country: US, subdivision: NY}"
#define POINT     "[latitude, longitude], such as [50.11, 8.68]"
#define LOCATIONS "default, or {collection: c, location: l}"

/*! Whether the current node is the word for any client. */
static bool is_default(const steer_events_t *events)
{
	static const char word[] = "default";
	return events->kind == NODE_TEXT && events->len == sizeof(word) - 1 &&
	       memcmp(events->text, word, sizeof(word) - 1) == 0;
}

/*! Reads the name of a region, a collection or a location. */
static int take_name(steer_events_t *events, const char *key, const char **name)
{
	const char *text = NULL;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	if (steer_region_name_is_good(text, strlen(text))) {
		*name = text;
		return STEER_OK;
	}
	char shown[STEER_SHOWN];
	return steer_events_wrong(events, "%s: '%s' is not a name; allowed: 1 to %d letters, digits, "
	                          "- and _", key, steer_shown(shown, text, strlen(text)),
	                          STEER_REGION_NAME_MAX);
}

/*! Keeps a name, or nothing in place of one. \return STEER_OK, STEER_ENOMEM */
static int keep_name(steer_events_t *events, steer_yaml_group_t *group, const char *name,
                     size_t *offset)
{
	return steer_yaml_keep_bytes(&group->keep, events, name, strlen(name) + 1, offset);
}

/* The record set. A key with an error counts as not given, so that the rest is read, too. */

int steer_yaml_part_region(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_group_t *group = ctx;
	const char *name = NULL;
	int ret = take_name(events, key, &name);
	if (ret != STEER_OK || name == NULL) {
		return ret;
	}
	group->part->region_at = events->place;
	return keep_name(events, group, name, &group->part->region);
}

/*! A latitude or longitude. */
typedef struct {
	const char *name, *toward;
	int max;
	int16_t *number;
} degrees_t;

static int take_degrees(steer_events_t *events, const char *key, const degrees_t *degrees,
                        unsigned *good)
{
	const char *text = NULL;
	int64_t number;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	if (steer_decimal_parse(text, strlen(text), 2, degrees->max / 100, &number)) {
		*degrees->number = number;
		++*good;
		return STEER_OK;
	}
	char shown[STEER_SHOWN];
	return steer_events_wrong(events, "%s: '%s' is not a %s; allowed: degrees %s, -%d to %d", key,
	                          steer_shown(shown, text, strlen(text)), degrees->name,
	                          degrees->toward, degrees->max / 100, degrees->max / 100);
}

int steer_yaml_part_coordinates(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_part_t *part = ((steer_yaml_group_t *)ctx)->part;
	const degrees_t degrees[] = {
		{ "latitude", "north", STEER_LATITUDE_MAX, &part->point.lat },
		{ "longitude", "east", STEER_LONGITUDE_MAX, &part->point.lon },
	};
	const steer_place_t begin = events->place;
	if (events->kind != NODE_LIST) {
		return steer_events_refuse(events, "%s: not a list; allowed: " POINT, key);
	}
	unsigned count = 0, good = 0;
	int ret = STEER_OK;
	for (; steer_events_item(events, &ret); count++) {
		ret = count < 2 ? take_degrees(events, key, &degrees[count], &good)
		                : steer_events_skip(events);
	}
	if (ret == STEER_OK && count != 2) {
		return steer_events_wrong_at(events, &begin, "%s: a list of %u; allowed: " POINT, key,
		                             count);
	}
	if (good == 2) {
		part->point_at = begin;
	}
	return ret;
}

int steer_yaml_part_bias(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_part_t *part = ((steer_yaml_group_t *)ctx)->part;
	const char *text = NULL;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	if (steer_bias_parse(text, &part->bias)) {
		part->bias_at = events->place;
		return STEER_OK;
	}
	char shown[STEER_SHOWN];
	return steer_events_wrong(events, "%s: '%s' is not a percentage; allowed: -%d to %d", key,
	                          steer_shown(shown, text, strlen(text)), STEER_BIAS_MAX,
	                          STEER_BIAS_MAX);
}

/* The place of its clients. */

/*! A part of a place. */
typedef struct {
	steer_geo_t geo;  /*!< STEER_GEO_UNKNOWN: not given, or wrong. */
	steer_place_t at; /*!< In line 0: not given. */
} code_t;

typedef struct {
	code_t continent, country, subdivision;
} codes_t;

static int take_code(steer_events_t *events, const char *key,
                     bool (*parse)(const char *text, size_t len, steer_geo_t *place),
                     const char *allowed, code_t *code)
{
	const char *text = NULL;
	char shown[STEER_SHOWN];
	code->at = events->place;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL || parse(text, strlen(text), &code->geo)) {
		return ret;
	}
	return steer_events_wrong(events, "%s: '%s' is not a %s; allowed: %s", key,
	                          steer_shown(shown, text, strlen(text)), key, allowed);
}

static int take_continent(steer_events_t *events, const char *key, void *ctx)
{
	return take_code(events, key, steer_geo_continent_parse, "AF, AN, AS, EU, NA, OC, SA",
	                 &((codes_t *)ctx)->continent);
}

static int take_country(steer_events_t *events, const char *key, void *ctx)
{
	return take_code(events, key, steer_geo_country_parse, "a code of ISO 3166-1, such as NO",
	                 &((codes_t *)ctx)->country);
}

static int take_subdivision(steer_events_t *events, const char *key, void *ctx)
{
	return take_code(events, key, steer_geo_subdivision_parse,
	                 "a code of ISO 3166-2 without its country, such as NY",
	                 &((codes_t *)ctx)->subdivision);
}

static const steer_yaml_key_t geo_keys[] = {
	{ "continent", take_continent },
	{ "country", take_country },
	{ "subdivision", take_subdivision },
	{ NULL, NULL },
};

/*! Puts the parts of a place together. \param[out] place  Left as it is if it is wrong. */
static int join_codes(steer_events_t *events, const codes_t *codes, const steer_place_t *begin,
                      steer_geo_t *place)
{
	const code_t *continent = &codes->continent, *country = &codes->country;
	const code_t *subdivision = &codes->subdivision;
	if (subdivision->at.line != 0 && country->at.line == 0) {
		return steer_events_wrong_at(events, &subdivision->at, "subdivision: without a country; "
		                             "allowed: with country");
	}
	if (continent->at.line != 0 && country->at.line != 0) {
		return steer_events_wrong_at(events, &continent->at, "continent: given with country; "
		                             "allowed: one of the two");
	}
	if (continent->at.line == 0 && country->at.line == 0) {
		return steer_events_wrong_at(events, begin, "geo: no place; allowed: " PLACES);
	}
	if (subdivision->at.line == 0 || subdivision->geo != STEER_GEO_UNKNOWN) {
		*place = continent->geo | country->geo | subdivision->geo;
	}
	return STEER_OK;
}

int steer_yaml_part_geo(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_part_t *part = ((steer_yaml_group_t *)ctx)->part;
	const steer_place_t begin = events->place;
	if (!is_default(events)) {
		codes_t codes = { 0 };
		uint64_t given;
		if (events->kind != NODE_MAPPING) {
			return steer_events_refuse(events, "%s: not a place; allowed: " PLACES, key);
		}
		int ret = steer_yaml_mapping(events, geo_keys, &codes, &given);
		if (ret == STEER_OK) {
			ret = join_codes(events, &codes, &begin, &part->geo);
		}
		if (ret != STEER_OK || part->geo == STEER_GEO_UNKNOWN) {
			return ret;
		}
	}
	part->geo_at = begin;
	return STEER_OK;
}

/* The networks of its clients. */

/*! Names of a collection and a location in it; empty: wrong. */
typedef struct {
	char collection[STEER_REGION_NAME_MAX + 1], location[STEER_REGION_NAME_MAX + 1];
} location_t;

static int copy_name(steer_events_t *events, const char *key, char *copy)
{
	const char *name = NULL;
	int ret = take_name(events, key, &name);
	if (ret == STEER_OK && name != NULL) {
		strcpy(copy, name);
	}
	return ret;
}

static int take_collection(steer_events_t *events, const char *key, void *ctx)
{
	return copy_name(events, key, ((location_t *)ctx)->collection);
}

static int take_location(steer_events_t *events, const char *key, void *ctx)
{
	return copy_name(events, key, ((location_t *)ctx)->location);
}

/*! Bits of cidr_keys. */
enum { KEY_COLLECTION, KEY_LOCATION };

static const steer_yaml_key_t cidr_keys[] = {
	[KEY_COLLECTION] = { "collection", take_collection },
	[KEY_LOCATION] = { "location", take_location },
	{ NULL, NULL },
};

/*! Reads a location from its mapping. \param[out] name  With its collection; empty: wrong. */
static int take_names(steer_events_t *events, const char *key,
                      char name[STEER_DICTIONARY_NAME_MAX + 1])
{
	const steer_place_t begin = events->place;
	location_t read = { "", "" };
	uint64_t given;
	name[0] = '\0';
	int ret = steer_yaml_mapping(events, cidr_keys, &read, &given);
	for (unsigned i = KEY_COLLECTION; i <= KEY_LOCATION && ret == STEER_OK; i++) {
		if ((given & 1u << i) == 0) {
			return steer_events_wrong_at(events, &begin, "%s: without a %s; allowed: " LOCATIONS,
			                             key, cidr_keys[i].name);
		}
	}
	if (read.collection[0] != '\0' && read.location[0] != '\0') {
		snprintf(name, STEER_DICTIONARY_NAME_MAX + 1, "%s/%s", read.collection, read.location);
	}
	return ret;
}

int steer_yaml_part_cidr(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_group_t *group = ctx;
	const steer_place_t begin = events->place;
	char name[STEER_DICTIONARY_NAME_MAX + 1] = "";
	if (!is_default(events)) {
		if (events->kind != NODE_MAPPING) {
			return steer_events_refuse(events, "%s: not a location; allowed: " LOCATIONS, key);
		}
		int ret = take_names(events, key, name);
		if (ret != STEER_OK || name[0] == '\0') {
			return ret;
		}
	}
	group->part->location_at = begin;
	return keep_name(events, group, name, &group->part->location);
}

/* The autonomous systems of its clients. */

typedef struct {
	uint32_t numbers[STEER_ASNS_MAX];
	unsigned count;
} asns_t;

static int take_number(steer_events_t *events, const char *key, asns_t *asns)
{
	const char *text = NULL;
	uint32_t number = 0;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	if (!steer_asn_parse(text, strlen(text), &number) || number == 0) {
		char shown[STEER_SHOWN];
		return steer_events_wrong(events, "%s: '%s' is not the number of an autonomous system; "
		                          "allowed: 1 to 4294967295, also as AS64500", key,
		                          steer_shown(shown, text, strlen(text)));
	}
	for (unsigned i = 0; i < asns->count; i++) {
		if (asns->numbers[i] == number) {
			return steer_events_wrong(events, "%s: %u is there twice; allowed: once", key, number);
		}
	}
	asns->numbers[asns->count++] = number;
	return STEER_OK;
}

/*! Reads a number alone, or a list of them. \param[out] good  Whether all of them are good. */
static int take_numbers(steer_events_t *events, const char *key, asns_t *asns, bool *good)
{
	const steer_place_t begin = events->place;
	unsigned items = 0;
	int ret = STEER_OK;
	if (events->kind != NODE_LIST) {
		ret = take_number(events, key, asns);
		*good = asns->count == 1;
		return ret;
	}
	for (; steer_events_item(events, &ret); items++) {
		ret = items < STEER_ASNS_MAX ? take_number(events, key, asns)
		                             : steer_yaml_too_many(events, key, items, STEER_ASNS_MAX);
	}
	*good = items > 0 && asns->count == items;
	if (ret != STEER_OK || items > 0) {
		return ret;
	}
	return steer_events_wrong_at(events, &begin, "%s: none; allowed: default, or at least one",
	                             key);
}

int steer_yaml_part_asn(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_group_t *group = ctx;
	steer_yaml_part_t *part = group->part;
	const steer_place_t begin = events->place;
	asns_t asns = { .count = 0 };
	bool good = true;
	int ret = is_default(events) ? STEER_OK : take_numbers(events, key, &asns, &good);
	if (ret != STEER_OK || !good) {
		return ret;
	}
	part->asns_at = begin;
	part->asns_count = asns.count;
	return steer_yaml_keep_bytes(&group->keep, events, asns.numbers,
	                             asns.count * sizeof(*asns.numbers), &part->asns);
}
