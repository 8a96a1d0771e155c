/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/set.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "formats/array.h"
#include "formats/text.h"
#include "formats/yaml/keys.h"
#include "formats/yaml/policy.h"

/*! A type that a name has. */
typedef struct {
	uint16_t type;
	uint32_t line;
} type_t;

struct steer_yaml_set {
	const steer_reading_t *reading;
	steer_fault_t *fault;
	steer_text_t *text;
	/* The name. */
	const steer_zone_head_t *head;
	const uint8_t *owner;
	type_t *types;
	size_t types_count, types_room;
	steer_yaml_group_t group; /*!< The current one of the name. */
	uint32_t asns[STEER_ASNS_MAX]; /*!< Of the record set that is passed on. */
};

steer_yaml_set_t *steer_yaml_set_new(const steer_reading_t *reading, steer_fault_t *fault)
{
	steer_yaml_set_t *set = calloc(1, sizeof(*set));
	if (set == NULL) {
		return NULL;
	}
	set->reading = reading;
	set->fault = fault;
	set->text = steer_text_new();
	if (set->text == NULL) {
		free(set);
		return NULL;
	}
	return set;
}

void steer_yaml_set_free(steer_yaml_set_t *set)
{
	if (set != NULL) {
		steer_text_free(set->text);
		steer_yaml_group_free(&set->group);
		free(set->types);
		free(set);
	}
}

void steer_yaml_set_begin(steer_yaml_set_t *set, const steer_zone_head_t *head,
                          const uint8_t *owner)
{
	set->head = head;
	set->owner = owner;
	set->types_count = 0;
}

/* Keys. */

static int take_type(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_group_t *group = ctx;
	const char *text = NULL;
	char shown[STEER_SHOWN];
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	group->type_at = events->place;
	if (steer_type_parse(text, &group->type) == STEER_OK) {
		return STEER_OK;
	}
	return steer_events_wrong(events, "%s: '%s' is not a record type; allowed: names like MX, or "
	                          "TYPE123", key, steer_shown(shown, text, strlen(text)));
}

/*! Bits of set_keys. */
enum { KEY_TYPE };

static const steer_yaml_key_t set_keys[] = {
	[KEY_TYPE] = { "type", take_type },
	{ "ttl", steer_yaml_part_ttl },
	{ "values", steer_yaml_part_values },
	{ "alias", steer_yaml_part_alias },
	{ "evaluate-target-health", steer_yaml_part_evaluate },
	{ "health", steer_yaml_part_health },
	{ "policy", steer_yaml_group_policy },
	{ "sets", steer_yaml_group_sets },
	{ NULL, NULL },
};

/* What a group can have together. */

static int check_soa(steer_yaml_set_t *set, steer_events_t *events, bool *good)
{
	const steer_place_t *at = &set->group.type_at;
	const steer_zone_head_t *head = set->head;
	const steer_yaml_group_t *group = &set->group;
	bool apex = steer_name_len(set->owner) == steer_name_len(head->zone);
	*good = false;
	if (!apex || group->keep.count > 1 || group->own.values_at.line == 0) {
		return steer_events_wrong_at(events, at, "type: SOA; allowed: one record, at \"@\"");
	}
	if (head->soa_at.line != 0) {
		return steer_events_wrong_at(events, at, "type: SOA; already in line %u as soa; "
		                             "allowed: one of them", head->soa_at.line);
	}
	*good = true;
	return STEER_OK;
}

/*! Checks that the name has no other group of the type, and that an SOA may be here. */
static int check_type(steer_yaml_set_t *set, steer_events_t *events, bool *good)
{
	*good = false;
	for (size_t i = 0; i < set->types_count; i++) {
		if (set->types[i].type == set->group.type) {
			char type[STEER_TYPE_TEXT];
			steer_type_text(set->group.type, type);
			return steer_events_wrong_at(events, &set->group.type_at, "type: %s is already in "
			                             "line %u; allowed: one record set of a type, with "
			                             "all values, or with a policy and sets",
			                             type, set->types[i].line);
		}
	}
	type_t *types = steer_array_grown(set->types, &set->types_room, set->types_count + 1,
	                                 sizeof(*types));
	if (types == NULL) {
		return steer_events_no_memory(events);
	}
	set->types = types;
	set->types[set->types_count++] = (type_t) { set->group.type, set->group.type_at.line };
	*good = true;
	return set->group.type == TYPE_SOA ? check_soa(set, events, good) : STEER_OK;
}

/*! Place of the first key that only a record set without an identifier can have; NULL: none. */
static const steer_place_t *simple_part(const steer_yaml_part_t *own, const char **key)
{
	const struct {
		const char *key;
		const steer_place_t *place;
	} parts[] = {
		{ "values", &own->values_at }, { "alias", &own->alias_at },
		{ "evaluate-target-health", &own->evaluate_at }, { "health", &own->health_at },
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i].place->line != 0) {
			*key = parts[i].key;
			return parts[i].place;
		}
	}
	return NULL;
}

static int check_sets(steer_yaml_group_t *group, steer_events_t *events)
{
	const char *key;
	const steer_place_t *place = simple_part(&group->own, &key);
	if (place != NULL) {
		group->wrong = true;
		return steer_events_wrong_at(events, place, "%s: given with sets; allowed: in each of the "
		                             "sets", key);
	}
	if (group->policy_at.line != 0 && group->program_len == 0 && !group->wrong) {
		group->wrong = true;
		return steer_events_wrong_at(events, &group->policy_at, "policy: simple has no sets; "
		                             "allowed: another preset, or steps");
	}
	return STEER_OK;
}

/*! Reports what the group lacks, and what it cannot have together. */
static int check_group(steer_yaml_group_t *group, steer_events_t *events)
{
	const char *key;
	bool policy = group->policy_at.line != 0 && (group->program_len > 0 || group->wrong);
	const steer_place_t *place = simple_part(&group->own, &key);
	if (group->sets_at.line != 0) {
		return check_sets(group, events);
	}
	if (policy && place != NULL) {
		group->wrong = true;
		return steer_events_wrong_at(events, place, "%s: given with a policy; allowed: in sets, "
		                             "each with its identifier", key);
	}
	if (policy && group->own.ttl_at.line == 0) {
		return STEER_OK; // The policy alone, for sets in the store.
	}
	return steer_yaml_part_check(events, &group->own, "a record set such as {type: A, values: "
	                             "[192.0.2.1]}, with alias, or with policy and sets");
}

/* Passing it to the caller. */

/*! Text with blanks outside quotes would be several strings, which nobody means in YAML. */
static bool lacks_quotes(uint16_t type, const char *value)
{
	return (type == TYPE_TXT || type == TYPE_SPF) && value[0] != '"' &&
	       strncmp(value, "\\#", 2) != 0 && strpbrk(value, " \t") != NULL;
}

/*! Passes on a value. \param[in,out] record  Complete except for its data and its place. */
static int emit_value(steer_yaml_set_t *set, steer_events_t *events, const steer_yaml_item_t *value,
                      steer_text_record_t *record)
{
	const char *text = set->group.keep.texts + value->text;
	if (lacks_quotes(set->group.type, text)) {
		char shown[STEER_SHOWN];
		return steer_events_wrong_at(events, &value->place, "values: text with blanks needs "
		                             "quotes of its own, inside those of YAML: '\"%s\"'",
		                             steer_shown(shown, text, strlen(text)));
	}
	record->place = value->place;
	steer_fault_t why;
	int ret = steer_rdata_parse(set->text, set->head->zone, record->type, text,
	                            &record->rdata, &record->rdata_len, &why);
	switch (ret) {
	case STEER_OK:
		return set->reading->record(set->reading->ctx, record, set->fault);
	case STEER_EINVAL:
		return steer_events_wrong_at(events, &value->place, "values: %s", why.text);
	default:
		return steer_events_no_memory(events);
	}
}

/*! Adds where a record set is, and where its clients are. */
static void add_where(steer_yaml_set_t *set, const steer_yaml_part_t *part,
                      steer_record_set_t *given)
{
	const char *texts = set->group.keep.texts, *location = texts + part->location;
	given->has_region = part->region_at.line != 0;
	given->region = given->has_region ? texts + part->region : NULL;
	given->has_point = part->point_at.line != 0;
	given->point = part->point;
	given->has_bias = part->bias_at.line != 0;
	given->bias = part->bias;
	given->has_geo = part->geo_at.line != 0;
	given->geo = part->geo;
	given->has_location = part->location_at.line != 0;
	given->location = given->has_location && location[0] != '\0' ? location : NULL;
	given->has_asns = part->asns_at.line != 0;
	given->asns = set->asns;
	given->asns_count = part->asns_count;
	memcpy(set->asns, texts + part->asns, part->asns_count * sizeof(*set->asns));
}

/*! Passes on a record set without its values. */
static int emit_head(steer_yaml_set_t *set, const steer_yaml_part_t *part)
{
	const char *texts = set->group.keep.texts;
	steer_text_set_t given = {
		.owner = set->owner, .type = set->group.type, .place = part->begin,
		.set = {
			.id = part == &set->group.own ? "" : texts + part->id,
			.alias = part->alias_at.line != 0 ? (const uint8_t *)texts + part->alias : NULL,
			.evaluate = part->alias_at.line != 0 &&
			            (part->evaluate || part->evaluate_at.line == 0),
			.has_weight = part->weight_at.line != 0, .weight = part->weight,
			.has_tier = part->tier_at.line != 0 || part->failover_at.line != 0,
			.tier = part->tier,
			.health = part->health_at.line != 0 ? texts + part->health : NULL,
		},
	};
	add_where(set, part, &given.set);
	return set->reading->set(set->reading->ctx, &given, set->fault);
}

static int emit_part(steer_yaml_set_t *set, steer_events_t *events, const steer_yaml_part_t *part)
{
	const steer_yaml_part_t *own = &set->group.own;
	steer_text_record_t record = {
		.owner = set->owner, .type = set->group.type,
		.in_set = part != own || part->alias_at.line != 0 || part->health_at.line != 0,
		.ttl = set->head->ttl, .no_ttl = set->head->ttl_at.line == 0,
	};
	const steer_yaml_part_t *timed = part->ttl_at.line != 0 ? part : own;
	if (timed->ttl_at.line != 0) {
		record.ttl = timed->ttl;
		record.no_ttl = false;
	}
	int ret = record.in_set ? emit_head(set, part) : STEER_OK;
	for (size_t i = 0; i < part->count && ret == STEER_OK; i++) {
		ret = emit_value(set, events, &set->group.keep.items[part->first + i], &record);
	}
	return ret;
}

static int emit_group(steer_yaml_set_t *set, steer_events_t *events)
{
	const steer_yaml_group_t *group = &set->group;
	const steer_text_policy_t policy = {
		.owner = set->owner, .type = group->type, .place = group->policy_at,
		.program = group->program, .len = group->program_len,
	};
	if (policy.len == 0 && group->sets_at.line == 0) {
		return emit_part(set, events, &group->own);
	}
	int ret = STEER_OK;
	if (policy.len > 0) {
		ret = set->reading->policy(set->reading->ctx, &policy, set->fault);
	}
	for (size_t i = 0; i < group->sets_count && ret == STEER_OK; i++) {
		ret = emit_part(set, events, &group->sets[i]);
	}
	return ret;
}

static int finish_group(steer_yaml_set_t *set, steer_events_t *events, uint64_t given)
{
	steer_yaml_group_t *group = &set->group;
	if ((given & 1u << KEY_TYPE) == 0) {
		return steer_events_wrong_at(events, &group->own.begin, "type: missing; allowed: a "
		                             "record set such as {type: A, values: [192.0.2.1]}");
	}
	int ret = check_group(group, events);
	if (ret != STEER_OK || group->type == 0) {
		return ret;
	}
	bool good;
	ret = check_type(set, events, &good);
	if (ret != STEER_OK || !good || group->wrong || group->own.wrong) {
		return ret;
	}
	return emit_group(set, events);
}

int steer_yaml_set_take(steer_yaml_set_t *set, steer_events_t *events)
{
	if (events->kind != NODE_MAPPING) {
		return steer_events_refuse(events, "records: not a record set; allowed: one such as "
		                           "{type: A, values: [192.0.2.1]}, or a list of them");
	}
	steer_yaml_group_begin(&set->group, set->head->zone, &events->place);
	uint64_t given;
	int ret = steer_yaml_mapping(events, set_keys, &set->group, &given);
	return ret == STEER_OK ? finish_group(set, events, given) : ret;
}
