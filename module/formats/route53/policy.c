/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/array.h"
#include "formats/route53/value.h"

/*! Most collections, since each record set looks for its own; an account has five, or some more. */
#define COLLECTIONS_MAX 256

/* CIDR collections. */

struct steer_route53_collection {
	const char *id, *name;
};

/*! Gets a name of letters, digits, - and _. \return NULL: none is given, or it is wrong */
static const char *take_name(steer_route53_reading_t *reading, const steer_field_at_t *object,
                             const char *key)
{
	steer_field_at_t field;
	const char *text = steer_field_text(reading, object, key, &field);
	return text != NULL && steer_route53_is_word(reading, &field, key, text) ? text : NULL;
}

void steer_route53_add_collection(steer_route53_collections_t *collections,
                                  steer_route53_reading_t *reading,
                                  const steer_field_at_t *collection)
{
	if (collections->count == COLLECTIONS_MAX) {
		steer_field_wrong(reading, collection, "more collections than fit; allowed: %d in an import",
		                  COLLECTIONS_MAX);
		return;
	}
	if (!steer_field_need(reading, collection, "Id", "the identifier of the collection") ||
	    !steer_field_need(reading, collection, "Name", "the name of the collection")) {
		return;
	}
	const struct steer_route53_collection made = {
		take_name(reading, collection, "Id"), take_name(reading, collection, "Name"),
	};
	if (made.id == NULL || made.name == NULL) {
		return;
	}
	struct steer_route53_collection *of = steer_array_grown(
		collections->of, &collections->room, collections->count + 1, sizeof(*of));
	if (of == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	collections->of = of;
	of[collections->count++] = made;
}

void steer_route53_collections_free(steer_route53_collections_t *collections)
{
	free(collections->of);
	*collections = (steer_route53_collections_t) { .of = NULL };
}

const char *steer_route53_only_collection(const steer_route53_collections_t *collections)
{
	if (collections->count > 0) {
		return collections->count == 1 ? collections->of[0].name : NULL;
	}
	return collections->several ? NULL : collections->used;
}

const char *steer_route53_find_collection(const steer_route53_collections_t *collections,
                                          const char *text)
{
	for (size_t i = 0; i < collections->count; i++) {
		const struct steer_route53_collection *one = &collections->of[i];
		if (strcmp(one->id, text) == 0 || strcmp(one->name, text) == 0) {
			return one->name;
		}
	}
	return collections->count == 0 ? text : NULL;
}

static void note_use(steer_route53_collections_t *collections, const char *id)
{
	collections->several = collections->several ||
	                       (collections->used != NULL && strcmp(collections->used, id) != 0);
	collections->used = id;
}

/*! The name of a collection; its identifier, if no list of collections has it. */
static const char *name_of(const steer_route53_collections_t *collections, const char *id)
{
	for (size_t i = 0; i < collections->count; i++) {
		if (strcmp(collections->of[i].id, id) == 0) {
			return collections->of[i].name;
		}
	}
	return id;
}

/* The fields. */

/*! What a field is read into. */
typedef struct {
	steer_route53_reading_t *reading;
	steer_route53_collections_t *collections;
	steer_record_set_t *set;
	char *location;
} target_t;

static void take_weight(const target_t *to, const steer_field_at_t *entry, const char *key)
{
	to->set->has_weight = steer_field_number(to->reading, entry, key, 0, STEER_ROUTE53_WEIGHT_MAX,
	                                         &to->set->weight);
}

static void take_region(const target_t *to, const steer_field_at_t *object, const char *key)
{
	steer_field_at_t field;
	const char *name = steer_field_text(to->reading, object, key, &field);
	if (name != NULL) {
		steer_route53_take_region(to->reading, &field, key, name, to->set);
	}
}

static void take_failover(const target_t *to, const steer_field_at_t *entry, const char *key)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_text(to->reading, entry, key, &field);
	if (text == NULL) {
		return;
	}
	to->set->tier = strcmp(text, "SECONDARY") == 0;
	to->set->has_tier = to->set->tier == 1 || strcmp(text, "PRIMARY") == 0;
	if (!to->set->has_tier) {
		steer_field_wrong(to->reading, &field, "%s: '%s' is neither; allowed: PRIMARY, SECONDARY",
		                  key, steer_shown(shown, text, strlen(text)));
	}
}

static void take_geo(const target_t *to, const steer_field_at_t *entry, const char *key)
{
	static const char *const keys[] = { "ContinentCode", "CountryCode", "SubdivisionCode", NULL };
	const steer_field_at_t geo = steer_field_get(to->reading, entry, key, STEER_JSON_OBJECT);
	if (geo.value != NULL) {
		steer_field_only(to->reading, &geo, keys);
		steer_route53_take_place(to->reading, &geo, key, keys, to->set);
	}
}

/* Geoproximity. */

static bool take_degrees(steer_route53_reading_t *reading, const steer_field_at_t *point,
                         const char *key, int max, int16_t *degrees)
{
	steer_field_at_t field;
	return steer_field_need(reading, point, key, "degrees in quotes, such as \"50.11\"") &&
	       steer_field_text(reading, point, key, &field) != NULL &&
	       steer_route53_take_degrees(reading, &field, key, max, degrees);
}

static void take_point(const target_t *to, const steer_field_at_t *place, const char *key)
{
	static const char *const keys[] = { "Latitude", "Longitude", NULL };
	const steer_field_at_t point = steer_field_get(to->reading, place, key, STEER_JSON_OBJECT);
	if (point.value == NULL) {
		return;
	}
	steer_field_only(to->reading, &point, keys);
	to->set->has_point =
		take_degrees(to->reading, &point, keys[0], STEER_LATITUDE_MAX, &to->set->point.lat) &&
		take_degrees(to->reading, &point, keys[1], STEER_LONGITUDE_MAX, &to->set->point.lon);
}

static void take_bias(const target_t *to, const steer_field_at_t *place, const char *key)
{
	const steer_field_at_t field = steer_field_get(to->reading, place, key, STEER_JSON_NUMBER);
	if (field.value != NULL) {
		steer_route53_take_bias(to->reading, &field, key, to->set);
	}
}

static void take_proximity(const target_t *to, const steer_field_at_t *entry, const char *key)
{
	static const char *const keys[] = {
		"AWSRegion", "LocalZoneGroup", "Coordinates", "Bias", NULL
	};
	const steer_field_at_t place = steer_field_get(to->reading, entry, key, STEER_JSON_OBJECT);
	unsigned given = 0;
	if (place.value == NULL) {
		return;
	}
	steer_field_only(to->reading, &place, keys);
	for (unsigned i = 0; i < 3; i++) {
		given += steer_json_get(place.json, place.value, keys[i]) != NULL;
	}
	if (given != 1) {
		steer_field_wrong(to->reading, &place, "%s: %u places; allowed: one of AWSRegion, "
		                  "LocalZoneGroup, Coordinates", key, given);
		return;
	}
	take_region(to, &place, keys[0]);
	take_region(to, &place, keys[1]);
	take_point(to, &place, keys[2]);
	take_bias(to, &place, keys[3]);
}

/* IP-based. */

static void take_cidr(const target_t *to, const steer_field_at_t *entry, const char *key)
{
	static const char *const keys[] = { "CollectionId", "LocationName", NULL };
	const steer_field_at_t cidr = steer_field_get(to->reading, entry, key, STEER_JSON_OBJECT);
	steer_field_at_t field;
	if (cidr.value == NULL) {
		return;
	}
	steer_field_only(to->reading, &cidr, keys);
	if (!steer_field_need(to->reading, &cidr, keys[0], "the identifier of a collection") ||
	    !steer_field_need(to->reading, &cidr, keys[1], "the name of a location, or *")) {
		return;
	}
	const char *id = take_name(to->reading, &cidr, keys[0]);
	const char *name = steer_field_text(to->reading, &cidr, keys[1], &field);
	if (id == NULL || name == NULL) {
		return;
	}
	to->set->has_location = true;
	note_use(to->collections, id);
	if (strcmp(name, "*") == 0) {
		return;
	}
	if (!steer_route53_is_word(to->reading, &field, keys[1], name)) {
		return;
	}
	snprintf(to->location, STEER_DICTIONARY_NAME_MAX + 1, "%s/%s", name_of(to->collections, id),
	         name);
	to->set->location = to->location;
}

static void take_multivalue(const target_t *to, const steer_field_at_t *entry, const char *key)
{
	(void)steer_field_get(to->reading, entry, key, STEER_JSON_BOOL);
}

static const struct {
	const char *key;
	steer_preset_t preset;
	void (*take)(const target_t *to, const steer_field_at_t *entry, const char *key);
} policies[] = {
	{ "Weight", STEER_PRESET_WEIGHTED, take_weight },
	{ "Region", STEER_PRESET_LATENCY, take_region },
	{ "Failover", STEER_PRESET_FAILOVER, take_failover },
	{ "GeoLocation", STEER_PRESET_GEOLOCATION, take_geo },
	{ "MultiValueAnswer", STEER_PRESET_MULTIVALUE, take_multivalue },
	{ "GeoProximityLocation", STEER_PRESET_GEOPROXIMITY, take_proximity },
	{ "CidrRoutingConfig", STEER_PRESET_IP, take_cidr },
};
#define POLICIES (sizeof(policies) / sizeof(*policies))

/*! Whether a field implies its policy: MultiValueAnswer that is false does not. */
static bool implies(const steer_field_at_t *entry, const char *key)
{
	const steer_json_value_t *value = steer_json_get(entry->json, entry->value, key);
	return value != NULL && (value->kind != STEER_JSON_BOOL || value->truth);
}

steer_preset_t steer_route53_policy(steer_route53_reading_t *reading, const steer_field_at_t *entry,
                                    const char **key)
{
	steer_preset_t found = STEER_PRESET_NONE;
	*key = NULL;
	for (unsigned i = 0; i < POLICIES; i++) {
		if (!implies(entry, policies[i].key)) {
			continue;
		}
		if (*key != NULL) {
			const steer_field_at_t field = {
				entry->json, steer_json_get(entry->json, entry->value, policies[i].key)
			};
			steer_field_wrong(reading, &field, "%s: given with %s; allowed: one policy",
			                  policies[i].key, *key);
			break;
		}
		*key = policies[i].key;
		found = policies[i].preset;
	}
	return found;
}

void steer_route53_take_policy(steer_route53_reading_t *reading, const steer_field_at_t *entry,
                               steer_route53_collections_t *collections, steer_preset_t preset,
                               steer_record_set_t *set,
                               char location[STEER_DICTIONARY_NAME_MAX + 1])
{
	const target_t to = { reading, collections, set, location };
	for (unsigned i = 0; i < POLICIES; i++) {
		if (policies[i].preset == preset) {
			policies[i].take(&to, entry, policies[i].key);
		}
	}
}
