/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/policy.h"

#include <string.h>

#include "formats/array.h"
#include "formats/program.h"
#include "formats/yaml/keys.h"
#include "formats/yaml/scalar.h"
#include "formats/yaml/where.h"

/* The policy. */

/*! Keeps the steps of a list as one text, with commas between them. */
static int keep_steps(steer_events_t *events, const char *key, steer_yaml_group_t *group)
{
	const char *before = "";
	int ret = STEER_OK;
	while (steer_events_item(events, &ret)) {
		const char *text = NULL;
		ret = steer_yaml_take_text(events, key, &text);
		if (text == NULL) {
			group->wrong = true;
			continue;
		}
		ret = steer_yaml_keep_bytes(&group->keep, events, before, strlen(before), NULL);
		if (ret == STEER_OK) {
			ret = steer_yaml_keep_bytes(&group->keep, events, text, strlen(text), NULL);
		}
		before = ", ";
	}
	return ret == STEER_OK ? steer_yaml_keep_bytes(&group->keep, events, "", 1, NULL) : ret;
}

static int parse_policy(steer_events_t *events, const char *key, steer_yaml_group_t *group,
                        const char *text)
{
	steer_fault_t why;
	if (steer_program_parse(text, group->program, &group->program_len, &why) == STEER_OK) {
		return STEER_OK;
	}
	group->wrong = true;
	return steer_events_wrong_at(events, &group->policy_at, "%s: %s", key, why.text);
}

int steer_yaml_group_policy(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_group_t *group = ctx;
	const size_t begin = group->keep.texts_len;
	const char *text = NULL;
	group->policy_at = events->place;
	int ret = STEER_OK;
	if (events->kind == NODE_LIST) {
		ret = keep_steps(events, key, group);
		text = group->wrong ? NULL : group->keep.texts + begin;
	} else {
		ret = steer_yaml_take_text(events, key, &text);
		group->wrong = group->wrong || text == NULL;
	}
	return ret == STEER_OK && text != NULL ? parse_policy(events, key, group, text) : ret;
}

/* Sets. */

static const steer_yaml_key_t member_keys[] = {
	{ "weight", steer_yaml_part_weight },
	{ "tier", steer_yaml_part_tier },
	{ "failover", steer_yaml_part_failover },
	{ "region", steer_yaml_part_region },
	{ "geo", steer_yaml_part_geo },
	{ "coordinates", steer_yaml_part_coordinates },
	{ "bias", steer_yaml_part_bias },
	{ "cidr", steer_yaml_part_cidr },
	{ "asn", steer_yaml_part_asn },
	{ "ttl", steer_yaml_part_ttl },
	{ "values", steer_yaml_part_values },
	{ "alias", steer_yaml_part_alias },
	{ "evaluate-target-health", steer_yaml_part_evaluate },
	{ "health", steer_yaml_part_health },
	{ NULL, NULL },
};

#define MEMBER "{values: [192.0.2.1]} or {alias: www}"

static int read_member(steer_events_t *events, steer_yaml_group_t *group)
{
	if (events->kind != NODE_MAPPING) {
		group->part->wrong = true;
		return steer_events_refuse(events, "sets: not a record set; allowed: one such as " MEMBER);
	}
	uint64_t given;
	int ret = steer_yaml_mapping(events, member_keys, group, &given);
	return ret == STEER_OK ? steer_yaml_part_check(events, group->part, MEMBER) : ret;
}

static int take_member(steer_events_t *events, steer_yaml_group_t *group,
                       const steer_yaml_part_t *begun)
{
	steer_yaml_part_t *sets = steer_array_grown(group->sets, &group->sets_room,
	                                           group->sets_count + 1, sizeof(*sets));
	if (sets == NULL) {
		return steer_events_no_memory(events);
	}
	group->sets = sets;
	group->part = &sets[group->sets_count];
	*group->part = *begun;
	int ret = read_member(events, group);
	if (!group->part->wrong) {
		group->sets_count++;
	}
	group->part = &group->own;
	return ret;
}

/*! Checks that text can be an identifier, and is a new one. */
static int check_id(steer_events_t *events, steer_yaml_group_t *group, bool *good)
{
	const char *id = events->text;
	size_t len = events->len;
	char shown[STEER_SHOWN];
	*good = false;
	if (len == 0 || len > STEER_SET_ID_MAX) {
		return steer_events_wrong(events, "sets: an identifier of %zu bytes; allowed: 1 to %d",
		                          len, STEER_SET_ID_MAX);
	}
	steer_shown(shown, id, len);
	if (memchr(id, '\0', len) != NULL || !steer_yaml_is_line(id)) {
		return steer_events_wrong(events, "sets: '%s' has control characters; allowed: text "
		                          "of one line", shown);
	}
	uint32_t before;
	if (steer_name_set_add_text(&group->ids, id, len, events->place.line, &before) != STEER_OK) {
		return steer_events_no_memory(events);
	}
	if (before != 0) {
		return steer_events_wrong(events, "sets: %s is already in line %u; allowed: once",
		                          shown, before);
	}
	*good = true;
	return STEER_OK;
}

/*! Begins the set whose identifier is the current node. */
static int take_id(steer_events_t *events, steer_yaml_group_t *group, steer_yaml_part_t *part,
                   bool *good)
{
	*good = false;
	if (events->kind != NODE_TEXT) {
		return steer_events_refuse(events, "sets: an identifier is text, not a list or mapping");
	}
	*part = (steer_yaml_part_t) { .begin = events->place };
	int ret = check_id(events, group, good);
	if (ret != STEER_OK || !*good) {
		return ret;
	}
	return steer_yaml_keep_bytes(&group->keep, events, events->text, events->len + 1, &part->id);
}

int steer_yaml_group_sets(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_group_t *group = ctx;
	group->sets_at = events->place;
	if (events->kind != NODE_MAPPING) {
		group->wrong = true;
		return steer_events_refuse(events, "%s: not a mapping; allowed: identifiers with their "
		                           "record sets, such as blue: {weight: 90, values: "
		                           "[192.0.2.1]}", key);
	}
	unsigned count = 0;
	int ret = STEER_OK;
	for (; steer_events_item(events, &ret); count++) {
		steer_yaml_part_t part;
		bool good = false;
		ret = count < STEER_SETS_MAX ? take_id(events, group, &part, &good)
		                             : steer_yaml_too_many(events, key, count, STEER_SETS_MAX);
		if (steer_events_value(events, good, &ret)) {
			ret = take_member(events, group, &part);
		}
	}
	if (ret == STEER_OK && count == 0) {
		group->wrong = true;
		ret = steer_events_wrong_at(events, &group->sets_at, "%s: none; allowed: 1 to %d", key,
		                            STEER_SETS_MAX);
	}
	return ret;
}
