/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/traffic_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/regions.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/decimal.h"
#include "formats/name_text.h"
#include "formats/route53/value.h"

#define WEIGHT_MAX 255
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

/*! Gets the object that a key names. \return false: it is none */
static bool take_object(steer_route53_reading_t *reading, const steer_json_t *json,
                        const steer_json_value_t *key, steer_field_at_t *object)
{
	*object = (steer_field_at_t) { json, &key[1] };
	if (object->value->kind == STEER_JSON_OBJECT) {
		return true;
	}
	const char *text = steer_json_text(json, key);
	char shown[STEER_SHOWN];
	steer_field_wrong(reading, object, "%s: not an object", steer_shown(shown, text, strlen(text)));
	return false;
}

/* Endpoints. */

/*! Regions whose endpoint of websites has no dot before it. */
static const char *const dashed[] = {
	"us-east-1", "us-west-1", "us-west-2", "ap-northeast-1", "ap-southeast-1", "ap-southeast-2",
	"eu-west-1", "sa-east-1", "us-gov-west-1",
};

/*! The name of the websites of a region, which Route 53 answers for a bucket. */
static void website_of(const char *region, char *name, size_t size)
{
	char separator = '.';
	for (unsigned i = 0; i < sizeof(dashed) / sizeof(*dashed); i++) {
		separator = strcmp(dashed[i], region) == 0 ? '-' : separator;
	}
	snprintf(name, size, "s3-website%c%s.amazonaws.com%s", separator, region,
	         strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
}

static void keep_data(steer_route53_reading_t *reading, steer_traffic_endpoint_t *endpoint,
                      const uint8_t *data, size_t len)
{
	endpoint->data = malloc(len > 0 ? len : 1);
	if (endpoint->data == NULL) {
		steer_field_no_memory(reading);
		return;
	}
	memcpy(endpoint->data, data, len);
	endpoint->len = len;
}

/*! Gets the name that stands for an AWS service. \return false: it is wrong */
static bool take_target(steer_route53_reading_t *reading, const steer_traffic_endpoint_t *endpoint,
                        bool website, const steer_field_at_t *value, uint8_t *name)
{
	const char *text = steer_json_text(value->json, value->value);
	char host[64 + STEER_REGION_NAME_MAX], shown[STEER_SHOWN];
	if (website) {
		steer_field_at_t field;
		const char *region = steer_field_need(reading, &endpoint->at, "Region", "that of the bucket")
		                     ? steer_field_text(reading, &endpoint->at, "Region", &field) : NULL;
		if (region == NULL || !steer_route53_is_word(reading, &field, "Region", region)) {
			return false;
		}
		website_of(region, host, sizeof(host));
		text = host;
	}
	if (strlen(text) < STEER_NAME_TEXT && steer_name_parse(text, name) == STEER_OK) {
		return true;
	}
	steer_field_wrong(reading, value, "Value: '%s' is not a domain name; allowed: that of the AWS "
	                  "service", steer_shown(shown, text, strlen(text)));
	return false;
}

static void read_endpoint(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                          steer_traffic_endpoint_t *endpoint)
{
	static const char *const keys[] = { "Type", "Region", "Value", NULL };
	static const char *const services[] = {
		"cloudfront", "application-load-balancer", "elastic-load-balancer",
		"network-load-balancer", "elastic-beanstalk", "s3-website",
	};
	steer_field_at_t type_field, value;
	char shown[STEER_SHOWN];
	steer_field_only(reading, &endpoint->at, keys);
	if (!steer_field_need(reading, &endpoint->at, keys[0], "such as value") ||
	    !steer_field_need(reading, &endpoint->at, keys[2], "what answers")) {
		return;
	}
	const char *type = steer_field_text(reading, &endpoint->at, keys[0], &type_field);
	if (type == NULL || steer_field_text(reading, &endpoint->at, keys[2], &value) == NULL) {
		return;
	}
	for (unsigned i = 0; i < sizeof(services) / sizeof(*services); i++) {
		endpoint->alias = endpoint->alias || strcmp(type, services[i]) == 0;
	}
	if (endpoint->alias) {
		uint8_t name[STEER_NAME_MAX];
		if (take_target(reading, endpoint, strcmp(type, "s3-website") == 0, &value, name)) {
			keep_data(reading, endpoint, name, steer_name_len(name));
		}
	} else if (strcmp(type, "value") == 0) {
		const uint8_t *rdata;
		uint16_t len;
		if (steer_route53_take_value(reading, &value, document->type, &rdata, &len)) {
			keep_data(reading, endpoint, rdata, len);
		}
	} else {
		steer_field_wrong(reading, &type_field, "Type: '%s'; allowed: value, cloudfront, "
		                  "application-load-balancer, elastic-load-balancer, "
		                  "network-load-balancer, elastic-beanstalk, s3-website",
		                  steer_shown(shown, type, strlen(type)));
	}
}

static int by_endpoint(const void *a, const void *b)
{
	const steer_traffic_endpoint_t *x = a, *y = b;
	return strcmp(x->id, y->id);
}

static void read_endpoints(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                           const steer_field_at_t *root)
{
	const steer_field_at_t of = steer_field_get(reading, root, "Endpoints", STEER_JSON_OBJECT);
	const steer_json_value_t *key = NULL;
	while (of.value != NULL && reading->ret == STEER_OK &&
	       (key = steer_json_next_key(of.json, of.value, key)) != NULL) {
		steer_traffic_endpoint_t *endpoints = steer_array_grown(
			document->endpoints, &document->endpoints_room, document->endpoints_count + 1,
			sizeof(*endpoints));
		if (endpoints == NULL) {
			steer_field_no_memory(reading);
			return;
		}
		document->endpoints = endpoints;
		steer_traffic_endpoint_t *endpoint = &endpoints[document->endpoints_count++];
		*endpoint = (steer_traffic_endpoint_t) { .id = steer_json_text(of.json, key) };
		if (take_object(reading, of.json, key, &endpoint->at)) {
			read_endpoint(document, reading, endpoint);
		}
	}
	if (document->endpoints_count > 0) {
		qsort(document->endpoints, document->endpoints_count, sizeof(*document->endpoints),
		      by_endpoint);
	}
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
	set->has_weight = steer_number_parse(text, strlen(text), WEIGHT_MAX, &set->weight);
	if (!set->has_weight) {
		steer_field_wrong(reading, &field, "Weight: %s; allowed: 0 to %d",
		                  steer_shown(shown, text, strlen(text)), WEIGHT_MAX);
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
	const steer_region_t *group = len > 0 ? steer_region_find(zone, len - 1) : NULL;
	return group != NULL ? group->name : NULL;
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
	{ "multivalue", "Items", IN_BOTH, STEER_PRESET_MULTIVALUE, plain, NULL },
	{ "weighted", "Items", IN_BOTH, STEER_PRESET_WEIGHTED, by_weight, take_weight },
};
#define KINDS (sizeof(kinds) / sizeof(*kinds))

/*! Finds a type of rules. \return KINDS: there is none */
static unsigned find_kind(const steer_traffic_document_t *document, const char *type)
{
	unsigned kind = 0;
	while (kind < KINDS && (strcmp(kinds[kind].type, type) != 0 ||
	                        kinds[kind].format == (document->local ? IN_2015 : IN_2023))) {
		kind++;
	}
	return kind;
}

/*! Adds an item, with what all rules have. \return NULL: out of memory */
static steer_traffic_item_t *add_item(steer_traffic_document_t *document,
                                      steer_route53_reading_t *reading,
                                      const steer_field_at_t *at)
{
	steer_field_at_t field;
	steer_traffic_item_t *items = steer_array_grown(
		document->items, &document->items_room, document->items_count + 1, sizeof(*items));
	if (items == NULL) {
		steer_field_no_memory(reading);
		return NULL;
	}
	document->items = items;
	steer_traffic_item_t *item = &items[document->items_count++];
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

static void read_failover(steer_traffic_document_t *document, steer_route53_reading_t *reading,
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
			item = add_item(document, reading, &at);
		}
		if (item != NULL) {
			item->set.has_tier = true;
			item->set.tier = tier;
		}
	}
}

static void read_list(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                      const steer_field_at_t *rule, unsigned kind)
{
	const char *const keys[] = { "RuleType", kinds[kind].list, NULL };
	const steer_field_at_t list = steer_field_get(reading, rule, kinds[kind].list,
	                                              STEER_JSON_LIST);
	steer_field_at_t at = { rule->json, NULL };
	steer_field_only(reading, rule, keys);
	while (list.value != NULL && steer_field_next(reading, &list, &at)) {
		steer_field_only(reading, &at, kinds[kind].keys);
		steer_traffic_item_t *item = add_item(document, reading, &at);
		if (item != NULL && kinds[kind].take != NULL) {
			kinds[kind].take(reading, &at, &item->set);
		}
	}
}

static void read_rule(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                      steer_traffic_rule_t *rule)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const unsigned errors = reading->report.errors;
	const char *type = steer_field_need(reading, &rule->at, "RuleType", "such as weighted")
	                   ? steer_field_text(reading, &rule->at, "RuleType", &field) : NULL;
	if (type == NULL) {
		return;
	}
	const unsigned kind = find_kind(document, type);
	if (kind == KINDS) {
		steer_field_wrong(reading, &field, "RuleType: '%s'; allowed: failover, geo, geoproximity, "
		                  "latency, multivalue, weighted", steer_shown(shown, type, strlen(type)));
		return;
	}
	rule->preset = kinds[kind].preset;
	rule->first = document->items_count;
	if (kinds[kind].list != NULL) {
		read_list(document, reading, &rule->at, kind);
	} else {
		read_failover(document, reading, &rule->at);
	}
	rule->end = document->items_count;
	if (rule->first == rule->end && reading->report.errors == errors) {
		steer_field_wrong(reading, &rule->at, "nothing to choose; allowed: %s",
		                  kinds[kind].list != NULL ? kinds[kind].list : "Primary, Secondary");
	}
}

static int by_rule(const void *a, const void *b)
{
	const steer_traffic_rule_t *x = a, *y = b;
	return strcmp(x->id, y->id);
}

static void read_rules(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                       const steer_field_at_t *root)
{
	const steer_field_at_t of = steer_field_get(reading, root, "Rules", STEER_JSON_OBJECT);
	const steer_json_value_t *key = NULL;
	while (of.value != NULL && reading->ret == STEER_OK &&
	       (key = steer_json_next_key(of.json, of.value, key)) != NULL) {
		steer_traffic_rule_t *rules = steer_array_grown(
			document->rules, &document->rules_room, document->rules_count + 1, sizeof(*rules));
		if (rules == NULL) {
			steer_field_no_memory(reading);
			return;
		}
		document->rules = rules;
		steer_traffic_rule_t *rule = &rules[document->rules_count++];
		*rule = (steer_traffic_rule_t) { .id = steer_json_text(of.json, key) };
		if (take_object(reading, of.json, key, &rule->at)) {
			read_rule(document, reading, rule);
		}
	}
	if (document->rules_count > 0) {
		qsort(document->rules, document->rules_count, sizeof(*document->rules), by_rule);
	}
}

/* References. */

/*! Finds the rule or endpoint of a reference. \return false: there is none, which is reported */
static bool find(const steer_traffic_document_t *document, steer_route53_reading_t *reading,
                 const steer_field_at_t *at, bool rule, const char *id, uint32_t *number)
{
	if (rule) {
		const steer_traffic_rule_t wanted = { .id = id }, *found = document->rules_count == 0
			? NULL : bsearch(&wanted, document->rules, document->rules_count, sizeof(wanted),
			                 by_rule);
		if (found != NULL) {
			*number = found - document->rules;
			return true;
		}
	} else {
		const steer_traffic_endpoint_t wanted = { .id = id };
		const steer_traffic_endpoint_t *found = document->endpoints_count == 0
			? NULL : bsearch(&wanted, document->endpoints, document->endpoints_count,
			                 sizeof(wanted), by_endpoint);
		if (found != NULL) {
			*number = found - document->endpoints;
			return true;
		}
	}
	char shown[STEER_SHOWN];
	steer_field_wrong(reading, at, "'%s' is not in %s", steer_shown(shown, id, strlen(id)),
	                  rule ? "Rules" : "Endpoints");
	return false;
}

static void find_items(steer_traffic_document_t *document, steer_route53_reading_t *reading)
{
	for (uint32_t i = 0; i < document->items_count; i++) {
		steer_traffic_item_t *item = &document->items[i];
		if (item->ref != NULL) {
			find(document, reading, &item->at, item->to_rule, item->ref, &item->to);
		}
	}
}

static bool find_start(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                       const steer_field_at_t *root)
{
	steer_field_at_t field;
	document->from_rule = steer_json_get(root->json, root->value, "StartRule") != NULL;
	if (document->from_rule ==
	    (steer_json_get(root->json, root->value, "StartEndpoint") != NULL)) {
		steer_field_wrong(reading, root, "%s; allowed: StartRule, or StartEndpoint",
		                  document->from_rule ? "two starts" : "no start");
		return false;
	}
	const char *id = steer_field_text(reading, root, document->from_rule ? "StartRule"
	                                                                     : "StartEndpoint", &field);
	return id != NULL &&
	       find(document, reading, &field, document->from_rule, id, &document->start);
}

static bool follow_rule(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                        steer_traffic_rule_t *rule, unsigned links);

/*!
 * Follows an item.
 *
 * \param[in]  before  Aliases from the start to its rule.
 * \param[out] links   Most aliases from it to records.
 */
static bool follow_item(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                        const steer_traffic_item_t *item, unsigned before, unsigned *links)
{
	char shown[STEER_SHOWN];
	if (item->to_rule) {
		steer_traffic_rule_t *rule = &document->rules[item->to];
		if (rule->open) {
			steer_field_wrong(reading, &item->at, "RuleReference: the rule '%s' leads back to "
			                  "itself", steer_shown(shown, rule->id, strlen(rule->id)));
			return false;
		}
		if (!rule->used && before < STEER_ALIAS_DEPTH &&
		    !follow_rule(document, reading, rule, before + 1)) {
			return false;
		}
		*links = 1 + rule->links;
	} else {
		steer_traffic_endpoint_t *endpoint = &document->endpoints[item->to];
		endpoint->used = true;
		*links = endpoint->alias;
	}
	if (before + *links > STEER_ALIAS_DEPTH) {
		steer_field_wrong(reading, &item->at, "more than %d rules and AWS services below each "
		                  "other", STEER_ALIAS_DEPTH);
		return false;
	}
	return true;
}

/*!
 * Marks what a rule leads to. A rule is followed once, however many others lead to it.
 *
 * \param[in] links  Aliases from the start to it.
 *
 * \return false: it leads to itself, or too deep, which is reported
 */
static bool follow_rule(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                        steer_traffic_rule_t *rule, unsigned links)
{
	rule->used = true;
	rule->open = true;
	for (uint32_t i = rule->first; i < rule->end; i++) {
		unsigned below;
		if (!follow_item(document, reading, &document->items[i], links, &below)) {
			return false;
		}
		rule->links = below > rule->links ? below : rule->links;
	}
	rule->open = false;
	return true;
}

static bool follow_start(steer_traffic_document_t *document, steer_route53_reading_t *reading)
{
	if (document->from_rule) {
		return follow_rule(document, reading, &document->rules[document->start], 0);
	}
	document->endpoints[document->start].used = true;
	return true;
}

static void tell_unused(const steer_traffic_document_t *document, steer_route53_reading_t *reading)
{
	char shown[STEER_SHOWN];
	for (uint32_t i = 0; i < document->rules_count; i++) {
		const steer_traffic_rule_t *rule = &document->rules[i];
		if (!rule->used) {
			steer_field_warn(reading, &rule->at, "Rules: nothing leads to '%s', so it is left out",
			                 steer_shown(shown, rule->id, strlen(rule->id)));
		}
	}
	for (uint32_t i = 0; i < document->endpoints_count; i++) {
		const steer_traffic_endpoint_t *endpoint = &document->endpoints[i];
		if (!endpoint->used) {
			steer_field_warn(reading, &endpoint->at, "Endpoints: nothing leads to '%s', so it is "
			                 "left out", steer_shown(shown, endpoint->id, strlen(endpoint->id)));
		}
	}
}

/* The document. */

/*! Gets the only value of a document, an object. */
static steer_field_at_t root_of(steer_route53_reading_t *reading, const steer_json_t *json,
                                const steer_field_at_t *at)
{
	const steer_field_at_t root = { json, steer_json_next(json, NULL, NULL) };
	if (root.value->kind == STEER_JSON_OBJECT && steer_json_next(json, NULL, root.value) == NULL) {
		return root;
	}
	steer_field_wrong(reading, at, "Document: not an object alone; allowed: the document of a "
	                  "traffic policy");
	return (steer_field_at_t) { json, NULL };
}

static bool read_format(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                        const steer_field_at_t *root)
{
	static const char *const versions[] = { "2015-10-01", "2023-05-09" };
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_need(reading, root, "AWSPolicyFormatVersion", "2023-05-09")
	                   ? steer_field_text(reading, root, "AWSPolicyFormatVersion", &field) : NULL;
	if (text == NULL) {
		return false;
	}
	document->local = strcmp(text, versions[1]) == 0;
	if (!document->local && strcmp(text, versions[0]) != 0) {
		steer_field_wrong(reading, &field, "AWSPolicyFormatVersion: '%s'; allowed: %s, %s",
		                  steer_shown(shown, text, strlen(text)), versions[0], versions[1]);
		return false;
	}
	return true;
}

static bool read_type(steer_traffic_document_t *document, steer_route53_reading_t *reading,
                      const steer_field_at_t *root)
{
	steer_field_at_t field;
	char shown[STEER_SHOWN];
	const char *text = steer_field_need(reading, root, "RecordType", "such as A")
	                   ? steer_field_text(reading, root, "RecordType", &field) : NULL;
	if (text == NULL || steer_type_parse(text, &document->type) == STEER_OK) {
		return text != NULL;
	}
	steer_field_wrong(reading, &field, "RecordType: '%s' is not a type of records; allowed: such "
	                  "as A", steer_shown(shown, text, strlen(text)));
	return false;
}

bool steer_traffic_document_read(steer_traffic_document_t *document,
                                 steer_route53_reading_t *reading, const steer_json_t *json,
                                 const steer_field_at_t *at)
{
	static const char *const keys[] = {
		"AWSPolicyFormatVersion", "RecordType", "StartRule", "StartEndpoint", "Endpoints", "Rules",
		NULL
	};
	const unsigned errors = reading->report.errors;
	*document = (steer_traffic_document_t) { .rules = NULL };
	const steer_field_at_t root = root_of(reading, json, at);
	if (root.value == NULL) {
		return false;
	}
	steer_field_only(reading, &root, keys);
	if (!read_format(document, reading, &root) || !read_type(document, reading, &root)) {
		return false;
	}
	read_endpoints(document, reading, &root);
	read_rules(document, reading, &root);
	find_items(document, reading);
	const bool started = find_start(document, reading, &root);
	if (!started || reading->report.errors != errors || reading->ret != STEER_OK ||
	    !follow_start(document, reading)) {
		return false;
	}
	tell_unused(document, reading);
	return reading->ret == STEER_OK;
}

void steer_traffic_document_free(steer_traffic_document_t *document)
{
	for (uint32_t i = 0; i < document->endpoints_count; i++) {
		free(document->endpoints[i].data);
	}
	free(document->endpoints);
	free(document->items);
	free(document->rules);
	*document = (steer_traffic_document_t) { .rules = NULL };
}
