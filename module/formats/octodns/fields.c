/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "formats/decimal.h"

void steer_octodns_wrong(steer_octodns_reading_t *reading, const steer_yaml_value_t *at,
                         const char *format, ...)
{
	va_list args;
	if (reading->ret != STEER_OK) {
		return;
	}
	const steer_place_t place = steer_yaml_tree_place(reading->tree, at);
	va_start(args, format);
	reading->ret = steer_report_v(&reading->report, &place, format, args);
	va_end(args);
}

void steer_octodns_warn(steer_octodns_reading_t *reading, const steer_yaml_value_t *at,
                        const char *format, ...)
{
	va_list args;
	if (reading->ret != STEER_OK) {
		return;
	}
	const steer_place_t place = steer_yaml_tree_place(reading->tree, at);
	va_start(args, format);
	steer_warn_v(reading->sink->warn, reading->sink->ctx, &place, format, args);
	va_end(args);
}

void steer_octodns_no_memory(steer_octodns_reading_t *reading)
{
	reading->ret = steer_fault(reading->report.fault, STEER_ENOMEM, "out of memory");
}

static const char *const kinds[] = {
	[STEER_YAML_EMPTY] = "nothing",
	[STEER_YAML_TEXT] = "text",
	[STEER_YAML_LIST] = "a list",
	[STEER_YAML_MAPPING] = "a mapping",
};

const steer_yaml_value_t *steer_octodns_get(steer_octodns_reading_t *reading,
                                            const steer_yaml_value_t *mapping, const char *key,
                                            steer_yaml_kind_t kind)
{
	const steer_yaml_value_t *value = steer_yaml_tree_get(reading->tree, mapping, key);
	if (value != NULL && value->kind != kind) {
		steer_octodns_wrong(reading, value, "%s: %s; allowed: %s", key, kinds[value->kind],
		                    kinds[kind]);
		return NULL;
	}
	return value;
}

const char *steer_octodns_text(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                               const char *key, const steer_yaml_value_t **at)
{
	*at = steer_octodns_get(reading, mapping, key, STEER_YAML_TEXT);
	return *at != NULL ? steer_yaml_tree_text(reading->tree, *at) : NULL;
}

bool steer_octodns_number(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                          const char *key, uint32_t min, uint32_t max, uint32_t *number)
{
	const steer_yaml_value_t *at;
	const char *text = steer_octodns_text(reading, mapping, key, &at);
	uint32_t made;
	if (text == NULL) {
		return false;
	}
	if (!steer_number_parse(text, strlen(text), max, &made) || made < min) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(reading, at, "%s: '%s'; allowed: %u to %u", key,
		                    steer_shown(shown, text, strlen(text)), min, max);
		return false;
	}
	*number = made;
	return true;
}

bool steer_octodns_is_true(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                           const char *key)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "true", true }, { "True", true }, { "yes", true }, { "on", true },
		{ "false", false }, { "False", false }, { "no", false }, { "off", false },
	};
	const steer_yaml_value_t *at;
	const char *text = steer_octodns_text(reading, mapping, key, &at);
	for (size_t i = 0; text != NULL && i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(text, words[i].word) == 0) {
			return words[i].value;
		}
	}
	if (text != NULL) {
		char shown[STEER_SHOWN];
		steer_octodns_wrong(reading, at, "%s: '%s'; allowed: true, false", key,
		                    steer_shown(shown, text, strlen(text)));
	}
	return false;
}

bool steer_octodns_need(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                        const char *key, const char *allowed)
{
	if (steer_yaml_tree_get(reading->tree, mapping, key) != NULL) {
		return true;
	}
	steer_octodns_wrong(reading, mapping, "%s: missing; allowed: %s", key, allowed);
	return false;
}

bool steer_octodns_next(const steer_octodns_reading_t *reading, const steer_yaml_value_t *list,
                        const steer_yaml_value_t **item)
{
	if (reading->ret != STEER_OK) {
		return false;
	}
	if (list->kind != STEER_YAML_LIST) {
		*item = *item == NULL ? list : NULL;
	} else {
		*item = steer_yaml_tree_next(reading->tree, list, *item);
	}
	return *item != NULL;
}

bool steer_octodns_is_mapping(steer_octodns_reading_t *reading, const steer_yaml_value_t *value,
                              const char *what)
{
	if (value->kind != STEER_YAML_MAPPING) {
		steer_octodns_wrong(reading, value, "%s: %s; allowed: a mapping", what,
		                    kinds[value->kind]);
	}
	return value->kind == STEER_YAML_MAPPING;
}

static bool is_one(const char *key, const char *const *keys)
{
	while (*keys != NULL && strcmp(*keys, key) != 0) {
		keys++;
	}
	return *keys != NULL;
}

void steer_octodns_only(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                        const char *const *keys)
{
	const steer_yaml_tree_t *tree = reading->tree;
	for (const steer_yaml_value_t *key = steer_yaml_tree_next_key(tree, mapping, NULL); key != NULL;
	     key = steer_yaml_tree_next_key(tree, mapping, key)) {
		const char *text = steer_yaml_tree_text(tree, key);
		char shown[STEER_SHOWN];
		if (strcmp(text, "<<") == 0) {
			steer_octodns_wrong(reading, key, "<<: merge keys are not supported; allowed: the keys "
			                    "themselves");
		} else if (!is_one(text, keys)) {
			steer_octodns_warn(reading, key, "%s: no key that is known here, so it is left out",
			                   steer_shown(shown, text, strlen(text)));
		}
	}
}
