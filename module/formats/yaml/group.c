/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/group.h"

#include <stdlib.h>
#include <string.h>

#include "core/health_check.h"
#include "core/name.h"
#include "formats/yaml/keys.h"

void steer_yaml_group_begin(steer_yaml_group_t *group, const uint8_t *zone,
                            const steer_place_t *begin)
{
	static const steer_place_t nowhere;
	steer_yaml_keep_clear(&group->keep);
	steer_name_set_clear(&group->ids);
	group->zone = zone;
	group->type = 0;
	group->own = (steer_yaml_part_t) { .begin = *begin };
	group->part = &group->own;
	group->sets_count = 0;
	group->type_at = group->policy_at = group->sets_at = nowhere;
	group->wrong = false;
	group->program_len = 0;
}

void steer_yaml_group_free(steer_yaml_group_t *group)
{
	steer_yaml_keep_free(&group->keep);
	steer_name_set_free(&group->ids);
	free(group->sets);
}

/* Keys. */

int steer_yaml_part_ttl(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_part_t *part = ((steer_yaml_group_t *)ctx)->part;
	bool good;
	const steer_place_t place = events->place;
	int ret = steer_yaml_take_ttl(events, key, &part->ttl, &good);
	if (good) {
		part->ttl_at = place;
	}
	return ret;
}

int steer_yaml_part_values(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_group_t *group = ctx;
	steer_yaml_part_t *part = group->part;
	part->values_at = events->place;
	part->first = group->keep.count;
	int ret = steer_yaml_keep_list(&group->keep, events, key);
	part->count = group->keep.count - part->first;
	return ret;
}

int steer_yaml_part_alias(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_group_t *group = ctx;
	steer_yaml_part_t *part = group->part;
	uint8_t name[STEER_NAME_MAX];
	bool good;
	part->alias_at = events->place;
	int ret = steer_yaml_take_name(events, key, group->zone, name, &good);
	if (ret != STEER_OK || !good) {
		part->wrong = true;
		return ret;
	}
	return steer_yaml_keep_bytes(&group->keep, events, name, steer_name_len(name), &part->alias);
}

int steer_yaml_part_evaluate(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_part_t *part = ((steer_yaml_group_t *)ctx)->part;
	bool good;
	part->evaluate_at = events->place;
	return steer_yaml_take_bool(events, key, &part->evaluate, &good);
}

int steer_yaml_part_health(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_group_t *group = ctx;
	steer_yaml_part_t *part = group->part;
	const char *id = NULL;
	part->health_at = events->place;
	int ret = steer_yaml_take_check_id(events, key, &id);
	if (ret != STEER_OK || id == NULL) {
		part->wrong = true;
		return ret;
	}
	return steer_yaml_keep_bytes(&group->keep, events, id, strlen(id) + 1, &part->health);
}

int steer_yaml_part_weight(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_part_t *part = ((steer_yaml_group_t *)ctx)->part;
	bool good;
	part->weight_at = events->place;
	return steer_yaml_take_number(events, key, false, &part->weight, &good);
}

int steer_yaml_part_tier(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_part_t *part = ((steer_yaml_group_t *)ctx)->part;
	bool good;
	part->tier_at = events->place;
	return steer_yaml_take_byte(events, key, &part->tier, &good);
}

int steer_yaml_part_failover(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_part_t *part = ((steer_yaml_group_t *)ctx)->part;
	const char *text = NULL;
	char shown[STEER_SHOWN];
	part->failover_at = events->place;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	part->tier = strcmp(text, "secondary") == 0;
	if (part->tier == 1 || strcmp(text, "primary") == 0) {
		return STEER_OK;
	}
	return steer_events_wrong(events, "%s: '%s' is neither; allowed: primary, secondary", key,
	                          steer_shown(shown, text, strlen(text)));
}

/* What a set can have together. */

static int refuse(steer_events_t *events, steer_yaml_part_t *part, const steer_place_t *place,
                const char *text)
{
	part->wrong = true;
	return steer_events_wrong_at(events, place, "%s", text);
}

static int check_values(steer_events_t *events, steer_yaml_part_t *part)
{
	if (part->alias_at.line != 0) {
		return refuse(events, part, &part->alias_at,
		            "alias: given with values; allowed: one of the two");
	}
	if (part->evaluate_at.line != 0) {
		return refuse(events, part, &part->evaluate_at,
		            "evaluate-target-health: without an alias; allowed: with alias");
	}
	return STEER_OK;
}

int steer_yaml_part_check(steer_events_t *events, steer_yaml_part_t *part, const char *allowed)
{
	if (part->tier_at.line != 0 && part->failover_at.line != 0) {
		int ret = refuse(events, part, &part->failover_at,
		               "failover: given with tier; allowed: one of the two");
		if (ret != STEER_OK) {
			return ret;
		}
	}
	if (part->values_at.line != 0) {
		return check_values(events, part);
	}
	if (part->alias_at.line == 0) {
		part->wrong = true;
		return steer_events_wrong_at(events, &part->begin, "values: missing; allowed: %s",
		                             allowed);
	}
	if (part->ttl_at.line != 0) {
		return refuse(events, part, &part->ttl_at, "ttl: an alias has none of its own, its "
		            "target's holds; allowed: with values");
	}
	return STEER_OK;
}
