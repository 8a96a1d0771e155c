/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/health.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/health_check.h"
#include "formats/name_set.h"
#include "formats/yaml/keep.h"
#include "formats/yaml/keys.h"

/*! "type", and those of core/health_check.h. */
_Static_assert(1 + STEER_OPTIONS_MAX <= STEER_YAML_KEYS, "keys of a check do not fit a table");

struct steer_yaml_health {
	const steer_reading_t *reading;
	steer_fault_t *fault;
	steer_yaml_key_t keys[STEER_YAML_KEYS + 1]; /*!< "type", and those of core/health_check.h. */
	steer_name_set_t ids;
	/* The check. */
	char id[STEER_CHECK_ID_MAX + 1];
	steer_yaml_keep_t keep; /*!< Options, which wait for the type. */
	steer_health_check_t check;
};

/* Keys. */

static int report_type(steer_events_t *events, const char *key, const char *text)
{
	char shown[STEER_SHOWN], list[256];
	size_t len = 0;
	for (uint8_t type = STEER_CHECK_NONE + 1; steer_health_check_type_name(type) != NULL; type++) {
		len += snprintf(list + len, sizeof(list) - len, "%s%s", len > 0 ? ", " : "",
		                steer_health_check_type_name(type));
	}
	steer_shown(shown, text, strlen(text));
	return steer_events_wrong(events, "%s: '%s' is not a type of health check; allowed: %s", key,
	                          shown, list);
}

static int take_type(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_health_t *health = ctx;
	const char *text = NULL;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL ||
	    steer_health_check_type_parse(text, &health->check.type)) {
		return ret;
	}
	return report_type(events, key, text);
}

static int take_option(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_health_t *health = ctx;
	const char *text = NULL;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	return steer_yaml_keep_text(&health->keep, events, key, text);
}

static int take_bool(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_health_t *health = ctx;
	bool value, good;
	int ret = steer_yaml_take_bool(events, key, &value, &good);
	if (ret != STEER_OK || !good) {
		return ret;
	}
	return steer_yaml_keep_text(&health->keep, events, key, value ? "yes" : "no");
}

static int take_list(steer_events_t *events, const char *key, void *ctx)
{
	return steer_yaml_keep_list(&((steer_yaml_health_t *)ctx)->keep, events, key);
}

/*! Keeps an unknown key: which keys are allowed depends on the type, which may come later. */
static int keep_unknown(steer_events_t *events, const char *key, void *ctx)
{
	return steer_yaml_keep_text(&((steer_yaml_health_t *)ctx)->keep, events, key, events->text);
}

static steer_yaml_value_f taker_of(const steer_health_option_t *option)
{
	switch (option->kind) {
	case STEER_OPTION_LIST:
		return take_list;
	case STEER_OPTION_BOOL:
		return take_bool;
	default:
		return take_option;
	}
}

/*! Makes the table of a type's keys; for STEER_CHECK_NONE, of all keys. */
static void make_keys(steer_yaml_key_t *keys, uint8_t type)
{
	*keys++ = (steer_yaml_key_t) { "type", take_type };
	for (const steer_health_option_t *option = steer_health_check_options; option->name != NULL;
	     option++) {
		if (type != STEER_CHECK_NONE && (option->types >> type & 1) == 0) {
			continue;
		}
		*keys++ = (steer_yaml_key_t) { option->name, taker_of(option) };
	}
	*keys = (steer_yaml_key_t) { NULL, keep_unknown };
}

steer_yaml_health_t *steer_yaml_health_new(const steer_reading_t *reading,
                                           steer_fault_t *fault)
{
	steer_yaml_health_t *health = calloc(1, sizeof(*health));
	if (health != NULL) {
		health->reading = reading;
		health->fault = fault;
		make_keys(health->keys, STEER_CHECK_NONE);
	}
	return health;
}

void steer_yaml_health_free(steer_yaml_health_t *health)
{
	if (health != NULL) {
		steer_name_set_free(&health->ids);
		steer_yaml_keep_free(&health->keep);
		free(health);
	}
}

/* A check. */

static int report_unknown(const steer_yaml_health_t *health, steer_events_t *events)
{
	steer_yaml_key_t keys[STEER_YAML_KEYS + 1];
	int ret = STEER_OK;
	make_keys(keys, health->check.type);
	for (size_t i = 0; i < health->keep.count && ret == STEER_OK; i++) {
		const steer_yaml_item_t *item = &health->keep.items[i];
		if (item->key == NULL) {
			const char *text = health->keep.texts + item->text;
			ret = steer_yaml_report_unknown(events, &item->place, text, strlen(text), keys);
		}
	}
	return ret;
}

static int set_options(steer_yaml_health_t *health, steer_events_t *events)
{
	int ret = STEER_OK;
	for (size_t i = 0; i < health->keep.count && ret == STEER_OK; i++) {
		const steer_yaml_item_t *item = &health->keep.items[i];
		steer_fault_t why;
		if (steer_health_check_set(&health->check, item->key, health->keep.texts + item->text,
		                           &why) != STEER_OK) {
			ret = steer_events_wrong_at(events, &item->place, "%s", why.text);
		}
	}
	return ret;
}

/*! Passes on a check that was read whole and without errors. */
static int finish_check(steer_yaml_health_t *health, steer_events_t *events, uint64_t given,
                        const steer_place_t *begin)
{
	const unsigned errors = events->report->errors;
	if ((given & 1) == 0) {
		return steer_events_wrong_at(events, begin, "type: missing; allowed: a check such as "
		                             "{type: https, host: www.example.com}");
	}
	int ret = set_options(health, events);
	if (ret != STEER_OK || events->report->errors != errors) {
		return ret;
	}
	steer_fault_t why;
	ret = steer_health_check_complete(&health->check, &why);
	if (ret == STEER_ENOMEM) {
		return steer_events_no_memory(events);
	}
	if (ret != STEER_OK) {
		return steer_events_wrong_at(events, begin, "%s", why.text);
	}
	return health->reading->check(health->reading->ctx, health->id, &health->check, begin,
	                              health->fault);
}

static int take_check(steer_yaml_health_t *health, steer_events_t *events,
                      const steer_place_t *begin)
{
	if (events->kind != NODE_MAPPING) {
		return steer_events_refuse(events, "not a health check; allowed: one such as {type: https, "
		                           "host: www.example.com}");
	}
	const unsigned errors = events->report->errors;
	uint64_t given;
	steer_yaml_keep_clear(&health->keep);
	health->check = (steer_health_check_t) { .type = STEER_CHECK_NONE };
	int ret = steer_yaml_mapping(events, health->keys, health, &given);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = report_unknown(health, events);
	if (ret != STEER_OK || events->report->errors != errors) {
		return ret;
	}
	return finish_check(health, events, given, begin);
}

/* Checks. */

static int take_id(steer_yaml_health_t *health, steer_events_t *events, const char *key, bool *good)
{
	*good = false;
	if (events->kind != NODE_TEXT) {
		return steer_events_refuse(events, "%s: an identifier is text, not a list or mapping", key);
	}
	const char *id = NULL;
	int ret = steer_yaml_take_check_id(events, key, &id);
	if (ret != STEER_OK || id == NULL) {
		return ret;
	}
	uint32_t before;
	if (steer_name_set_add_text(&health->ids, id, events->len, events->place.line,
	                            &before) != STEER_OK) {
		return steer_events_no_memory(events);
	}
	strcpy(health->id, id);
	if (before != 0) {
		return steer_events_wrong(events, "%s: %s is already in line %u; allowed: once", key,
		                          id, before);
	}
	*good = true;
	return STEER_OK;
}

/*! Reads an identifier and its check. */
static int take_pair(steer_yaml_health_t *health, steer_events_t *events, const char *key)
{
	const steer_place_t begin = events->place;
	char shown[STEER_SHOWN];
	bool good;
	int ret = take_id(health, events, key, &good);
	if (steer_events_value(events, good, &ret)) {
		events->about = steer_shown(shown, health->id, strlen(health->id));
		ret = take_check(health, events, &begin);
		events->about = NULL;
	}
	return ret;
}

int steer_yaml_health_take(steer_yaml_health_t *health, steer_events_t *events, const char *key)
{
	if (steer_events_is_empty(events)) {
		return STEER_OK;
	}
	if (events->kind != NODE_MAPPING) {
		return steer_events_refuse(events, "%s: not a mapping; allowed: identifiers with their "
		                           "checks, such as web: {type: https, host: www.example.com}",
		                           key);
	}
	int ret = STEER_OK;
	while (steer_events_item(events, &ret)) {
		ret = take_pair(health, events, key);
	}
	return ret;
}
