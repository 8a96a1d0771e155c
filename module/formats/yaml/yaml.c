/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/yaml.h"

#include <stdlib.h>

#include "formats/yaml/events.h"
#include "formats/yaml/head.h"
#include "formats/yaml/records.h"

struct steer_yaml {
	steer_input_t *input;
};

int steer_yaml_take(steer_yaml_t **file, steer_input_t *input)
{
	steer_yaml_t *made = malloc(sizeof(*made));
	if (made == NULL) {
		return STEER_ENOMEM;
	}
	made->input = input;
	*file = made;
	return STEER_OK;
}

int steer_yaml_text(steer_yaml_t **file, const char *name, const char *text, size_t len)
{
	steer_input_t *input = NULL;
	int ret = steer_input_text(&input, name, text, len);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_yaml_take(file, input);
	if (ret != STEER_OK) {
		steer_input_free(input);
	}
	return ret;
}

void steer_yaml_close(steer_yaml_t *file)
{
	if (file != NULL) {
		steer_input_free(file->input);
		free(file);
	}
}

void steer_yaml_release(steer_yaml_t *file)
{
	steer_input_release(file->input);
}

/*! Two parsers of one file, the first a document ahead. */
typedef struct {
	const steer_reading_t *reading;
	steer_report_t *report;
	steer_events_t ahead, behind;
	steer_yaml_health_t *health;
	steer_yaml_records_t *records;
} pair_t;

static int read_document(pair_t *pair, bool *any)
{
	steer_zone_head_t head;
	steer_yaml_found_t found;
	int ret = steer_yaml_head(&pair->ahead, pair->health, &head, &found);
	if (ret != STEER_OK) {
		return ret;
	}
	*any = *any || found.zone || found.health;
	if (found.zone) {
		ret = pair->reading->zone(pair->reading->ctx, &head, pair->report->fault);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	ret = steer_events_next(&pair->behind);
	if (ret != STEER_OK) {
		return ret;
	}
	return steer_yaml_records(pair->records, &pair->behind, found.zone ? &head : NULL);
}

static int read_documents(pair_t *pair)
{
	bool any = false;
	int ret;
	while ((ret = steer_events_next(&pair->ahead)) == STEER_OK && pair->ahead.kind != NODE_END) {
		ret = read_document(pair, &any);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	if (ret == STEER_OK && !any && pair->report->errors == 0) {
		const steer_place_t begin = { pair->ahead.input->name, 1, 1 };
		ret = steer_events_wrong_at(&pair->ahead, &begin, STEER_YAML_NO_ZONE);
	}
	return ret == STEER_OK ? steer_report_end(pair->report) : ret;
}

int steer_yaml_read(steer_yaml_t *file, const steer_reading_t *reading, steer_fault_t *fault)
{
	steer_report_t report = { reading->error, reading->ctx, file->input->name, fault, 0 };
	pair_t pair = { .reading = reading, .report = &report };
	const steer_input_t input = steer_events_without_mark(file->input);
	int ret = steer_events_open(&pair.ahead, &input, &report);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_events_open(&pair.behind, &input, &report);
	if (ret != STEER_OK) {
		goto close_ahead;
	}
	pair.health = steer_yaml_health_new(reading, fault);
	pair.records = steer_yaml_records_new(reading, fault);
	ret = pair.health != NULL && pair.records != NULL ? read_documents(&pair)
	                                                  : steer_events_no_memory(&pair.ahead);
	steer_yaml_records_free(pair.records);
	steer_yaml_health_free(pair.health);
	steer_events_close(&pair.behind);
close_ahead:
	steer_events_close(&pair.ahead);
	return ret;
}
