/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/record_set.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/route53/value.h"

/*! What old tools put in place of what they do not know. */
#define PLACEHOLDER "This resource record set includes an attribute that is unsupported on this " \
                    "Route 53 API version"

static const char *const fields[] = {
	"Name", "Type", "SetIdentifier", "Weight", "Region", "GeoLocation", "Failover",
	"MultiValueAnswer", "TTL", "ResourceRecords", "AliasTarget", "HealthCheckId",
	"TrafficPolicyInstanceId", "CidrRoutingConfig", "GeoProximityLocation", NULL
};

/*! The parts of a record set. */
typedef struct {
	steer_route53_sets_t *sets;
	const steer_route53_entry_t *entry;
	bool listed; /*!< It is in a list, which names also what it cannot tell. */
	steer_field_at_t records, alias; /*!< Without a value: not given. */
	uint32_t ttl;
	uint8_t target[STEER_NAME_MAX];
	char location[STEER_DICTIONARY_NAME_MAX + 1];
	steer_text_set_t given;
	bool in_set; /*!< It is more than records. */
} set_t;

/* Values. */

static const char *value_of(const steer_field_at_t *record)
{
	const steer_json_value_t *value = steer_json_get(record->json, record->value, "Value");
	return value != NULL && value->kind == STEER_JSON_TEXT ? steer_json_text(record->json, value)
	                                                       : NULL;
}

static bool is_placeholder(const set_t *set)
{
	const steer_field_at_t *records = &set->records;
	if (records->value == NULL) {
		return false;
	}
	const steer_field_at_t first = { records->json,
	                                 steer_json_next(records->json, records->value, NULL) };
	const char *text = first.value != NULL && first.value->kind == STEER_JSON_OBJECT
	                   ? value_of(&first) : NULL;
	return text != NULL && strncmp(text, PLACEHOLDER, strlen(PLACEHOLDER)) == 0;
}

/*! Reads a value. \param[out] record  Its rdata is valid until the next one is read. */
static bool take_value(const set_t *set, const steer_field_at_t *field,
                       steer_text_record_t *record)
{
	steer_route53_reading_t *reading = set->sets->reading;
	*record = (steer_text_record_t) {
		.owner = set->given.owner, .type = set->given.type, .ttl = set->ttl,
		.in_set = set->in_set, .place = steer_field_place(field),
	};
	return steer_route53_take_value(reading, field, record->type, &record->rdata,
	                                &record->rdata_len);
}

/*! Reads the next value. \param[in,out] item  Begins without a value. \return false: no more */
static bool next_value(const set_t *set, steer_field_at_t *item, steer_text_record_t *record)
{
	static const char *const keys[] = { "Value", NULL };
	steer_route53_reading_t *reading = set->sets->reading;
	while (steer_field_next(reading, &set->records, item)) {
		steer_field_only(reading, item, keys);
		if (!steer_field_need(reading, item, keys[0], "the record as text")) {
			continue;
		}
		const steer_field_at_t value = steer_field_get(reading, item, keys[0], STEER_JSON_TEXT);
		if (value.value != NULL && reading->ret == STEER_OK && take_value(set, &value, record)) {
			return true;
		}
	}
	return false;
}

static void pass_values(const set_t *set)
{
	steer_route53_reading_t *reading = set->sets->reading;
	steer_field_at_t item = { set->records.json, NULL };
	steer_text_record_t record;
	while (next_value(set, &item, &record)) {
		reading->ret = reading->sink->record(reading->sink->ctx, &record, reading->report.fault);
	}
}

/* Aliases. */

void steer_route53_note_target(steer_route53_sets_t *sets, const uint8_t *target,
                               const steer_field_at_t *alias)
{
	while (steer_route53_zone(sets->lists, target) == NULL) {
		if (target[0] == 0) {
			if (sets->outside_count++ == 0) {
				sets->outside = *alias;
			}
			return;
		}
		target += 1 + target[0];
	}
}

static void take_alias(set_t *set)
{
	static const char *const keys[] = { "HostedZoneId", "DNSName", "EvaluateTargetHealth", NULL };
	steer_route53_reading_t *reading = set->sets->reading;
	const steer_route53_zone_t *zone = set->sets->zone;
	steer_field_at_t field, id_field;
	steer_field_only(reading, &set->alias, keys);
	if (!steer_field_need(reading, &set->alias, keys[1], "the name of the target") ||
	    !steer_field_need(reading, &set->alias, keys[2], "true, false") ||
	    !steer_route53_take_name(reading, &set->alias, keys[1], set->target, &field)) {
		return;
	}
	set->given.set.alias = set->target;
	set->given.set.evaluate = steer_field_bool(reading, &set->alias, keys[2], false);
	steer_route53_note_target(set->sets, set->target, &set->alias);
	const char *id = steer_field_text(reading, &set->alias, keys[0], &id_field);
	if (id != NULL && zone->hosted && steer_name_in(set->target, zone->name) &&
	    !steer_route53_is_id_of(set->sets->lists, id, zone->name)) {
		char shown[STEER_SHOWN];
		steer_field_warn(reading, &id_field, "HostedZoneId: %s is another zone, but DNSName lies "
		                 "in this one, which will answer", steer_shown(shown, id, strlen(id)));
	}
}

/* The record set. */

static bool is_empty(const steer_field_at_t *list)
{
	return list->value == NULL || steer_json_next(list->json, list->value, NULL) == NULL;
}

/*! Whether the record set has data. What has none, or cannot have both, is told. */
static bool has_data(set_t *set)
{
	steer_route53_reading_t *reading = set->sets->reading;
	const steer_field_at_t *at = &set->entry->at;
	set->records = steer_field_get(reading, at, "ResourceRecords", STEER_JSON_LIST);
	set->alias = steer_field_get(reading, at, "AliasTarget", STEER_JSON_OBJECT);
	const bool timed = steer_json_get(at->json, at->value, "TTL") != NULL;
	const bool records = !is_empty(&set->records);
	if (set->alias.value != NULL) {
		if (records || timed) {
			steer_field_wrong(reading, &set->alias, "AliasTarget: given with %s; allowed: "
			                  "AliasTarget, or TTL and ResourceRecords",
			                  records ? "ResourceRecords" : "TTL");
		}
		return !records && !timed;
	}
	if (!set->listed && !records &&
	    steer_json_get(at->json, at->value, "TrafficPolicyInstanceId") != NULL) {
		steer_field_wrong(reading, at, "TrafficPolicyInstanceId: a change cannot have the record "
		                  "sets of a traffic policy; allowed: TTL and ResourceRecords, or "
		                  "AliasTarget");
		return false;
	}
	if (set->listed && is_placeholder(set)) {
		steer_field_warn(reading, at, "ResourceRecords: the tool that made this list could not "
		                 "tell what they are, so this record set is left out");
		return false;
	}
	if (!records) {
		steer_field_wrong(reading, at, "ResourceRecords: missing; allowed: TTL and "
		                  "ResourceRecords, or AliasTarget");
		return false;
	}
	return steer_field_need(reading, at, "TTL", "seconds") &&
	       steer_field_number(reading, at, "TTL", 0, STEER_TTL_MAX, &set->ttl);
}

/*! Checks that the record set has an identifier if, and only if, its group has a policy. */
static void check_id(const set_t *set, const char *key)
{
	steer_route53_reading_t *reading = set->sets->reading;
	const steer_route53_entry_t *entry = set->entry;
	if (key != NULL && entry->id[0] == '\0') {
		steer_field_wrong(reading, &entry->at, "SetIdentifier: missing; allowed: one for each "
		                  "record set with %s", key);
	} else if (key == NULL && entry->id[0] != '\0') {
		steer_field_wrong(reading, &entry->at, "SetIdentifier: given without a policy; allowed: "
		                  "with one of Weight, Region, Failover, GeoLocation, MultiValueAnswer, "
		                  "GeoProximityLocation, CidrRoutingConfig");
	}
}

/*! Checks that the record set has the policy of its group. */
static void check_policy(const set_t *set, const steer_route53_group_t *group, const char *key)
{
	steer_route53_reading_t *reading = set->sets->reading;
	if (key == group->key) {
		return;
	}
	char name[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	const steer_place_t first = steer_field_place(&group->first->at);
	steer_name_print(set->given.owner, name);
	steer_type_text(set->given.type, type);
	steer_field_wrong(reading, &set->entry->at, "%s: %.255s %s has %s in %s:%u:%u; allowed: one "
	                  "policy for all record sets of a name and type",
	                  key != NULL ? key : "no policy", name, type,
	                  group->key != NULL ? group->key : "none", first.file, first.line,
	                  first.column);
}

static void pass_policy(const set_t *set, steer_route53_group_t *group)
{
	steer_route53_reading_t *reading = set->sets->reading;
	steer_text_policy_t policy = {
		.owner = set->given.owner, .type = set->given.type, .place = set->given.place,
	};
	if (group->preset == STEER_PRESET_NONE || group->told || reading->ret != STEER_OK) {
		return;
	}
	policy.program = steer_preset_program(group->preset, &policy.len);
	reading->ret = reading->sink->policy(reading->sink->ctx, &policy, reading->report.fault);
	group->told = true;
}

/*! Reads the parts of a record set of a group. \return false: it is wrong, or has no data */
static bool take_parts(set_t *set, steer_route53_group_t *group)
{
	steer_route53_reading_t *reading = set->sets->reading;
	const steer_route53_entry_t *entry = set->entry;
	const unsigned errors = reading->report.errors;
	const char *key;
	set->given = (steer_text_set_t) {
		.owner = steer_route53_name(set->sets->lists, entry), .type = entry->type,
		.place = steer_field_place(&entry->at), .set = { .id = entry->id },
	};
	steer_field_only(reading, &entry->at, fields);
	if (!has_data(set) || reading->ret != STEER_OK) {
		return false;
	}
	const steer_preset_t preset = steer_route53_policy(reading, &entry->at, &key);
	if (group->first == NULL) {
		*group = (steer_route53_group_t) { .first = entry, .preset = preset, .key = key };
	}
	check_id(set, key);
	check_policy(set, group, key);
	steer_route53_take_policy(reading, &entry->at, set->sets->collections, preset,
	                          &set->given.set, set->location);
	set->given.set.health = steer_route53_take_health(reading, &entry->at, "HealthCheckId");
	if (set->alias.value != NULL) {
		take_alias(set);
	}
	set->in_set = key != NULL || set->given.set.alias != NULL || set->given.set.health != NULL;
	return reading->report.errors == errors && reading->ret == STEER_OK;
}

void steer_route53_pass_set(steer_route53_sets_t *sets, steer_route53_group_t *group,
                            const steer_route53_entry_t *entry)
{
	steer_route53_reading_t *reading = sets->reading;
	set_t set = { .sets = sets, .entry = entry, .listed = true };
	if (!take_parts(&set, group)) {
		return;
	}
	pass_policy(&set, group);
	if (set.in_set && reading->ret == STEER_OK) {
		reading->ret = reading->sink->set(reading->sink->ctx, &set.given, reading->report.fault);
	}
	if (set.alias.value == NULL) {
		pass_values(&set);
	}
}

/* Record sets of changes. */

/*! Canonical order of rdata (RFC 4034, section 6.3). */
static int by_rdata(const void *a, const void *b)
{
	const steer_route53_value_t *x = a, *y = b;
	const uint16_t len = x->rdata_len < y->rdata_len ? x->rdata_len : y->rdata_len;
	const int order = memcmp(x->rdata, y->rdata, len);
	return order != 0 ? order : (x->rdata_len > y->rdata_len) - (x->rdata_len < y->rdata_len);
}

/*! Keeps a value. \return false: out of memory, which is told */
static bool keep_value(steer_route53_sets_t *sets, const steer_text_record_t *record, size_t count,
                       size_t *used)
{
	steer_route53_value_t *values = steer_array_grown(sets->values, &sets->values_room, count + 1,
	                                                  sizeof(*values));
	if (values == NULL) {
		steer_field_no_memory(sets->reading);
		return false;
	}
	sets->values = values;
	uint8_t *rdata = steer_array_grown(sets->rdata, &sets->rdata_room, *used + record->rdata_len,
	                                   1);
	if (rdata == NULL) {
		steer_field_no_memory(sets->reading);
		return false;
	}
	sets->rdata = rdata;
	memcpy(rdata + *used, record->rdata, record->rdata_len);
	*used += record->rdata_len;
	values[count] = (steer_route53_value_t) {
		.rdata_len = record->rdata_len, .place = record->place,
	};
	return true;
}

/*! Reads all values of a change. */
static void take_values(const set_t *set, steer_route53_change_t *change)
{
	steer_route53_sets_t *sets = set->sets;
	steer_field_at_t item = { set->records.json, NULL };
	steer_text_record_t record;
	size_t count = 0, used = 0, unique = 0;
	while (next_value(set, &item, &record) && keep_value(sets, &record, count, &used)) {
		count++;
	}
	const uint8_t *at = sets->rdata;
	for (size_t i = 0; i < count; i++) {
		sets->values[i].rdata = at;
		at += sets->values[i].rdata_len;
	}
	if (count > 1) {
		qsort(sets->values, count, sizeof(*sets->values), by_rdata);
	}
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || by_rdata(&sets->values[unique - 1], &sets->values[i]) != 0) {
			sets->values[unique++] = sets->values[i];
		}
	}
	change->values = sets->values;
	change->count = unique;
}

bool steer_route53_take_change(steer_route53_sets_t *sets, const steer_route53_entry_t *entry,
                               steer_route53_change_t *change)
{
	const unsigned errors = sets->reading->report.errors;
	steer_route53_group_t group = { 0 };
	set_t set = { .sets = sets, .entry = entry };
	if (!take_parts(&set, &group)) {
		return false;
	}
	change->owner = set.given.owner;
	change->type = set.given.type;
	change->set = set.given.set;
	change->in_set = set.in_set;
	change->ttl = set.ttl;
	change->place = set.given.place;
	if (group.preset != STEER_PRESET_NONE) {
		change->program = steer_preset_program(group.preset, &change->program_len);
	}
	if (set.given.set.alias != NULL) {
		memcpy(sets->target, set.target, sizeof(sets->target));
		change->set.alias = sets->target;
	} else {
		take_values(&set, change);
	}
	if (set.given.set.location != NULL) {
		strcpy(sets->location, set.location);
		change->set.location = sets->location;
	}
	return sets->reading->report.errors == errors && sets->reading->ret == STEER_OK;
}

void steer_route53_sets_free(steer_route53_sets_t *sets)
{
	free(sets->values);
	free(sets->rdata);
}
