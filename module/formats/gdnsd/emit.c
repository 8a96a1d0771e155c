/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/emit.h"

#include <search.h>
#include <stdio.h>
#include <string.h>

#include "core/program.h"
#include "core/types.h"
#include "formats/program.h"

/*! The label below which the groups of a zone are. */
#define LABEL "_gdnsd"

/*! A group that was passed on. */
typedef struct {
	uint8_t name[STEER_NAME_MAX];
	uint16_t type;
	const steer_gdnsd_group_t *group;
} passed_t;

/*! A group that is being passed on. */
typedef struct {
	steer_gdnsd_zone_t *zone;
	const steer_gdnsd_dynamic_t *record;
	const uint8_t *owner;
	uint16_t type;
} out_t;

static void pass_group(const out_t *out, const steer_gdnsd_group_t *group,
                       const steer_place_t *place);

static int by_name(const void *a, const void *b)
{
	const passed_t *x = a, *y = b;
	const size_t one = steer_name_len(x->name), two = steer_name_len(y->name);
	const int order = one != two ? (one > two ? 1 : -1) : memcmp(x->name, y->name, one);
	return order != 0 ? order : (x->type > y->type) - (x->type < y->type);
}

static bool add_label(uint8_t *name, size_t *len, const char *label)
{
	const size_t size = strlen(label);
	if (*len + 1 + size >= STEER_NAME_MAX) {
		return false;
	}
	name[(*len)++] = size;
	memcpy(name + *len, label, size);
	*len += size;
	return true;
}

/*! Names a group in the zone. \return false: too long, which was reported */
static bool name_group(const out_t *out, const steer_gdnsd_group_t *group, uint8_t *name)
{
	const steer_gdnsd_zone_t *zone = out->zone;
	char ttls[32];
	size_t len = group->name_len;
	const size_t rest = steer_name_len(zone->name);
	memcpy(name, group->name, len);
	snprintf(ttls, sizeof(ttls), "%u-%u", out->record->max, out->record->min);
	if (!add_label(name, &len, ttls) || !add_label(name, &len, LABEL) ||
	    len + rest > STEER_NAME_MAX) {
		steer_gdnsd_wrong(zone->config->reading, &out->record->place, "%.200s: the names of its "
		                  "datacenters are too long in this zone; allowed: 255 bytes",
		                  out->record->path);
		return false;
	}
	memcpy(name + len, zone->name, rest);
	return true;
}

static bool keep_group(const out_t *out, const passed_t *passed)
{
	steer_gdnsd_reading_t *reading = out->zone->config->reading;
	passed_t *kept = steer_gdnsd_get(reading, sizeof(*kept));
	if (kept == NULL) {
		return false;
	}
	*kept = *passed;
	if (tsearch(kept, &out->zone->groups, by_name) == NULL) {
		steer_gdnsd_no_memory(reading);
		return false;
	}
	return true;
}

/*! Names a group of the type, and notes it. \param[out] is_new  Whether it was not noted before. */
static bool note_group(const out_t *out, const steer_gdnsd_group_t *group, uint8_t *name,
                       bool *is_new)
{
	steer_gdnsd_reading_t *reading = out->zone->config->reading;
	passed_t sought = { .type = out->type, .group = group };
	if (!name_group(out, group, name)) {
		return false;
	}
	memcpy(sought.name, name, steer_name_len(name));
	passed_t *const *found = tfind(&sought, &out->zone->groups, by_name);
	if (found != NULL && (*found)->group != group) {
		steer_gdnsd_wrong(reading, &group->place, "this resource has the same name as that in line "
		                  "%u, but for upper and lower case or slashes; allowed: names that differ",
		                  (*found)->group->place.line);
		return false;
	}
	*is_new = found == NULL;
	return found != NULL || keep_group(out, &sought);
}

/*! Passes on a group inside, once. \param[out] name  What an alias leads to. */
static bool pass_inner(const out_t *out, const steer_gdnsd_group_t *group, uint8_t *name)
{
	bool is_new;
	if (!note_group(out, group, name, &is_new)) {
		return false;
	}
	if (is_new) {
		const out_t inner = { out->zone, out->record, name, out->type };
		pass_group(&inner, group, &group->place);
	}
	return out->zone->config->reading->ret == STEER_OK;
}

static uint32_t ttl_of(const out_t *out, const steer_gdnsd_member_t *member)
{
	const uint32_t max = out->record->max, min = out->record->min;
	const uint32_t ttl = member->stable < max ? member->stable : max;
	return ttl > min ? ttl : min;
}

static void pass_value(const out_t *out, const steer_gdnsd_member_t *member, bool in_set,
                       const steer_place_t *place)
{
	steer_gdnsd_reading_t *reading = out->zone->config->reading;
	const steer_text_record_t record = {
		.owner = out->owner, .rdata = member->rdata, .rdata_len = member->rdata_len,
		.type = out->type, .ttl = ttl_of(out, member), .in_set = in_set, .place = *place,
	};
	if (reading->ret == STEER_OK) {
		reading->ret = reading->sink->record(reading->sink->ctx, &record, reading->report.fault);
	}
}

/*! Names what has no addresses; it exists, so that no wildcard stands in for it. */
static bool pass_nothing(const out_t *out, uint8_t *name)
{
	static const steer_gdnsd_group_t nothing = { .name = "\x07nothing", .name_len = 8 };
	static const uint8_t rdata[] = "\x0cno addresses";
	steer_gdnsd_reading_t *reading = out->zone->config->reading;
	const out_t text = { out->zone, out->record, name, TYPE_TXT };
	bool is_new;
	if (!note_group(&text, &nothing, name, &is_new)) {
		return false;
	}
	const steer_text_record_t record = {
		.owner = name, .rdata = rdata, .rdata_len = sizeof(rdata) - 1, .type = TYPE_TXT,
		.ttl = out->record->max, .place = out->record->place,
	};
	if (is_new) {
		reading->ret = reading->sink->record(reading->sink->ctx, &record, reading->report.fault);
	}
	return reading->ret == STEER_OK;
}

/*! Sets the alias of a member. \param[out] name  Has room for it. */
static bool set_alias(const out_t *out, const steer_gdnsd_member_t *member, uint8_t *name,
                      steer_record_set_t *set)
{
	switch (member->kind) {
	case STEER_GDNSD_VALUE:
		return true;
	case STEER_GDNSD_GROUP:
		if (!pass_inner(out, member->group, name)) {
			return false;
		}
		break;
	case STEER_GDNSD_NAME:
		memcpy(name, member->rdata, member->rdata_len);
		break;
	case STEER_GDNSD_NOTHING:
		if (!pass_nothing(out, name)) {
			return false;
		}
		break;
	}
	set->alias = name;
	set->evaluate = member->kind == STEER_GDNSD_GROUP && member->evaluate;
	return true;
}

/*! Counts a record set. \return false: too many, which was reported */
static bool count_set(const out_t *out)
{
	steer_gdnsd_config_t *config = out->zone->config;
	if (config->sets++ < STEER_GDNSD_SETS) {
		return true;
	}
	if (config->sets == STEER_GDNSD_SETS + 1) {
		steer_gdnsd_wrong(config->reading, &out->record->place, "more than %d record sets of "
		                  "resources; allowed: fewer in an import", STEER_GDNSD_SETS);
	}
	return false;
}

static void pass_member(const out_t *out, const steer_gdnsd_member_t *member, uint16_t reads,
                        bool simple, const steer_place_t *place)
{
	steer_gdnsd_reading_t *reading = out->zone->config->reading;
	uint8_t name[STEER_NAME_MAX];
	steer_text_set_t text = {
		.owner = out->owner, .type = out->type, .place = *place,
		.set = {
			.id = simple ? "" : member->id, .health = member->check,
			.has_weight = reads & STEER_KEEP_WEIGHT, .weight = member->weight,
			.has_tier = reads & STEER_KEEP_TIER, .tier = member->tier,
			.has_geo = reads & STEER_KEEP_GEO, .geo = member->geo,
			.has_location = reads & STEER_KEEP_LOCATION, .location = member->location,
			.has_point = member->has_point && reads & STEER_KEEP_POINT, .point = member->point,
		},
	};
	if (!set_alias(out, member, name, &text.set) || reading->ret != STEER_OK) {
		return;
	}
	reading->ret = reading->sink->set(reading->sink->ctx, &text, reading->report.fault);
	if (member->kind == STEER_GDNSD_VALUE) {
		pass_value(out, member, true, place);
	}
}

/*! Passes on first what aliases lead to: the record sets of a group come one after another. */
static bool pass_inners(const out_t *out, const steer_gdnsd_group_t *group)
{
	uint8_t name[STEER_NAME_MAX];
	steer_record_set_t set;
	for (size_t i = 0; i < group->count; i++) {
		if (!set_alias(out, group->members[i], name, &set)) {
			return false;
		}
	}
	return true;
}

/*! Passes on a group without a policy. */
static void pass_simple(const out_t *out, const steer_gdnsd_group_t *group,
                        const steer_place_t *place)
{
	const steer_gdnsd_member_t *first = group->members[0];
	if (group->count == 1 && (first->kind != STEER_GDNSD_VALUE || first->check != NULL)) {
		pass_member(out, first, 0, true, place);
		return;
	}
	for (size_t i = 0; i < group->count; i++) {
		pass_value(out, group->members[i], false, place);
	}
}

static void pass_group(const out_t *out, const steer_gdnsd_group_t *group,
                       const steer_place_t *place)
{
	steer_gdnsd_reading_t *reading = out->zone->config->reading;
	uint8_t program[STEER_PROGRAM_MAX];
	steer_text_policy_t policy = {
		.owner = out->owner, .type = out->type, .program = program, .place = *place,
	};
	steer_fault_t why;
	for (size_t i = 0; i < group->count; i++) {
		if (!count_set(out)) {
			return;
		}
	}
	if (group->count == 0 || !pass_inners(out, group) || reading->ret != STEER_OK) {
		return;
	}
	if (group->program[0] == '\0') {
		pass_simple(out, group, place);
		return;
	}
	if (steer_program_parse(group->program, program, &policy.len, &why) != STEER_OK) {
		steer_gdnsd_wrong(reading, place, "%s: %s", group->program, why.text);
		return;
	}
	const uint16_t reads = steer_program_reads(program, policy.len);
	reading->ret = reading->sink->policy(reading->sink->ctx, &policy, reading->report.fault);
	for (size_t i = 0; i < group->count && reading->ret == STEER_OK; i++) {
		pass_member(out, group->members[i], reads, false, &group->members[i]->place);
	}
}

void steer_gdnsd_emit(steer_gdnsd_zone_t *zone, const steer_gdnsd_dynamic_t *record)
{
	steer_gdnsd_reading_t *reading = zone->config->reading;
	const steer_gdnsd_resource_t *resource = steer_gdnsd_resource(zone->config, record->path,
	                                                              &record->place);
	if (resource == NULL) {
		return;
	}
	if (resource->lost != NULL) {
		steer_gdnsd_warn(reading, &record->place, "%.200s: left out: %s", record->path,
		                 resource->lost);
		return;
	}
	if (resource->names && !record->names) {
		steer_gdnsd_wrong(reading, &record->place, "%.200s can answer with a CNAME; allowed: DYNC",
		                  record->path);
		return;
	}
	if (resource->names && !resource->names_alone) {
		steer_gdnsd_warn(reading, &record->place, "%.200s: the addresses of a name, which steerd "
		                 "resolves, answer in place of a CNAME, and only for A and AAAA",
		                 record->path);
	}
	bool any = false;
	for (steer_gdnsd_type_t type = STEER_GDNSD_A; type < STEER_GDNSD_TYPES; type++) {
		const steer_gdnsd_group_t *group = resource->groups[type];
		const out_t out = { zone, record, record->owner, steer_gdnsd_rr_type(type) };
		if (group != NULL && (type == STEER_GDNSD_CNAME) == resource->names_alone) {
			any = any || group->count > 0;
			pass_group(&out, group, &record->place);
		}
	}
	if (!any && reading->report.errors == 0) {
		steer_gdnsd_wrong(reading, &record->place, "%.200s has no addresses; allowed: some",
		                  record->path);
	}
}

void steer_gdnsd_zone_free(steer_gdnsd_zone_t *zone)
{
	tdestroy(zone->groups, steer_gdnsd_keep);
	zone->groups = NULL;
}
