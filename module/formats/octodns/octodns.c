/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/octodns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/utf8.h"
#include "formats/name_set.h"
#include "formats/octodns/alias.h"
#include "formats/octodns/dynamic.h"

#define TTL_DEFAULT 3600
/*! Most types of a name: more than octoDNS has, with those of its providers. */
#define TYPES_MAX   64

/*! What reading a file needs. */
typedef struct {
	steer_octodns_reading_t reading;
	steer_octodns_dynamic_t *dynamic;
	steer_octodns_line_t line;
	steer_name_set_t names;
	uint8_t owner[STEER_NAME_MAX];
	struct {
		const char *text;
		uint32_t line;
	} types[TYPES_MAX]; /*!< Of the name. */
	unsigned types_count;
} file_t;

/* The zone. */

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

/*! Whether a file is in a directory whose name is that of a zone with its final dot. */
static bool is_split(const char *path)
{
	const char *name = file_name(path);
	return name - path >= 3 && name[-2] == '.' && name[-3] != '/' && name[-3] != '.';
}

int steer_octodns_zone(const steer_input_t *input, uint8_t *zone, steer_fault_t *fault)
{
	static const char *const ends[] = { ".yaml", ".yml" };
	const char *name = file_name(input->name);
	char text[STEER_NAME_TEXT];
	if (is_split(input->name)) {
		return steer_fault(fault, STEER_EREFUSED, "%s: part of a zone that is split into files; "
		                   "allowed: all records of a zone in one file, as octodns-dump writes "
		                   "them without split_extension", input->name);
	}
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		const size_t len = strlen(name), end = strlen(ends[i]);
		if (len > end && len - end < sizeof(text) && strcmp(name + len - end, ends[i]) == 0) {
			snprintf(text, sizeof(text), "%.*s", (int)(len - end), name);
			if (steer_name_parse(text, zone) == STEER_OK && zone[0] != 0) {
				return STEER_OK;
			}
		}
	}
	return steer_fault(fault, STEER_EREFUSED, "%s: the name of the file is not that of a zone with "
	                   ".yaml; allowed: such as example.com.yaml, or --zone", input->name);
}

/* Records. */

/*! Notes the type of a record. \return false: it is wrong, or the name has it already */
static bool note_type(file_t *file, const steer_yaml_value_t *at, const char *text)
{
	char shown[STEER_SHOWN];
	for (unsigned i = 0; i < file->types_count; i++) {
		if (strcmp(file->types[i].text, text) == 0) {
			steer_octodns_wrong(&file->reading, at, "type: %s is already in line %u; allowed: once "
			                    "at a name", steer_shown(shown, text, strlen(text)),
			                    file->types[i].line);
			return false;
		}
	}
	if (file->types_count == TYPES_MAX) {
		steer_octodns_wrong(&file->reading, at, "more records at a name than octoDNS has types");
		return false;
	}
	file->types[file->types_count].text = text;
	file->types[file->types_count++].line = at->line;
	return true;
}

/*! Finds the values, which there are, under one of two keys. \return NULL: missing, or wrong */
static const steer_yaml_value_t *find_values(file_t *file, const steer_yaml_value_t *record)
{
	steer_octodns_reading_t *reading = &file->reading;
	const steer_yaml_value_t *values = steer_yaml_tree_get(reading->tree, record, "values");
	const steer_yaml_value_t *value = steer_yaml_tree_get(reading->tree, record, "value");
	const steer_yaml_value_t *first = NULL;
	if (values != NULL && value != NULL) {
		steer_octodns_wrong(reading, value, "value: given with values; allowed: one of the two");
		return NULL;
	}
	values = values != NULL ? values : value;
	if (values == NULL || !steer_octodns_next(reading, values, &first)) {
		steer_octodns_wrong(reading, values != NULL ? values : record, "values: none; allowed: one "
		                    "or more, or value");
		return NULL;
	}
	return values;
}

static void check_one(steer_octodns_group_t *group)
{
	const steer_yaml_value_t *second = NULL;
	if (group->type->one && steer_octodns_next(group->reading, group->values, &second) &&
	    steer_octodns_next(group->reading, group->values, &second)) {
		steer_octodns_wrong(group->reading, second, "a second value of %s; allowed: one",
		                    group->type->name);
	}
}

static void pass_group(file_t *file, steer_octodns_group_t *group)
{
	steer_octodns_reading_t *reading = group->reading;
	const steer_yaml_value_t *dynamic = steer_octodns_get(reading, group->at, "dynamic",
	                                                      STEER_YAML_MAPPING);
	const steer_yaml_value_t *geo = steer_yaml_tree_get(reading->tree, group->at, "geo");
	const steer_yaml_value_t *either = dynamic != NULL ? dynamic : geo;
	const unsigned errors = reading->report.errors;
	check_one(group);
	steer_octodns_take_probe(reading, group->at, either != NULL, &group->probe);
	if (dynamic != NULL && geo != NULL) {
		steer_octodns_wrong(reading, geo, "geo: given with dynamic; allowed: one of the two");
	} else if (dynamic != NULL && !steer_octodns_is_dynamic(group->type->type)) {
		steer_octodns_wrong(reading, dynamic, "dynamic: not for %s; allowed: A, AAAA, CNAME",
		                    group->type->name);
	} else if (geo != NULL && (group->type->one || !steer_octodns_is_dynamic(group->type->type))) {
		steer_octodns_wrong(reading, geo, "geo: not for %s; allowed: A, AAAA", group->type->name);
	}
	if (reading->report.errors != errors || reading->ret != STEER_OK) {
		return;
	}
	if (dynamic != NULL) {
		steer_octodns_pass_dynamic(file->dynamic, group, dynamic);
	} else if (geo != NULL) {
		steer_octodns_pass_geo(file->dynamic, group, geo);
	} else {
		steer_octodns_pass_values(group, group->values, false);
	}
}

/*! Reports, or warns about, a type that is none of DNS. */
static void leave_out(file_t *file, const steer_yaml_value_t *at, const char *text)
{
	char shown[STEER_SHOWN], names[STEER_OCTODNS_TYPE_NAMES];
	if (strcmp(text, "URLFWD") == 0 || strchr(text, '/') != NULL) {
		steer_octodns_warn(&file->reading, at, "type: %s is no type of DNS, so the record is left "
		                   "out", steer_shown(shown, text, strlen(text)));
	} else {
		steer_octodns_wrong(&file->reading, at, "type: '%s' is not a type of octoDNS; allowed: "
		                    STEER_OCTODNS_ALIAS ", %s", steer_shown(shown, text, strlen(text)),
		                    steer_octodns_type_names(names));
	}
}

static bool is_ignored(file_t *file, const steer_yaml_value_t *record)
{
	steer_octodns_reading_t *reading = &file->reading;
	const steer_yaml_value_t *options = steer_yaml_tree_get(reading->tree, record, "octodns");
	if (options == NULL || options->kind != STEER_YAML_MAPPING ||
	    !steer_octodns_is_true(reading, options, "ignored")) {
		return false;
	}
	steer_octodns_warn(reading, options, "ignored: the record is left out, as octoDNS does");
	return true;
}

static void take_record(file_t *file, const steer_yaml_value_t *record)
{
	static const char *const keys[] = {
		"type", "ttl", "value", "values", "dynamic", "geo", "octodns", NULL
	};
	steer_octodns_reading_t *reading = &file->reading;
	const steer_yaml_value_t *at;
	if (!steer_octodns_is_mapping(reading, record, "record")) {
		return;
	}
	steer_octodns_only(reading, record, keys);
	const char *text = steer_octodns_need(reading, record, "type", "such as A")
	                   ? steer_octodns_text(reading, record, "type", &at) : NULL;
	if (text == NULL || is_ignored(file, record) || !note_type(file, at, text)) {
		return;
	}
	steer_octodns_group_t group = {
		.reading = reading, .line = &file->line, .at = record, .owner = file->owner,
		.type = steer_octodns_type(text), .ttl = TTL_DEFAULT,
	};
	const bool alias = steer_octodns_is_alias(text);
	if (group.type == NULL && !alias) {
		leave_out(file, at, text);
		return;
	}
	group.no_ttl = !steer_octodns_number(reading, record, "ttl", 0, STEER_TTL_MAX, &group.ttl);
	group.values = find_values(file, record);
	if (group.values != NULL && alias) {
		steer_octodns_pass_alias(&group, text);
	} else if (group.values != NULL) {
		pass_group(file, &group);
	}
}

/* Names. */

/*! Reads a name, which is relative to the zone; an empty one is that of the zone. */
static bool take_owner(file_t *file, const steer_yaml_value_t *key)
{
	steer_octodns_reading_t *reading = &file->reading;
	const char *text = steer_yaml_tree_text(reading->tree, key);
	char shown[STEER_SHOWN];
	uint32_t before = 0;
	steer_shown(shown, text, strlen(text));
	if (strcmp(text, "@") == 0 || steer_name_is_absolute(text, strlen(text)) ||
	    steer_name_parse_in(text[0] != '\0' ? text : "@", reading->zone, file->owner) != STEER_OK) {
		steer_octodns_wrong(reading, key, "'%s' is no name in the zone; allowed: relative to it, "
		                    "without a final dot; '' is the zone's own, and international names "
		                    "are written as xn--", shown);
		return false;
	}
	if (steer_name_set_add(&file->names, file->owner, key->line, &before) != STEER_OK) {
		steer_octodns_no_memory(reading);
	} else if (before != 0) {
		steer_octodns_wrong(reading, key, "%s: the name is already in line %u; allowed: once, with "
		                    "a list of its records", shown, before);
	}
	return before == 0;
}

static void take_names(file_t *file)
{
	steer_octodns_reading_t *reading = &file->reading;
	const steer_yaml_tree_t *tree = reading->tree;
	if (!steer_octodns_is_mapping(reading, &tree->values[0], "zone")) {
		return;
	}
	for (const steer_yaml_value_t *key = steer_yaml_tree_next_key(tree, &tree->values[0], NULL);
	     key != NULL && reading->ret == STEER_OK;
	     key = steer_yaml_tree_next_key(tree, &tree->values[0], key)) {
		const steer_yaml_value_t *record = NULL;
		if (!take_owner(file, key)) {
			continue;
		}
		file->types_count = 0;
		while (steer_octodns_next(reading, &key[1], &record)) {
			take_record(file, record);
		}
	}
}

/* The file. */

static int begin_zone(file_t *file)
{
	const steer_octodns_reading_t *reading = &file->reading;
	steer_zone_head_t head = { .zone_at = { reading->tree->file, 1, 1 } };
	memcpy(head.zone, reading->zone, steer_name_len(reading->zone));
	return reading->sink->zone(reading->sink->ctx, &head, reading->report.fault);
}

static void read_file(file_t *file)
{
	steer_octodns_reading_t *reading = &file->reading;
	if (reading->tree->count == 0 || reading->tree->values[0].kind == STEER_YAML_EMPTY) {
		const steer_place_t place = { reading->tree->file, 1, 1 };
		reading->ret = steer_report(&reading->report, &place, "no records; allowed: names with "
		                            "their records, such as www: {type: A, value: 192.0.2.1}");
		return;
	}
	reading->ret = begin_zone(file);
	if (reading->ret == STEER_OK) {
		take_names(file);
	}
}

int steer_octodns_read(const steer_input_t *input, const uint8_t *zone, steer_text_t *text,
                       const steer_reading_t *sink, steer_fault_t *fault)
{
	steer_yaml_tree_t tree = { .file = input->name };
	file_t file = {
		.reading = {
			.sink = sink, .tree = &tree, .zone = zone,
			.text = text != NULL ? text : steer_text_new(),
			.report = { sink->error, sink->ctx, input->name, fault, 0 },
		},
		.dynamic = steer_octodns_dynamic_new(),
	};
	steer_octodns_reading_t *reading = &file.reading;
	if (file.dynamic == NULL || reading->text == NULL) {
		steer_octodns_no_memory(reading);
	} else {
		reading->ret = steer_yaml_tree_read(&tree, input, &reading->report);
	}
	if (reading->ret == STEER_OK) {
		read_file(&file);
		reading->ret = reading->ret == STEER_OK ? steer_report_end(&reading->report) : reading->ret;
	}
	steer_octodns_line_free(&file.line);
	steer_name_set_free(&file.names);
	steer_octodns_dynamic_free(file.dynamic);
	if (text == NULL) {
		steer_text_free(reading->text);
	}
	steer_yaml_tree_free(&tree);
	return reading->ret;
}
