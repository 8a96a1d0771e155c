/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/record_set.h"

#include <inttypes.h>
#include <string.h>

#include "core/attributes.h"
#include "core/recordset.h"
#include "ctl/output.h"
#include "formats/place_text.h"
#include "formats/program.h"
#include "formats/yaml/scalar.h"
#include "formats/yaml/write.h"

/*! Room for a policy and all other details that follow a record. */
#define DETAILS_TEXT (STEER_PROGRAM_TEXT + 2048)

bool plain_set(const steer_group_t *group, steer_set_t *set)
{
	if (!steer_group_is_plain(group)) {
		return false;
	}
	steer_group_set(group, 0, set);
	return true;
}

static void copy_id(char id[STEER_SET_ID_MAX + 1], const steer_set_t *set)
{
	size_t len = set->id_len <= STEER_SET_ID_MAX ? set->id_len : 0;
	if (len > 0) { // May be NULL when the length is 0.
		memcpy(id, set->id, len);
	}
	id[len] = '\0';
}

/*! Whether the group's program reads an attribute: STEER_KEEP_*. */
static bool reads(const steer_group_t *group, uint16_t attribute)
{
	return (steer_program_reads(group->program, group->program_len) & attribute) != 0;
}

/* What a record set has besides values. */

/*! A list of details: a comment, or a YAML mapping. */
typedef struct {
	steer_yaml_sink_t sink;
	bool mapping;
	unsigned count;
	const steer_names_t *names; /*!< Of numbers in record sets. */
} details_t;

/*! Begins an item: in a mapping with a key, in a comment with a word, which may be NULL. */
static void begin(details_t *details, const char *key, const char *word)
{
	steer_yaml_sink_t *sink = &details->sink;
	if (details->count++ > 0) {
		steer_yaml_puts(sink, ", ");
	} else {
		steer_yaml_puts(sink, details->mapping ? "{" : " ; ");
	}
	if (details->mapping) {
		steer_yaml_puts(sink, key);
		steer_yaml_puts(sink, ": ");
	} else if (word != NULL) {
		steer_yaml_puts(sink, word);
		steer_yaml_puts(sink, " ");
	}
}

static void add(details_t *details, const char *key, const char *word, const char *value)
{
	begin(details, key, word);
	steer_yaml_scalar(&details->sink, value, true);
}

static void put_number(details_t *details, int64_t number)
{
	char digits[24];
	snprintf(digits, sizeof(digits), "%" PRId64, number);
	steer_yaml_puts(&details->sink, digits);
}

static void add_number(details_t *details, const char *key, int64_t number)
{
	begin(details, key, key);
	put_number(details, number);
}

static void add_policy(details_t *details, const steer_group_t *group)
{
	char text[STEER_PROGRAM_TEXT];
	steer_program_print(group->program, group->program_len, text);
	begin(details, "policy", NULL);
	if (steer_program_preset(group->program, group->program_len) != STEER_PRESET_NONE) {
		steer_yaml_puts(&details->sink, text);
		return;
	}
	steer_yaml_puts(&details->sink, "[");
	steer_yaml_puts(&details->sink, text);
	steer_yaml_puts(&details->sink, "]");
}

static void add_tier(details_t *details, const steer_group_t *group, const steer_set_t *set)
{
	if (set->tier > 1 ||
	    steer_program_preset(group->program, group->program_len) != STEER_PRESET_FAILOVER) {
		add_number(details, "tier", set->tier);
	} else {
		add(details, "failover", NULL, set->tier == 0 ? "primary" : "secondary");
	}
}

/* Where it and its clients are: in a comment as options of steerctl set, in a mapping as YAML. */

/*! Adds a text without blanks and commas to a comment. */
static void note(details_t *details, const char *word, const char *text)
{
	begin(details, NULL, word);
	steer_yaml_puts(&details->sink, text);
}

/*! Prints a location, or "default" for clients of any. */
static const char *print_location(const steer_names_t *names, uint32_t location,
                                  char text[STEER_DICTIONARY_NAME_MAX + 1])
{
	return location != 0 ? steer_names_print(names, location, text) : strcpy(text, "default");
}

static void note_asns(details_t *details, const steer_set_t *set)
{
	uint8_t len = 0;
	const uint8_t *asns = steer_attribute_find(set->attrs, set->attrs_len, STEER_ATTR_ASNS, &len);
	note(details, "asn", len == 0 ? "default" : "");
	for (unsigned i = 0; i < len / sizeof(uint32_t); i++) {
		steer_yaml_puts(&details->sink, i > 0 ? "," : "");
		put_number(details, steer_attribute_asn(asns, i));
	}
}

static void note_places(details_t *details, const steer_group_t *group, const steer_set_t *set)
{
	char name[STEER_DICTIONARY_NAME_MAX + 1], place[STEER_GEO_TEXT], point[STEER_COORDINATES_TEXT];
	if (set->region != 0) {
		note(details, "region", steer_names_print(details->names, set->region, name));
	}
	if (reads(group, STEER_KEEP_GEO)) {
		note(details, "geo", steer_geo_print(set->geo, place));
	}
	if (set->has_point) {
		note(details, "coordinates", steer_coordinates_print(set->point, point));
	}
	if (set->bias != 0) {
		add_number(details, "bias", set->bias);
	}
	if (reads(group, STEER_KEEP_LOCATION)) {
		note(details, "cidr", print_location(details->names, set->location, name));
	}
	if (reads(group, STEER_KEEP_ASNS)) {
		note_asns(details, set);
	}
}

static void add_details(details_t *details, const steer_group_t *group, const steer_set_t *set)
{
	char id[STEER_SET_ID_MAX + 1], check[CHECK_ID_TEXT];
	if (group->program_len > 0) {
		copy_id(id, set);
		add_policy(details, group);
		add(details, "id", "set", id);
	}
	if (reads(group, STEER_KEEP_TIER)) {
		add_tier(details, group, set);
	}
	if (reads(group, STEER_KEEP_WEIGHT)) {
		add_number(details, "weight", set->weight);
	}
	if (details->mapping) {
		steer_yaml_write_where(&details->sink, details->names, group, set);
	} else {
		note_places(details, group, set);
	}
	if (steer_set_health(set, check)) {
		add(details, "health", "health", check);
	}
	if (set->alias && !set->evaluate) {
		begin(details, "evaluate-target-health", "evaluate-target-health");
		steer_yaml_puts(&details->sink, "no");
	}
}

/*! Ends the text, for which room was reserved; one that is too long becomes empty. */
static void end(details_t *details)
{
	steer_yaml_puts(&details->sink, details->mapping && details->count > 0 ? "}" : "");
	size_t len = details->sink.len;
	details->sink.line[len <= details->sink.room ? len : 0] = '\0';
}

/* As text. */

void record_set_lines(steer_text_t *text, const steer_names_t *names, FILE *out,
                      const char *prefix, const uint8_t *name, const steer_group_t *group,
                      const steer_set_t *set)
{
	char line[DETAILS_TEXT], type[STEER_TYPE_TEXT];
	details_t details = {
		.sink = { .line = line, .room = sizeof(line) - 1 }, .names = names,
	};
	if (set->alias) {
		steer_type_text(group->type, type);
		add(&details, "type", "type", type);
	}
	add_details(&details, group, set);
	end(&details);
	if (!set->alias) {
		steer_records_write(text, out, prefix, line, name, group->type, set->ttl, set->body,
		                    set->body_len);
		return;
	}
	char owner[STEER_NAME_TEXT], target[STEER_NAME_TEXT];
	steer_name_print(name, owner);
	steer_name_print(set->body, target);
	fprintf(out, "%s%s\tALIAS\t%s%s\n", prefix, owner, target, line);
}

void record_set_row(steer_text_t *text, const steer_names_t *names, FILE *out,
                    const uint8_t *name, const steer_group_t *group, const steer_set_t *set)
{
	char line[DETAILS_TEXT], owner[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	details_t details = {
		.sink = { .line = line, .room = sizeof(line) - 1 }, .mapping = true, .names = names,
	};
	add_details(&details, group, set);
	end(&details);
	steer_name_print(name, owner);
	steer_type_text(group->type, type);
	if (set->alias) {
		char target[STEER_NAME_TEXT];
		steer_name_print(set->body, target);
		fprintf(out, "%s\t%s\t-\talias %s", owner, type, target);
	} else {
		fprintf(out, "%s\t%s\t%u", owner, type, set->ttl);
		const uint8_t *at = set->body, *rdata;
		uint16_t len;
		while ((rdata = steer_rr_next(&at, set->body + set->body_len, &len)) != NULL) {
			fprintf(out, "\t%s", steer_rdata_print(text, group->type, rdata, len));
		}
	}
	fprintf(out, "%s%s\n", details.count > 0 ? "\t" : "", line);
}

/* As JSON. */

void record_values_json(json_t *values, steer_text_t *text, uint16_t type, const uint8_t *rrs,
                        size_t len)
{
	const uint8_t *at = rrs, *rdata;
	uint16_t rdata_len;
	while ((rdata = steer_rr_next(&at, rrs + len, &rdata_len)) != NULL) {
		const char *value = steer_rdata_print(text, type, rdata, rdata_len);
		json_array_append_new(values, json_string(value));
	}
}

static json_t *asns_json(const steer_set_t *set)
{
	uint8_t len = 0;
	const uint8_t *asns = steer_attribute_find(set->attrs, set->attrs_len, STEER_ATTR_ASNS, &len);
	json_t *list = json_array();
	for (unsigned i = 0; i < len / sizeof(uint32_t); i++) {
		json_array_append_new(list, json_integer(steer_attribute_asn(asns, i)));
	}
	return list;
}

void record_set_where_json(json_t *object, const steer_names_t *names, uint16_t attributes,
                           const steer_set_t *set)
{
	char name[STEER_DICTIONARY_NAME_MAX + 1], place[STEER_GEO_TEXT];
	if ((attributes & STEER_KEEP_REGION) && set->region != 0) {
		steer_names_print(names, set->region, name);
		json_object_set_new(object, "region", json_string(name));
	}
	if (attributes & STEER_KEEP_GEO) {
		json_object_set_new(object, "geo", json_string(steer_geo_print(set->geo, place)));
	}
	if ((attributes & STEER_KEEP_POINT) && set->has_point) {
		json_object_set_new(object, "coordinates", json_coordinates(&set->point));
	}
	if ((attributes & STEER_KEEP_BIAS) && set->bias != 0) {
		json_object_set_new(object, "bias", json_integer(set->bias));
	}
	if (attributes & STEER_KEEP_LOCATION) {
		print_location(names, set->location, name);
		json_object_set_new(object, "cidr", json_string(name));
	}
	if (attributes & STEER_KEEP_ASNS) {
		json_object_set_new(object, "asn", asns_json(set));
	}
}

static void put_details(json_t *object, const steer_names_t *names, const steer_group_t *group,
                        const steer_set_t *set)
{
	char id[STEER_SET_ID_MAX + 1], check[CHECK_ID_TEXT], policy[STEER_PROGRAM_TEXT];
	if (group->program_len > 0) {
		copy_id(id, set);
		steer_program_print(group->program, group->program_len, policy);
		json_object_set_new(object, "policy", json_string(policy));
		json_object_set_new(object, "id", json_string(id));
	}
	if (reads(group, STEER_KEEP_TIER)) {
		json_object_set_new(object, "tier", json_integer(set->tier));
	}
	if (reads(group, STEER_KEEP_WEIGHT)) {
		json_object_set_new(object, "weight", json_integer(set->weight));
	}
	record_set_where_json(object, names,
	                      steer_program_reads(group->program, group->program_len), set);
	if (steer_set_health(set, check)) {
		json_object_set_new(object, "health", json_string(check));
	}
}

json_t *record_set_json(steer_text_t *text, const steer_names_t *names, const uint8_t *name,
                        const steer_group_t *group, const steer_set_t *set)
{
	char type[STEER_TYPE_TEXT];
	json_t *object;
	steer_type_text(group->type, type);
	if (set->alias) {
		object = json_pack("{s:o, s:s, s:n, s:o, s:b}", "name", json_name(name), "type", type,
		                   "ttl", "alias", json_name(set->body),
		                   "evaluate_target_health", (int)set->evaluate);
	} else {
		json_t *values = json_array();
		record_values_json(values, text, group->type, set->body, set->body_len);
		object = json_pack("{s:o, s:s, s:I, s:o}", "name", json_name(name), "type", type,
		                   "ttl", (json_int_t)set->ttl, "values", values);
	}
	if (object != NULL) {
		put_details(object, names, group, set);
	}
	return object;
}
