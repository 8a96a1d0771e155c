/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/records.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "formats/name_set.h"
#include "formats/text.h"
#include "formats/yaml/keys.h"
#include "formats/yaml/set.h"

struct steer_yaml_records {
	const steer_zone_head_t *head;
	steer_name_set_t seen;
	uint8_t owner[STEER_NAME_MAX];
	steer_yaml_set_t *set;
};

steer_yaml_records_t *steer_yaml_records_new(const steer_reading_t *reading,
                                             steer_fault_t *fault)
{
	steer_yaml_records_t *records = calloc(1, sizeof(*records));
	if (records == NULL) {
		return NULL;
	}
	records->set = steer_yaml_set_new(reading, fault);
	if (records->set == NULL) {
		free(records);
		return NULL;
	}
	return records;
}

void steer_yaml_records_free(steer_yaml_records_t *records)
{
	if (records != NULL) {
		steer_yaml_set_free(records->set);
		steer_name_set_free(&records->seen);
		free(records);
	}
}

/* Names. */

static int take_sets(steer_yaml_records_t *records, steer_events_t *events)
{
	steer_yaml_set_begin(records->set, records->head, records->owner);
	if (events->kind != NODE_LIST) {
		return steer_yaml_set_take(records->set, events);
	}
	int ret = STEER_OK;
	while (steer_events_item(events, &ret)) {
		ret = steer_yaml_set_take(records->set, events);
	}
	return ret;
}

static int check_owner(steer_yaml_records_t *records, steer_events_t *events, bool *good)
{
	const char *text = events->text;
	char shown[STEER_SHOWN], zone[STEER_NAME_TEXT];
	steer_shown(shown, text, events->len);
	if (!steer_name_in(records->owner, records->head->zone)) {
		steer_name_print(records->head->zone, zone);
		return steer_events_wrong(events, "%s: outside of the zone %s; allowed: names in it; "
		                          "without a final dot they are relative to it", shown, zone);
	}
	uint32_t before;
	if (steer_name_set_add(&records->seen, records->owner, events->place.line,
	                       &before) != STEER_OK) {
		return steer_events_no_memory(events);
	}
	if (before != 0) {
		return steer_events_wrong(events, "%s: the name is already in line %u; allowed: once, "
		                          "with a list of all its record sets", shown, before);
	}
	*good = true;
	return STEER_OK;
}

static int take_owner(steer_yaml_records_t *records, steer_events_t *events, bool *good)
{
	*good = false;
	if (events->kind != NODE_TEXT) {
		return steer_events_refuse(events, "records: a name is text, not a list or mapping");
	}
	bool named;
	int ret = steer_yaml_take_name(events, "records", records->head->zone, records->owner, &named);
	return ret == STEER_OK && named ? check_owner(records, events, good) : ret;
}

static int take_records(steer_yaml_records_t *records, steer_events_t *events)
{
	if (steer_events_is_empty(events)) {
		return STEER_OK;
	}
	if (events->kind != NODE_MAPPING) {
		return steer_events_refuse(events, "records: not a mapping; allowed: names with their "
		                           "record sets, such as www: {type: A, values: [192.0.2.1]}");
	}
	int ret = STEER_OK;
	while (steer_events_item(events, &ret)) {
		bool good;
		ret = take_owner(records, events, &good);
		if (steer_events_value(events, good, &ret)) {
			ret = take_sets(records, events);
		}
	}
	return ret;
}

/* The document: all but the records has been read before. */

static bool is_records(const steer_events_t *events)
{
	static const char key[] = "records";
	return events->kind == NODE_TEXT && events->len == sizeof(key) - 1 &&
	       memcmp(events->text, key, sizeof(key) - 1) == 0;
}

static int find_records(steer_yaml_records_t *records, steer_events_t *events)
{
	bool taken = false;
	int ret = STEER_OK;
	while (steer_events_item(events, &ret)) {
		bool here = !taken && is_records(events);
		ret = steer_events_skip(events); // A key that is a list or mapping.
		events->mute = !here;
		if (steer_events_value(events, here, &ret)) {
			ret = take_records(records, events);
		}
		events->mute = true;
		taken = taken || here;
	}
	return ret;
}

static int read_document(steer_yaml_records_t *records, steer_events_t *events)
{
	int ret = steer_events_next(events);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = records->head != NULL && events->kind == NODE_MAPPING ? find_records(records, events)
	                                                            : steer_events_skip(events);
	return ret == STEER_OK ? steer_events_next(events) : ret;
}

int steer_yaml_records(steer_yaml_records_t *records, steer_events_t *events,
                       const steer_zone_head_t *head)
{
	records->head = head;
	steer_name_set_clear(&records->seen);
	events->mute = true;
	int ret = read_document(records, events);
	events->mute = false;
	return ret;
}
