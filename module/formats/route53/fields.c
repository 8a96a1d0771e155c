/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/decimal.h"

void steer_field_wrong(steer_route53_reading_t *reading, const steer_field_at_t *field,
                       const char *format, ...)
{
	va_list args;
	if (reading->ret != STEER_OK) {
		return;
	}
	const steer_place_t place = steer_field_place(field);
	va_start(args, format);
	reading->ret = steer_report_v(&reading->report, &place, format, args);
	va_end(args);
}

void steer_field_warn(steer_route53_reading_t *reading, const steer_field_at_t *field,
                      const char *format, ...)
{
	va_list args;
	if (reading->ret != STEER_OK) {
		return;
	}
	const steer_place_t place = steer_field_place(field);
	va_start(args, format);
	steer_warn_v(reading->sink->warn, reading->sink->ctx, &place, format, args);
	va_end(args);
}

void steer_field_no_memory(steer_route53_reading_t *reading)
{
	reading->ret = steer_fault(reading->report.fault, STEER_ENOMEM, "out of memory");
}

static const char *const kinds[] = {
	[STEER_JSON_NULL] = "null",
	[STEER_JSON_BOOL] = "true or false",
	[STEER_JSON_NUMBER] = "a number",
	[STEER_JSON_TEXT] = "text in quotes",
	[STEER_JSON_LIST] = "a list",
	[STEER_JSON_OBJECT] = "an object",
};

steer_field_at_t steer_field_get(steer_route53_reading_t *reading, const steer_field_at_t *object,
                                 const char *key, steer_json_kind_t kind)
{
	steer_field_at_t field = { object->json, steer_json_get(object->json, object->value, key) };
	if (field.value != NULL && field.value->kind != kind) {
		steer_field_wrong(reading, &field, "%s: %s; allowed: %s", key, kinds[field.value->kind],
		                  kinds[kind]);
		field.value = NULL;
	}
	return field;
}

bool steer_field_need(steer_route53_reading_t *reading, const steer_field_at_t *object,
                      const char *key, const char *allowed)
{
	if (steer_json_get(object->json, object->value, key) != NULL) {
		return true;
	}
	steer_field_wrong(reading, object, "%s: missing; allowed: %s", key, allowed);
	return false;
}

const char *steer_field_text(steer_route53_reading_t *reading, const steer_field_at_t *object,
                             const char *key, steer_field_at_t *field)
{
	*field = steer_field_get(reading, object, key, STEER_JSON_TEXT);
	return field->value != NULL ? steer_json_text(field->json, field->value) : NULL;
}

bool steer_field_number(steer_route53_reading_t *reading, const steer_field_at_t *object,
                        const char *key, uint32_t min, uint32_t max, uint32_t *number)
{
	const steer_field_at_t field = steer_field_get(reading, object, key, STEER_JSON_NUMBER);
	if (field.value == NULL) {
		return false;
	}
	const char *text = steer_json_text(field.json, field.value);
	if (!steer_number_parse(text, strlen(text), max, number) || *number < min) {
		steer_field_wrong(reading, &field, "%s: %s; allowed: %u to %u", key, text, min, max);
		return false;
	}
	return true;
}

bool steer_field_bool(steer_route53_reading_t *reading, const steer_field_at_t *object,
                      const char *key, bool otherwise)
{
	const steer_field_at_t field = steer_field_get(reading, object, key, STEER_JSON_BOOL);
	return field.value != NULL ? field.value->truth : otherwise;
}

bool steer_field_next(steer_route53_reading_t *reading, const steer_field_at_t *list,
                      steer_field_at_t *item)
{
	item->json = list->json;
	while (reading->ret == STEER_OK &&
	       (item->value = steer_json_next(list->json, list->value, item->value)) != NULL) {
		if (item->value->kind == STEER_JSON_OBJECT) {
			return true;
		}
		steer_field_wrong(reading, item, "%s; allowed: an object", kinds[item->value->kind]);
	}
	return false;
}

bool steer_field_next_named(steer_route53_reading_t *reading, const steer_field_at_t *object,
                            const char **name, steer_field_at_t *item)
{
	const steer_json_value_t *key = item->value != NULL ? item->value - 1 : NULL;
	char shown[STEER_SHOWN];
	while (reading->ret == STEER_OK &&
	       (key = steer_json_next_key(object->json, object->value, key)) != NULL) {
		*item = (steer_field_at_t) { object->json, &key[1] };
		*name = steer_json_text(object->json, key);
		if (item->value->kind == STEER_JSON_OBJECT) {
			return true;
		}
		steer_field_wrong(reading, item, "%s: %s; allowed: an object",
		                  steer_shown(shown, *name, strlen(*name)), kinds[item->value->kind]);
	}
	return false;
}

static bool is_one(const char *key, const char *const *keys)
{
	while (*keys != NULL && strcmp(*keys, key) != 0) {
		keys++;
	}
	return *keys != NULL;
}

void steer_field_only(steer_route53_reading_t *reading, const steer_field_at_t *object,
                      const char *const *keys)
{
	steer_field_at_t key = { object->json, NULL };
	while ((key.value = steer_json_next_key(key.json, object->value, key.value)) != NULL) {
		const char *text = steer_json_text(key.json, key.value);
		if (is_one(text, keys)) {
			continue;
		}
		char line[512], shown[STEER_SHOWN];
		size_t len = 0;
		for (const char *const *at = keys; *at != NULL && len < sizeof(line); at++) {
			len += snprintf(line + len, sizeof(line) - len, "%s%s", len > 0 ? ", " : "", *at);
		}
		steer_field_wrong(reading, &key, "%s: no field that is known here; allowed: %s",
		                  steer_shown(shown, text, strlen(text)), line);
	}
}
