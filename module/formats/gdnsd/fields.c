/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "formats/decimal.h"

void steer_gdnsd_wrong(steer_gdnsd_reading_t *reading, const steer_place_t *place,
                       const char *format, ...)
{
	va_list arguments;
	if (reading->ret != STEER_OK) {
		return;
	}
	va_start(arguments, format);
	reading->ret = steer_report_v(&reading->report, place, format, arguments);
	va_end(arguments);
}

void steer_gdnsd_warn(steer_gdnsd_reading_t *reading, const steer_place_t *place,
                      const char *format, ...)
{
	va_list arguments;
	if (reading->ret != STEER_OK) {
		return;
	}
	va_start(arguments, format);
	steer_warn_v(reading->sink->warn, reading->sink->ctx, place, format, arguments);
	va_end(arguments);
}

void steer_gdnsd_no_memory(steer_gdnsd_reading_t *reading)
{
	if (reading->ret == STEER_OK) {
		reading->ret = steer_fault(reading->report.fault, STEER_ENOMEM, "%s: out of memory",
		                           reading->report.name);
	}
}

void *steer_gdnsd_get(steer_gdnsd_reading_t *reading, size_t size)
{
	void *memory = steer_memory_get(reading->memory, size);
	if (memory == NULL) {
		steer_gdnsd_no_memory(reading);
	}
	return memory;
}

char *steer_gdnsd_print(steer_gdnsd_reading_t *reading, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	const int len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *text = steer_gdnsd_get(reading, len + 1);
	if (text != NULL) {
		vsnprintf(text, len + 1, format, again);
	}
	va_end(again);
	return text;
}

const steer_vscf_t *steer_gdnsd_find(const steer_gdnsd_scope_t *scope, const char *key)
{
	const steer_vscf_t *found = NULL;
	for (; scope != NULL && found == NULL; scope = scope->outer) {
		found = steer_vscf_get(scope->hash, key);
	}
	return found;
}

/*! What a value is of, for messages. */
static const char *name_of(const steer_vscf_t *value)
{
	return value->key != NULL ? value->key : "an item of a list";
}

const char *steer_gdnsd_text(steer_gdnsd_reading_t *reading, const steer_vscf_t *value)
{
	if (value->kind != STEER_VSCF_TEXT) {
		steer_gdnsd_wrong(reading, &value->place, "%.200s: not a text; allowed: one",
		                  name_of(value));
		return NULL;
	}
	return value->text;
}

void steer_gdnsd_number(steer_gdnsd_reading_t *reading, const steer_vscf_t *value, uint32_t min,
                        uint32_t max, uint32_t *number)
{
	const char *text = value != NULL ? steer_gdnsd_text(reading, value) : NULL;
	uint32_t read;
	if (text == NULL) {
		return;
	}
	if (!steer_number_parse(text, strlen(text), max, &read) || read < min) {
		steer_gdnsd_wrong(reading, &value->place, "%.200s: '%.40s'; allowed: %u to %u",
		                  name_of(value), text, min, max);
		return;
	}
	*number = read;
}

void steer_gdnsd_bool(steer_gdnsd_reading_t *reading, const steer_vscf_t *value, bool *is)
{
	const char *text = value != NULL ? steer_gdnsd_text(reading, value) : NULL;
	if (text == NULL) {
		return;
	}
	if (strcasecmp(text, "true") != 0 && strcasecmp(text, "false") != 0) {
		steer_gdnsd_wrong(reading, &value->place, "%.200s: '%.40s'; allowed: true, false",
		                  name_of(value), text);
		return;
	}
	*is = strcasecmp(text, "true") == 0;
}

void steer_gdnsd_share(steer_gdnsd_reading_t *reading, const steer_vscf_t *value, double *share)
{
	const char *text = value != NULL ? steer_gdnsd_text(reading, value) : NULL;
	int64_t rounded;
	if (text == NULL) {
		return;
	}
	if (!steer_decimal_parse(text, strlen(text), 6, 1, &rounded) || rounded <= 0) {
		steer_gdnsd_wrong(reading, &value->place, "%.200s: '%.40s'; allowed: more than 0, up to 1",
		                  name_of(value), text);
		return;
	}
	*share = strtod(text, NULL); // Of 3, 0.66666666 needs 2, but 0.666667 needs 3.
}

bool steer_gdnsd_is_hash(steer_gdnsd_reading_t *reading, const steer_vscf_t *value)
{
	if (value->kind != STEER_VSCF_HASH) {
		steer_gdnsd_wrong(reading, &value->place, "%.200s: not a hash; allowed: { ... }",
		                  name_of(value));
		return false;
	}
	return true;
}

bool steer_gdnsd_among(const char *text, const char *const *others)
{
	while (*others != NULL && strcmp(text, *others) != 0) {
		others++;
	}
	return *others != NULL;
}

void steer_gdnsd_only(steer_gdnsd_reading_t *reading, const steer_vscf_t *hash,
                      const char *const *keys)
{
	char allowed[512] = "";
	for (size_t i = 0, len = 0; keys[i] != NULL && len < sizeof(allowed); i++) {
		len += snprintf(allowed + len, sizeof(allowed) - len, "%s%s", i > 0 ? ", " : "", keys[i]);
	}
	for (const steer_vscf_t *entry = hash->first; entry != NULL && reading->ret == STEER_OK;
	     entry = entry->next) {
		if (!steer_gdnsd_among(entry->key, keys)) {
			steer_gdnsd_wrong(reading, &entry->key_at, "%.200s: not known; allowed: %s", entry->key,
			                  allowed);
		}
	}
}
