/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/traffic_tree.h"

#include <stdio.h>
#include <string.h>

#include "core/name.h"
#include "core/regions.h"
#include "core/utf8.h"
#include "formats/yaml/scalar.h"

/*! Most record sets that all trees of an import become: a document may stand for many names. */
#define IN_TREES_MAX 1000000
/*! Longest identifier that is part of a label. */
#define IN_LABEL_MAX 50
/*! Longest identifier that is part of a set identifier. */
#define IN_SET_ID_MAX 110

#define KEY "TrafficPolicyInstanceId"

typedef struct {
	steer_route53_sets_t *sets;
	const steer_route53_entry_t *entry;
	const steer_traffic_document_t *document;
	const char *instance; /*!< Its identifier. */
	uint32_t ttl;
} tree_t;

/* Record sets of instances. */

bool steer_route53_is_tree(const steer_route53_entry_t *entry)
{
	const steer_json_t *json = entry->at.json;
	const steer_json_value_t *records = steer_json_get(json, entry->at.value, "ResourceRecords");
	const bool empty = records == NULL || (records->kind == STEER_JSON_LIST &&
	                                       steer_json_next(json, records, NULL) == NULL);
	return empty && steer_json_get(json, entry->at.value, "AliasTarget") == NULL &&
	       steer_json_get(json, entry->at.value, KEY) != NULL;
}

static steer_traffic_instance_t *instance_of(const steer_route53_sets_t *sets,
                                             const steer_route53_entry_t *entry)
{
	const steer_json_value_t *id = steer_json_get(entry->at.json, entry->at.value, KEY);
	return id == NULL || id->kind != STEER_JSON_TEXT
	       ? NULL : steer_traffic_instance(sets->traffic, steer_json_text(entry->at.json, id));
}

void steer_route53_find_trees(const steer_route53_sets_t *sets)
{
	for (uint32_t i = 0; i < sets->lists->entries_count; i++) {
		const steer_route53_entry_t *entry = &sets->lists->entries[i];
		steer_traffic_instance_t *instance = steer_route53_is_tree(entry)
		                                     ? instance_of(sets, entry) : NULL;
		if (instance != NULL) {
			instance->used = true;
		}
	}
}

/* Names. */

void steer_route53_check_names(const steer_route53_sets_t *sets,
                               const steer_route53_entry_t *entry)
{
	const uint8_t *name = steer_route53_name(sets->lists, entry), *zone = sets->zone->name;
	char id[STEER_TRAFFIC_ID_MAX + 1];
	if (!steer_name_in(name, zone) || steer_name_equal(name, zone)) {
		return; // A name outside the zone is refused with it.
	}
	const uint8_t *label = steer_name_skip(name, steer_name_labels(name) -
	                                             steer_name_labels(zone) - 1);
	if (label[0] < 2 || label[0] > sizeof(id) || label[1] != '_') {
		return;
	}
	memcpy(id, label + 2, label[0] - 1);
	id[label[0] - 1] = '\0';
	const steer_traffic_instance_t *instance = steer_traffic_instance(sets->traffic, id);
	if (instance != NULL && instance->used) {
		steer_field_wrong(sets->reading, &entry->at, "Name: below _%s are the rules of this "
		                  "traffic policy instance; allowed: other names", id);
	}
}

/*! Makes the name of a rule's group. \return false: it would be too long, which is reported */
static bool name_of(const tree_t *tree, uint32_t number, uint8_t name[STEER_NAME_MAX])
{
	const steer_traffic_rule_t *rule = &tree->document->rules.of[number];
	const steer_route53_zone_t *zone = tree->sets->zone;
	char labels[2][STEER_NAME_MAX];
	size_t len = 0;
	if (number == tree->document->start) {
		memcpy(name, steer_route53_name(tree->sets->lists, tree->entry), tree->entry->name_len);
		return true;
	}
	const bool legible = steer_region_name_is_good(rule->id, strlen(rule->id)) &&
	                     strlen(rule->id) <= IN_LABEL_MAX;
	snprintf(labels[0], sizeof(labels[0]), "%s-%u", legible ? rule->id : "rule", number + 1);
	snprintf(labels[1], sizeof(labels[1]), "_%s", tree->instance);
	for (unsigned i = 0; i < 2; i++) {
		const size_t label_len = strlen(labels[i]);
		if (len + 1 + label_len + zone->name_len > STEER_NAME_MAX) {
			steer_field_wrong(tree->sets->reading, &tree->entry->at, "%s: the name %s._%s in this "
			                  "zone would be longer than %d bytes", KEY, labels[0],
			                  tree->instance, STEER_NAME_MAX);
			return false;
		}
		name[len++] = label_len;
		for (size_t j = 0; j < label_len; j++) {
			const uint8_t byte = labels[i][j];
			name[len++] = byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte;
		}
	}
	memcpy(name + len, zone->name, zone->name_len);
	return true;
}

/* Passing on. */

static void pass_record(const tree_t *tree, const uint8_t *owner,
                        const steer_traffic_endpoint_t *endpoint, bool in_set)
{
	steer_route53_reading_t *reading = tree->sets->reading;
	const steer_text_record_t record = {
		.owner = owner, .rdata = endpoint->data, .rdata_len = endpoint->len,
		.type = tree->document->type, .ttl = tree->ttl, .in_set = in_set,
		.place = steer_field_place(&endpoint->at),
	};
	if (reading->ret == STEER_OK) {
		reading->ret = reading->sink->record(reading->sink->ctx, &record, reading->report.fault);
	}
}

/*! Passes on a record set, with the record of an endpoint that is no alias. */
static void pass_set(const tree_t *tree, const uint8_t *owner, const steer_record_set_t *set,
                     const steer_field_at_t *at, const steer_traffic_endpoint_t *endpoint)
{
	steer_route53_sets_t *sets = tree->sets;
	steer_text_set_t given = {
		.owner = owner, .type = tree->document->type, .set = *set,
		.place = steer_field_place(at),
	};
	if (endpoint != NULL && endpoint->alias) {
		given.set.alias = endpoint->data;
		steer_route53_note_target(sets, endpoint->data, &endpoint->at);
	}
	given.set.evaluate = set->evaluate && given.set.alias != NULL;
	if (sets->reading->ret != STEER_OK) {
		return;
	}
	sets->reading->ret = sets->reading->sink->set(sets->reading->sink->ctx, &given,
	                                              sets->reading->report.fault);
	if (given.set.alias == NULL) {
		pass_record(tree, owner, endpoint, true);
	}
}

static void pass_item(const tree_t *tree, const uint8_t *owner, const steer_traffic_item_t *item,
                      unsigned number)
{
	char id[STEER_SET_ID_MAX + 1];
	uint8_t target[STEER_NAME_MAX];
	steer_record_set_t set = item->set;
	const bool legible = item->ref[0] != '\0' && strlen(item->ref) <= IN_SET_ID_MAX &&
	                     steer_yaml_is_line(item->ref);
	snprintf(id, sizeof(id), "%s%s%u", legible ? item->ref : "", legible ? "-" : "", number);
	set.id = id;
	if (!item->to_rule) {
		pass_set(tree, owner, &set, &item->at, &tree->document->endpoints.of[item->to]);
	} else if (name_of(tree, item->to, target)) {
		set.alias = target;
		pass_set(tree, owner, &set, &item->at, NULL);
	}
}

static void pass_rule(tree_t *tree, uint32_t number)
{
	steer_route53_sets_t *sets = tree->sets;
	steer_route53_reading_t *reading = sets->reading;
	const steer_traffic_rule_t *rule = &tree->document->rules.of[number];
	uint8_t owner[STEER_NAME_MAX];
	if (!name_of(tree, number, owner)) {
		return;
	}
	sets->in_trees += rule->end - rule->first;
	if (sets->in_trees > IN_TREES_MAX) {
		steer_field_wrong(reading, &tree->entry->at, "%s: the traffic policies become more than "
		                  "%d record sets; allowed: fewer in an import", KEY, IN_TREES_MAX);
		return;
	}
	steer_text_policy_t policy = {
		.owner = owner, .type = tree->document->type, .place = steer_field_place(&rule->at),
	};
	policy.program = steer_preset_program(rule->preset, &policy.len);
	reading->ret = reading->sink->policy(reading->sink->ctx, &policy, reading->report.fault);
	for (uint32_t i = rule->first; i < rule->end && reading->ret == STEER_OK; i++) {
		pass_item(tree, owner, &tree->document->rules.items[i], 1 + i - rule->first);
	}
}

/*! Passes on an endpoint without a rule: plain records, or an alias. */
static void pass_start(const tree_t *tree)
{
	const steer_traffic_endpoint_t *endpoint = &tree->document->endpoints.of[tree->document->start];
	const uint8_t *owner = steer_route53_name(tree->sets->lists, tree->entry);
	const steer_record_set_t set = { .id = "", .evaluate = true };
	if (endpoint->alias) {
		pass_set(tree, owner, &set, &endpoint->at, endpoint);
	} else {
		pass_record(tree, owner, endpoint, false);
	}
}

static void pass_document(tree_t *tree)
{
	const steer_traffic_document_t *document = tree->document;
	const steer_route53_reading_t *reading = tree->sets->reading;
	if (!document->from_rule) {
		pass_start(tree);
		return;
	}
	const unsigned errors = reading->report.errors;
	pass_rule(tree, document->start);
	for (uint32_t i = 0; i < document->rules.count && reading->ret == STEER_OK &&
	                     reading->report.errors == errors; i++) {
		if (document->rules.of[i].used && i != document->start) {
			pass_rule(tree, i);
		}
	}
}

/* The instance. */

/*! Checks that a record set and its instance are of one name. */
static bool check_name(const tree_t *tree, const steer_traffic_instance_t *instance)
{
	steer_route53_reading_t *reading = tree->sets->reading;
	uint8_t name[STEER_NAME_MAX];
	steer_field_at_t field;
	if (!steer_field_need(reading, &instance->at, "Name", "that of its record set") ||
	    !steer_route53_take_name(reading, &instance->at, "Name", name, &field)) {
		return false;
	}
	if (!steer_name_equal(name, steer_route53_name(tree->sets->lists, tree->entry))) {
		steer_field_wrong(reading, &tree->entry->at, "%s: the instance %s has another name", KEY,
		                  tree->instance);
		return false;
	}
	return true;
}

/*! Finds the document of an instance. \return false: it is not here, or wrong */
static bool take_instance(tree_t *tree, const steer_traffic_instance_t *instance)
{
	steer_route53_reading_t *reading = tree->sets->reading;
	const steer_field_at_t *at = &instance->at;
	steer_field_at_t field;
	uint32_t version;
	char shown[STEER_SHOWN], type[STEER_TYPE_TEXT];
	const char *policy;
	if (!steer_field_need(reading, at, "TTL", "seconds") ||
	    !steer_field_need(reading, at, "TrafficPolicyId", "the identifier of its policy") ||
	    !steer_field_need(reading, at, "TrafficPolicyVersion", "the number of its version") ||
	    !steer_field_number(reading, at, "TTL", 0, STEER_TTL_MAX, &tree->ttl) ||
	    (policy = steer_field_text(reading, at, "TrafficPolicyId", &field)) == NULL ||
	    !steer_field_number(reading, at, "TrafficPolicyVersion", 0, INT32_MAX, &version)) {
		return false;
	}
	if (!steer_traffic_document(tree->sets->traffic, reading, policy, version,
	                            &tree->document)) {
		steer_field_warn(reading, &tree->entry->at, "%s: what aws route53 get-traffic-policy --id "
		                 "%s --version %u prints is not here, so this record set is left out", KEY,
		                 steer_shown(shown, policy, strlen(policy)), version);
		return false;
	}
	if (tree->document != NULL && tree->document->type != tree->entry->type) {
		steer_type_text(tree->document->type, type);
		steer_field_wrong(reading, &tree->entry->at, "Type: its traffic policy is for records of "
		                  "the type %s", type);
		return false;
	}
	return tree->document != NULL;
}

void steer_route53_pass_tree(steer_route53_sets_t *sets, steer_route53_group_t *group,
                             const steer_route53_entry_t *entry)
{
	steer_route53_reading_t *reading = sets->reading;
	steer_field_at_t field;
	tree_t tree = { .sets = sets, .entry = entry };
	if (group->first != NULL) {
		const steer_place_t place = steer_field_place(&group->first->at);
		steer_field_wrong(reading, &entry->at, "%s: other record sets of this name and type are "
		                  "in %s:%u:%u; allowed: none", KEY, place.file, place.line, place.column);
		return;
	}
	*group = (steer_route53_group_t) { .first = entry, .key = KEY };
	tree.instance = steer_field_text(reading, &entry->at, KEY, &field);
	if (tree.instance == NULL) {
		return;
	}
	const steer_traffic_instance_t *instance = instance_of(sets, entry);
	if (instance == NULL) {
		steer_field_warn(reading, &entry->at, "%s: what aws route53 list-traffic-policy-instances "
		                 "prints is not here, so this record set is left out", KEY);
		return;
	}
	if (check_name(&tree, instance) && take_instance(&tree, instance)) {
		pass_document(&tree);
	}
}
