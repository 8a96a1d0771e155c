/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml_set.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "formats/text.h"
#include "formats/yaml_keys.h"

/*! Values of a record set; more cannot be answered. */
#define VALUES_MAX 65536

enum { TYPE_SOA = 6, TYPE_TXT = 16, TYPE_SPF = 99 };

/*! A value that waits for the type, which may stand behind it. */
typedef struct {
	size_t text; /*!< Where it begins in the texts. */
	uint32_t line, column;
} value_t;

/*! A type that a name has. */
typedef struct {
	uint16_t type;
	uint32_t line;
} type_t;

struct steer_yaml_set {
	const steer_yaml_reading_t *reading;
	steer_fault_t *fault;
	steer_text_t *text;
	/* The name. */
	const steer_yaml_head_t *head;
	const uint8_t *owner;
	type_t *types;
	size_t types_count, types_room;
	/* The record set. */
	uint16_t type; /*!< 0: none, or none that is good. */
	steer_place_t type_at;
	uint32_t ttl;
	value_t *values;
	size_t values_count, values_room;
	char *texts;   /*!< Of the values, each with a zero byte. */
	size_t texts_len, texts_room;
};

steer_yaml_set_t *steer_yaml_set_new(const steer_yaml_reading_t *reading, steer_fault_t *fault)
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
		free(set->types);
		free(set->values);
		free(set->texts);
		free(set);
	}
}

void steer_yaml_set_begin(steer_yaml_set_t *set, const steer_yaml_head_t *head,
                          const uint8_t *owner)
{
	set->head = head;
	set->owner = owner;
	set->types_count = 0;
}

static int no_memory(const steer_yaml_set_t *set)
{
	return steer_fault(set->fault, STEER_ENOMEM, "%s: out of memory", set->head->zone_at.file);
}

/* Items with room for so many. NULL: out of memory, and they are as they were. */
static void *grown(void *items, size_t *room, size_t count, size_t size)
{
	if (count <= *room) {
		return items;
	}
	size_t more = *room > 0 ? *room : 16;
	while (more < count) {
		more *= 2;
	}
	void *made = realloc(items, more * size);
	if (made != NULL) {
		*room = more;
	}
	return made;
}

static int reserve_value(steer_yaml_set_t *set, size_t len)
{
	value_t *values = grown(set->values, &set->values_room, set->values_count + 1,
	                        sizeof(*values));
	if (values == NULL) {
		return no_memory(set);
	}
	set->values = values;
	char *texts = grown(set->texts, &set->texts_room, set->texts_len + len, 1);
	if (texts == NULL) {
		return no_memory(set);
	}
	set->texts = texts;
	return STEER_OK;
}

/* Keys of a record set. */

/*! Bits of set_keys. */
enum { KEY_TYPE, KEY_TTL, KEY_VALUES, KEY_LATER };

static int take_type(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_set_t *set = ctx;
	const char *text = NULL;
	char shown[STEER_SHOWN];
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	set->type_at = events->place;
	return steer_type_parse(text, &set->type) == STEER_OK ? STEER_OK
	       : steer_events_wrong(events, "%s: '%s' is no record type; allowed: names like MX, or "
	                            "TYPE123", key, steer_shown(shown, text, strlen(text)));
}

static int take_ttl(steer_events_t *events, const char *key, void *ctx)
{
	bool good;
	return steer_yaml_take_number(events, key, true, &((steer_yaml_set_t *)ctx)->ttl,
	                              &good);
}

/* Keeps a value until the type is known. */
static int keep_value(steer_events_t *events, const char *key, steer_yaml_set_t *set)
{
	const char *text = NULL;
	int ret = steer_yaml_take_text(events, key, &text);
	if (ret != STEER_OK || text == NULL) {
		return ret;
	}
	ret = reserve_value(set, events->len + 1);
	if (ret == STEER_OK) {
		set->values[set->values_count++] = (value_t) {
			set->texts_len, events->place.line, events->place.column,
		};
		memcpy(set->texts + set->texts_len, text, events->len + 1);
		set->texts_len += events->len + 1;
	}
	return ret;
}

static int take_values(steer_events_t *events, const char *key, void *ctx)
{
	steer_yaml_set_t *set = ctx;
	if (events->kind != NODE_LIST) {
		return keep_value(events, key, set);
	}
	steer_place_t begin = events->place;
	unsigned count = 0;
	int ret = steer_events_next(events);
	for (; ret == STEER_OK && events->kind != NODE_CLOSE; count++) {
		if (count == VALUES_MAX) {
			ret = steer_events_wrong(events, "%s: more than %d of them; allowed: what a "
			                         "message holds, 65535 bytes", key, VALUES_MAX);
		}
		if (ret == STEER_OK) {
			ret = count < VALUES_MAX ? keep_value(events, key, set)
			                         : steer_events_skip(events);
		}
		if (ret == STEER_OK) {
			ret = steer_events_next(events);
		}
	}
	return ret != STEER_OK || count > 0 ? ret
	       : steer_events_wrong_at(events, &begin, "%s: none; allowed: at least one", key);
}

static const steer_yaml_key_t set_keys[] = {
	[KEY_TYPE] = { "type", take_type },
	[KEY_TTL] = { "ttl", take_ttl },
	[KEY_VALUES] = { "values", take_values },
	[KEY_LATER] = { "policy", NULL },
	{ "sets", NULL }, { "weight", NULL }, { "health", NULL }, { "alias", NULL },
	{ "evaluate-target-health", NULL }, { "region", NULL }, { "failover", NULL },
	{ "tier", NULL }, { "geo", NULL }, { "coordinates", NULL }, { "bias", NULL },
	{ "cidr", NULL }, { "id", NULL }, { "multivalue", NULL },
	{ NULL, NULL },
};

/* A record set. */

/* Text with blanks outside of quotes would be several strings, which nobody means in YAML. */
static bool lacks_quotes(uint16_t type, const char *value)
{
	return (type == TYPE_TXT || type == TYPE_SPF) && value[0] != '"' &&
	       strncmp(value, "\\#", 2) != 0 && strpbrk(value, " \t") != NULL;
}

static int give_value(steer_yaml_set_t *set, steer_events_t *events, const value_t *value)
{
	const char *text = set->texts + value->text;
	const steer_place_t place = { events->place.file, value->line, value->column };
	if (lacks_quotes(set->type, text)) {
		char shown[STEER_SHOWN];
		return steer_events_wrong_at(events, &place, "values: text with blanks needs quotes of "
		                             "its own, inside those of YAML: '\"%s\"'",
		                             steer_shown(shown, text, strlen(text)));
	}
	steer_text_record_t record = {
		.owner = set->owner, .type = set->type, .ttl = set->ttl, .place = place,
	};
	steer_fault_t why;
	int ret = steer_rdata_parse(set->text, set->head->zone, record.type, text,
	                            &record.rdata, &record.rdata_len, &why);
	if (ret == STEER_EINVAL) {
		return steer_events_wrong_at(events, &place, "values: %s", why.text);
	}
	return ret == STEER_OK
	       ? set->reading->record(set->reading->ctx, &record, set->fault)
	       : no_memory(set);
}

static int check_soa(steer_yaml_set_t *set, steer_events_t *events, bool *good)
{
	const steer_place_t *at = &set->type_at;
	const steer_yaml_head_t *head = set->head;
	bool apex = steer_name_len(set->owner) == steer_name_len(head->zone);
	*good = false;
	if (!apex || set->values_count > 1) {
		return steer_events_wrong_at(events, at, "type: SOA; allowed: one record, at \"@\"");
	}
	if (head->soa_at.line != 0) {
		return steer_events_wrong_at(events, at, "type: SOA; stands in line %u as soa already; "
		                             "allowed: one of them", head->soa_at.line);
	}
	*good = true;
	return STEER_OK;
}

/* Whether the type is good here. */
static int check_type(steer_yaml_set_t *set, steer_events_t *events, bool *good)
{
	*good = false;
	for (size_t i = 0; i < set->types_count; i++) {
		if (set->types[i].type == set->type) {
			char type[STEER_TYPE_TEXT];
			steer_type_print(set->type, type);
			return steer_events_wrong_at(events, &set->type_at, "type: %s stands in line "
			                             "%u already; allowed: one record set of a type, "
			                             "with all values", type, set->types[i].line);
		}
	}
	type_t *types = grown(set->types, &set->types_room, set->types_count + 1,
	                      sizeof(*types));
	if (types == NULL) {
		return no_memory(set);
	}
	set->types = types;
	set->types[set->types_count++] = (type_t) { set->type, set->type_at.line };
	*good = true;
	return set->type == TYPE_SOA ? check_soa(set, events, good) : STEER_OK;
}

/* What the set lacks. Keys of the full form have been told, and stand for the rest. */
static int check_given(steer_events_t *events, uint32_t given, const steer_place_t *begin)
{
	if ((given & 1u << KEY_TYPE) == 0) {
		return steer_events_wrong_at(events, begin, "type: missing; allowed: a record set such "
		                             "as {type: A, values: [192.0.2.1]}");
	}
	if (given >> KEY_VALUES == 0) {
		return steer_events_wrong_at(events, begin, "values: missing; allowed: a record set "
		                             "such as {type: A, values: [192.0.2.1]}");
	}
	return STEER_OK;
}

int steer_yaml_set_take(steer_yaml_set_t *set, steer_events_t *events)
{
	if (events->kind != NODE_MAPPING) {
		int ret = events->kind == NODE_WRONG ? STEER_OK : steer_events_wrong(events,
			"records: no record set; allowed: one such as {type: A, values: [192.0.2.1]}, "
			"or a list of them");
		return ret == STEER_OK ? steer_events_skip(events) : ret;
	}
	const steer_place_t begin = events->place;
	set->type = 0;
	set->ttl = set->head->ttl;
	set->values_count = 0;
	set->texts_len = 0;
	uint32_t given;
	int ret = steer_yaml_mapping(events, set_keys, set, &given);
	if (ret == STEER_OK) {
		ret = check_given(events, given, &begin);
	}
	bool good = false;
	if (ret == STEER_OK && set->type != 0) {
		ret = check_type(set, events, &good);
	}
	for (size_t i = 0; i < set->values_count && good && ret == STEER_OK; i++) {
		ret = give_value(set, events, &set->values[i]);
	}
	return ret;
}
