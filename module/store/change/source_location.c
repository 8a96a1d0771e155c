/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "store/change/source_location.h"

static void owner_text(char owner[STEER_NAME_TEXT_MAX], const steer_change_record_t *record)
{
	steer_key_t key;
	uint8_t name[STEER_NAME_MAX];
	if (steer_key_from_bytes(&key, record->key, record->key_len) == STEER_OK) {
		steer_key_to_name(name, &key, key.labels);
		steer_name_to_text(owner, name);
	} else {
		strcpy(owner, "(damaged key)");
	}
}

steer_change_record_t steer_change_set_place(const steer_change_set_t *set)
{
	return (steer_change_record_t) {
		.key = set->key, .key_len = set->key_len, .kind = STEER_CHANGE_SET,
		.type = set->type, .set = set, .file = set->source.file,
		.line = set->source.line, .column = set->source.column,
	};
}

int steer_source_location_fault(const steer_source_location_t *location, int code, const char *what,
                                const char *text, steer_fault_t *fault)
{
	if (location->file == NULL) {
		return steer_fault(fault, code, "%s: %s", what, text);
	}
	if (location->column == 0) {
		return steer_fault(fault, code, "%s:%u: %s: %s", location->file, location->line, what,
		                   text);
	}
	return steer_fault(fault, code, "%s:%u:%u: %s: %s", location->file, location->line,
	                   location->column, what, text);
}

int steer_record_fault(const steer_change_record_t *record, int code, const char *text,
                       steer_fault_t *fault)
{
	char owner[STEER_NAME_TEXT_MAX];
	owner_text(owner, record);
	const steer_source_location_t location = { record->file, record->line, record->column };
	return steer_source_location_fault(&location, code, owner, text, fault);
}

void steer_record_warn(const steer_change_record_t *record, const char *text,
                       const steer_apply_t *options)
{
	if (options == NULL || options->warn == NULL) {
		return;
	}
	char owner[STEER_NAME_TEXT_MAX], line[STEER_NAME_TEXT_MAX + STEER_SET_TEXT + STEER_MESSAGE_MAX];
	owner_text(owner, record);
	snprintf(line, sizeof(line), "%s: %s", owner, text);
	const steer_source_location_t location = { record->file, record->line, record->column };
	options->warn(options->ctx, &location, line);
}

void steer_set_text(char text[STEER_SET_TEXT], uint16_t type, const void *id, size_t id_len)
{
	char buf[STEER_TYPE_TEXT];
	const char *name = steer_type_text(type, buf);
	if (id_len == 0) {
		snprintf(text, STEER_SET_TEXT, "%s", name);
	} else {
		int len = id_len < STEER_SET_ID_MAX ? id_len : STEER_SET_ID_MAX;
		snprintf(text, STEER_SET_TEXT, "%s '%.*s'", name, len, (const char *)id);
	}
}

/*! How well a record suits to be pointed at; 0: not at all. */
static unsigned fitness(const steer_change_record_t *record, uint16_t type, const uint8_t *id,
                        size_t id_len)
{
	if (record->type != type) {
		return record->file != NULL;
	}
	if (id != NULL && record->kind == STEER_CHANGE_SET && record->set->id_len == id_len &&
	    memcmp(record->set->id, id, id_len) == 0) {
		return 4;
	}
	return id != NULL && record->kind == STEER_CHANGE_POLICY ? 3 : 2;
}

steer_change_record_t steer_name_records_find(const steer_name_records_t *name,
                                              uint16_t type, const uint8_t *id, size_t id_len)
{
	steer_change_record_t found = { .key = name->key, .key_len = name->key_len };
	unsigned best = 0;
	for (size_t i = name->count; i > 0; i--) {
		unsigned fits = fitness(&name->records[i - 1], type, id, id_len);
		if (fits > best) {
			found = name->records[i - 1];
			best = fits;
		}
	}
	return found;
}
