/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/traffic_rules.h"

#include <stdlib.h>
#include <string.h>

#include "core/regions.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/decimal.h"
#include "formats/route53/value.h"

/*! What the names of regions and Local Zones begin with in rules of geoproximity. */
#define REGION_PREFIX "aws:route53:"

/* Fields: numbers, true and false are also written in quotes. */

/*! Gets a number as text. \return NULL: not given, or wrong */
static const char *take_number(steer_route53_reading_t *reading, const steer_field_at_t *object,
                               const char *key, steer_field_at_t *field)
{
	const steer_json_value_t *value = steer_json_get(object->json, object->value, key);
	const bool quoted = value != NULL && value->kind == STEER_JSON_TEXT;
	*field = steer_field_get(reading, object, key, quoted ? STEER_JSON_TEXT : STEER_JSON_NUMBER);
	return field->value != NULL ? steer_json_text(field->json, field->value) : NULL;
}

static bool take_bool(steer_route53_reading_t *reading, const steer_field_at_t *object,
                      const char *key, bool otherwise)
{
	steer_field_at_t field = {
		object->json, steer_json_get(object->json, object->value, key)
	};
	if (field.value == NULL || field.value->kind != STEER_JSON_TEXT) {
		return steer_field_bool(reading, object, key, otherwise);
	}
	const char *text = steer_json_text(field.json, field.value);
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
		char shown[STEER_SHOWN];
		steer_field_wrong(reading, &field, "%s: '%s'; allowed: true, false", key,
		                  steer_shown(shown, text, strlen(text)));
	}
	return text[0] == 't';
}

/* What a rule chooses by. */

static void take_weight(steer_route53_reading_t *reading, const steer_field_at_t *item,
                        steer_record_set_t *set)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_need(reading, item, "Weight", "0 to 255")
	                   ? take_number(reading, item, "Weight", &field) : NULL;
	if (text == NULL) {
		return;
	}
	set->has_weight = steer_number_parse(text, strlen(text), STEER_ROUTE53_WEIGHT_MAX,
	                                     &set->weight);
	if (!set->has_weight) {
		steer_field_wrong(reading, &field, "Weight: %s; allowed: 0 to %d",
		                  steer_shown(shown, text, strlen(text)), STEER_ROUTE53_WEIGHT_MAX);
	}
}

static void take_geo(steer_route53_reading_t *reading, const steer_field_at_t *item,
                     steer_record_set_t *set)
{
	static const char *const keys[] = { "Continent", "Country", "Subdivision" };
	bool given = false;
	for (unsigned i = 0; i < 3; i++) {
		given = given || steer_json_get(item->json, item->value, keys[i]) != NULL;
	}
	const bool any = take_bool(reading, item, "IsDefault", false);
	if (any && !given) {
		set->has_geo = true;
		set->geo = STEER_GEO_UNKNOWN;
		return;
	}
	steer_route53_take_place(reading, item, "Locations", keys, set);
	if (any && set->has_geo && set->geo != STEER_GEO_UNKNOWN) {
		steer_field_wrong(reading, item, "IsDefault: true, but the location is not that of all "
		                  "others; allowed: without it, or with Country *");
	}
}

/*! The group of a Local Zone, whose name ends in a letter more. \return NULL: there is none */
static const char *group_of(const char *zone)
{
	const size_t len = strlen(zone);
	const bool lettered = len > 0 && zone[len - 1] >= 'a' && zone[len - 1] <= 'z';
	const steer_region_t *group = lettered ? steer_region_find(zone, len - 1) : NULL;
	return group != NULL && steer_route53_is_local_zone(group->name) ? group->name : NULL;
}

static void take_region(steer_route53_reading_t *reading, const steer_field_at_t *object,
                        const char *key, steer_record_set_t *set)
{
	static const size_t len = sizeof(REGION_PREFIX) - 1;
	steer_field_at_t field;
	const char *text = steer_field_text(reading, object, key, &field);
	if (text != NULL) {
		text += strncmp(text, REGION_PREFIX, len) == 0 ? len : 0;
		const char *group = group_of(text);
		steer_route53_take_region(reading, &field, key, group != NULL ? group : text, set);
	}
}

static void take_latency(steer_route53_reading_t *reading, const steer_field_at_t *item,
                         steer_record_set_t *set)
{
	if (steer_field_need(reading, item, "Region", "such as eu-west-1")) {
		take_region(reading, item, "Region", set);
	}
}

static bool take_degrees(steer_route53_reading_t *reading, const steer_field_at_t *object,
                         const char *key, int max, int16_t *degrees)
{
	steer_field_at_t field;
	return steer_field_need(reading, object, key, "degrees, such as \"50.11\"") &&
	       take_number(reading, object, key, &field) != NULL &&
	       steer_route53_take_degrees(reading, &field, key, max, degrees);
}

static void take_point(steer_route53_reading_t *reading, const steer_field_at_t *object,
                       steer_record_set_t *set)
{
	set->has_point =
		take_degrees(reading, object, "Latitude", STEER_LATITUDE_MAX, &set->point.lat) &&
		take_degrees(reading, object, "Longitude", STEER_LONGITUDE_MAX, &set->point.lon);
}

static void take_bias(steer_route53_reading_t *reading, const steer_field_at_t *item,
                      steer_record_set_t *set)
{
	steer_field_at_t field;
	if (take_number(reading, item, "Bias", &field) != NULL) {
		steer_route53_take_bias(reading, &field, "Bias", set);
	}
}

/*! Where a target is, in the format of 2015. */
static void take_proximity(steer_route53_reading_t *reading, const steer_field_at_t *item,
                           steer_record_set_t *set)
{
	const bool region = steer_json_get(item->json, item->value, "Region") != NULL;
	const bool point = steer_json_get(item->json, item->value, "Latitude") != NULL ||
	                   steer_json_get(item->json, item->value, "Longitude") != NULL;
	if (region == point) {
		steer_field_wrong(reading, item, "GeoproximityLocations: %s; allowed: Region, or Latitude "
		                  "and Longitude", region ? "two places" : "no place");
	} else if (region) {
		take_region(reading, item, "Region", set);
	} else {
		take_point(reading, item, set);
	}
	take_bias(reading, item, set);
}

/*! Where a target is, in that of 2023. */
static void take_location(steer_route53_reading_t *reading, const steer_field_at_t *item,
                          steer_record_set_t *set)
{
	static const char *const named[] = { "Type", "LocationName", NULL };
	static const char *const point[] = { "Type", "Latitude", "Longitude", NULL };
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	take_bias(reading, item, set);
	const steer_field_at_t at = steer_field_need(reading, item, "Location", "where the target is")
	                            ? steer_field_get(reading, item, "Location", STEER_JSON_OBJECT)
	                            : (steer_field_at_t) { .value = NULL };
	const char *type = at.value != NULL &&
	                   steer_field_need(reading, &at, "Type", "Region, LocalZone, Coordinate")
	                   ? steer_field_text(reading, &at, "Type", &field) : NULL;
	if (type == NULL) {
		return;
	}
	if (strcmp(type, "Coordinate") == 0) {
		steer_field_only(reading, &at, point);
		take_point(reading, &at, set);
	} else if (strcmp(type, "Region") == 0 || strcmp(type, "LocalZone") == 0) {
		steer_field_only(reading, &at, named);
		if (steer_field_need(reading, &at, named[1], "such as aws:route53:us-east-1")) {
			take_region(reading, &at, named[1], set);
		}
	} else {
		steer_field_wrong(reading, &field, "Type: '%s'; allowed: Region, LocalZone, Coordinate",
		                  steer_shown(shown, type, strlen(type)));
	}
}

/* Rules. */

#define COMMON "EndpointReference", "RuleReference", "EvaluateTargetHealth", "HealthCheck"

static const char *const plain[] = { COMMON, NULL };
static const char *const of_values[] = {
	"EndpointReference", "EvaluateTargetHealth", "HealthCheck", NULL
};
static const char *const by_weight[] = { COMMON, "Weight", NULL };
static const char *const by_region[] = { COMMON, "Region", NULL };
static const char *const by_place[] = {
	COMMON, "IsDefault", "Continent", "Country", "Subdivision", NULL
};
static const char *const by_distance[] = {
	COMMON, "Region", "Latitude", "Longitude", "Bias", NULL
};
static const char *const by_location[] = { COMMON, "Location", "Bias", NULL };

static const struct {
	const char *type, *list; /*!< Its items are in a list; without one they are named. */
	enum { IN_BOTH, IN_2015, IN_2023 } format;
	steer_preset_t preset;
	const char *const *keys; /*!< Of an item. */
	void (*take)(steer_route53_reading_t *reading, const steer_field_at_t *item,
	             steer_record_set_t *set);
} kinds[] = {
	{ "failover", NULL, IN_BOTH, STEER_PRESET_FAILOVER, plain, NULL },
	{ "geo", "Locations", IN_BOTH, STEER_PRESET_GEOLOCATION, by_place, take_geo },
	{ "geoproximity", "GeoproximityLocations", IN_2015, STEER_PRESET_GEOPROXIMITY, by_distance,
	  take_proximity },
	{ "geoproximity", "GeoproximityLocations", IN_2023, STEER_PRESET_GEOPROXIMITY, by_location,
	  take_location },
	{ "latency", "Regions", IN_BOTH, STEER_PRESET_LATENCY, by_region, take_latency },
	{ "multivalue", "Items", IN_BOTH, STEER_PRESET_MULTIVALUE, of_values, NULL },
	{ "weighted", "Items", IN_BOTH, STEER_PRESET_WEIGHTED, by_weight, take_weight },
};
#define KINDS (sizeof(kinds) / sizeof(*kinds))

/*! Finds a type of rules. \return KINDS: there is none */
static unsigned find_kind(const char *type, bool local)
{
	unsigned kind = 0;
	while (kind < KINDS && (strcmp(kinds[kind].type, type) != 0 ||
	                        kinds[kind].format == (local ? IN_2015 : IN_2023))) {
		kind++;
	}
	return kind;
}

/*! Adds an item, with what all rules have. \return NULL: out of memory */
static steer_traffic_item_t *add_item(steer_traffic_rules_t *rules,
                                      steer_route53_reading_t *reading,
                                      const steer_field_at_t *at)
{
	steer_field_at_t field;
	steer_traffic_item_t *items = steer_array_grown(rules->items, &rules->items_room,
	                                                rules->items_count + 1, sizeof(*items));
	if (items == NULL) {
		steer_field_no_memory(reading);
		return NULL;
	}
	rules->items = items;
	steer_traffic_item_t *item = &items[rules->items_count++];
	*item = (steer_traffic_item_t) { .at = *at };
	const char *endpoint = steer_field_text(reading, at, "EndpointReference", &field);
	const char *rule = steer_field_text(reading, at, "RuleReference", &field);
	if ((endpoint == NULL) == (rule == NULL)) {
		steer_field_wrong(reading, at, "%s; allowed: EndpointReference, or RuleReference",
		                  rule == NULL ? "no reference" : "two references");
	}
	item->to_rule = rule != NULL;
	item->ref = rule != NULL ? rule : endpoint;
	item->set.evaluate = take_bool(reading, at, "EvaluateTargetHealth", true);
	item->set.health = steer_route53_take_health(reading, at, "HealthCheck");
	return item;
}

static void read_failover(steer_traffic_rules_t *rules, steer_route53_reading_t *reading,
                          const steer_field_at_t *rule)
{
	static const char *const keys[] = { "RuleType", "Primary", "Secondary", NULL };
	steer_field_only(reading, rule, keys);
	for (uint8_t tier = 0; tier < 2; tier++) {
		const steer_field_at_t at = steer_field_get(reading, rule, keys[1 + tier],
		                                            STEER_JSON_OBJECT);
		steer_traffic_item_t *item = NULL;
		if (at.value != NULL) {
			steer_field_only(reading, &at, plain);
			item = add_item(rules, reading, &at);
		}
		if (item != NULL) {
			item->set.has_tier = true;
			item->set.tier = tier;
		}
	}
}

static void read_list(steer_traffic_rules_t *rules, steer_route53_reading_t *reading,
                      const steer_field_at_t *rule, unsigned kind)
{
	const char *const keys[] = { "RuleType", kinds[kind].list, NULL };
	const steer_field_at_t list = steer_field_get(reading, rule, kinds[kind].list,
	                                              STEER_JSON_LIST);
	steer_field_at_t at = { rule->json, NULL };
	steer_field_only(reading, rule, keys);
	while (list.value != NULL && steer_field_next(reading, &list, &at)) {
		steer_field_only(reading, &at, kinds[kind].keys);
		steer_traffic_item_t *item = add_item(rules, reading, &at);
		if (item != NULL && kinds[kind].take != NULL) {
			kinds[kind].take(reading, &at, &item->set);
		}
	}
}

static void read_rule(steer_traffic_rules_t *rules, steer_route53_reading_t *reading,
                      steer_traffic_rule_t *rule, bool local)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const unsigned errors = reading->report.errors;
	const char *type = steer_field_need(reading, &rule->at, "RuleType", "such as weighted")
	                   ? steer_field_text(reading, &rule->at, "RuleType", &field) : NULL;
	if (type == NULL) {
		return;
	}
	const unsigned kind = find_kind(type, local);
	if (kind == KINDS) {
		steer_field_wrong(reading, &field, "RuleType: '%s'; allowed: failover, geo, geoproximity, "
		                  "latency, multivalue, weighted", steer_shown(shown, type, strlen(type)));
		return;
	}
	rule->preset = kinds[kind].preset;
	rule->first = rules->items_count;
	if (kinds[kind].list != NULL) {
		read_list(rules, reading, &rule->at, kind);
	} else {
		read_failover(rules, reading, &rule->at);
	}
	rule->end = rules->items_count;
	if (rule->first == rule->end && reading->report.errors == errors) {
		steer_field_wrong(reading, &rule->at, "nothing to choose; allowed: %s",
		                  kinds[kind].list != NULL ? kinds[kind].list : "Primary, Secondary");
	}
}

static int by_id(const void *a, const void *b)
{
	const steer_traffic_rule_t *x = a, *y = b;
	return strcmp(x->id, y->id);
}

void steer_traffic_rules_read(steer_traffic_rules_t *rules, steer_route53_reading_t *reading,
                              const steer_field_at_t *object, bool local)
{
	steer_field_at_t at = { object->json, NULL };
	const char *id;
	while (steer_field_next_named(reading, object, &id, &at)) {
		steer_traffic_rule_t *of = steer_array_grown(rules->of, &rules->room, rules->count + 1,
		                                             sizeof(*of));
		if (of == NULL) {
			steer_field_no_memory(reading);
			return;
		}
		rules->of = of;
		of += rules->count++;
		*of = (steer_traffic_rule_t) { .id = id, .at = at };
		read_rule(rules, reading, of, local);
	}
	if (rules->count > 0) {
		qsort(rules->of, rules->count, sizeof(*rules->of), by_id);
	}
}

steer_traffic_rule_t *steer_traffic_rule(const steer_traffic_rules_t *rules, const char *id)
{
	const steer_traffic_rule_t wanted = { .id = id };
	return rules->count == 0 ? NULL : bsearch(&wanted, rules->of, rules->count, sizeof(wanted),
	                                          by_id);
}

void steer_traffic_rules_free(steer_traffic_rules_t *rules)
{
	free(rules->of);
	free(rules->items);
	*rules = (steer_traffic_rules_t) { .of = NULL };
}
