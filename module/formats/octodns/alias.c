/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/alias.h"

#include <string.h>

#include "core/name.h"
#include "core/utf8.h"

bool steer_octodns_is_alias(const char *type)
{
	return strcmp(type, STEER_OCTODNS_ALIAS) == 0 || strcmp(type, STEER_OCTODNS_ROUTE53_ALIAS) == 0;
}

static void pass_target(const steer_octodns_group_t *group, uint16_t type, const uint8_t *target,
                        bool evaluate, const steer_yaml_value_t *at)
{
	steer_octodns_reading_t *reading = group->reading;
	const steer_text_set_t given = {
		.owner = group->owner, .type = type,
		.set = { .id = "", .alias = target, .evaluate = evaluate },
		.place = steer_yaml_tree_place(reading->tree, at),
	};
	if (reading->ret == STEER_OK) {
		reading->ret = reading->sink->set(reading->sink->ctx, &given, reading->report.fault);
	}
}

static void wrong_target(const steer_octodns_group_t *group, const steer_yaml_value_t *at,
                         const char *text, const char *allowed)
{
	char shown[STEER_SHOWN];
	steer_octodns_wrong(group->reading, at, "'%s' is no target; allowed: %s",
	                    steer_shown(shown, text, strlen(text)), allowed);
}

/*! The type says nothing of addresses, so it is for both families. */
static void pass_both(const steer_octodns_group_t *group)
{
	const steer_yaml_value_t *value = NULL, *second;
	uint8_t target[STEER_NAME_MAX];
	if (!steer_octodns_next(group->reading, group->values, &value)) {
		return;
	}
	second = value;
	const char *text = steer_octodns_text_of(group->reading, value);
	if (steer_octodns_next(group->reading, group->values, &second)) {
		steer_octodns_wrong(group->reading, second, "a second value of ALIAS; allowed: one");
	} else if (!steer_name_is_absolute(text, strlen(text)) ||
	           steer_name_parse(text, target) != STEER_OK) {
		wrong_target(group, value, text, "an absolute name, with its final dot");
	} else {
		pass_target(group, TYPE_A, target, true, value);
		pass_target(group, TYPE_AAAA, target, true, value);
	}
}

/*! Reads a target: a name in the zone, without a final dot, or one of AWS's, which has it. */
static bool take_name(const steer_octodns_group_t *group, const steer_yaml_value_t *value,
                      uint8_t *target)
{
	steer_octodns_reading_t *reading = group->reading;
	const steer_yaml_value_t *at = value;
	const char *text = steer_octodns_text(reading, value, "name", &at);
	const bool zone = text == NULL || text[0] == '\0';
	if (steer_name_parse_in(zone ? "@" : text, reading->zone, target) == STEER_OK) {
		return true;
	}
	wrong_target(group, at, text, "a name in the zone, or with a final dot an absolute one");
	return false;
}

static void pass_typed(const steer_octodns_group_t *group, const steer_yaml_value_t *value)
{
	static const char *const keys[] = {
		"name", "type", "evaluate-target-health", "hosted-zone-id", NULL
	};
	steer_octodns_reading_t *reading = group->reading;
	const steer_yaml_value_t *at;
	uint8_t target[STEER_NAME_MAX];
	if (!steer_octodns_is_mapping(reading, value, "value")) {
		return;
	}
	steer_octodns_only(reading, value, keys);
	const char *text = steer_octodns_need(reading, value, "type", "such as A")
	                   ? steer_octodns_text(reading, value, "type", &at) : NULL;
	const steer_octodns_type_t *type = text != NULL ? steer_octodns_type(text) : NULL;
	const unsigned errors = reading->report.errors;
	const bool evaluate = steer_octodns_is_true(reading, value, "evaluate-target-health");
	if (text != NULL && type == NULL) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(reading, at, "type: '%s'; allowed: a type such as A",
		                    steer_shown(shown, text, strlen(text)));
	} else if (type != NULL && take_name(group, value, target) && reading->report.errors == errors) {
		pass_target(group, type->type, target, evaluate, value);
	}
}

void steer_octodns_pass_alias(const steer_octodns_group_t *group, const char *type)
{
	const steer_yaml_value_t *value = NULL;
	if (strcmp(type, STEER_OCTODNS_ALIAS) == 0) {
		pass_both(group);
		return;
	}
	while (steer_octodns_next(group->reading, group->values, &value)) {
		pass_typed(group, value);
	}
}
