/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml_write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "formats/yaml_scalar.h"

#define NAME_INDENT "  "
#define SET_INDENT  "    "

struct steer_yaml_writer {
	steer_text_t *text;
	steer_yaml_sink_t sink; /*!< The stream. */
	char line[STEER_YAML_WIDTH];
	uint8_t zone[STEER_NAME_MAX];
	uint32_t ttl;
	bool records; /*!< The zone has had a name. */
	char name[STEER_NAME_TEXT]; /*!< As it is written, of the sets to come. */
	bool alone;   /*!< It has one set. */
};

/*! A record set that is being written. */
typedef struct {
	char type[STEER_TYPE_TEXT];
	uint16_t number;
	uint32_t ttl;
	bool own_ttl;
	const uint8_t *rrs, *end;
} set_t;

steer_yaml_writer_t *steer_yaml_writer_new(steer_text_t *text, FILE *out)
{
	steer_yaml_writer_t *writer = calloc(1, sizeof(*writer));
	if (writer != NULL) {
		writer->text = text;
		writer->sink.out = out;
	}
	return writer;
}

void steer_yaml_writer_free(steer_yaml_writer_t *writer)
{
	free(writer);
}

void steer_yaml_write_mark(steer_yaml_writer_t *writer)
{
	steer_yaml_puts(&writer->sink, "---\n");
}

static void put_number(steer_yaml_sink_t *sink, const char *key, uint32_t number)
{
	char digits[16];
	snprintf(digits, sizeof(digits), "%" PRIu32, number);
	steer_yaml_puts(sink, key);
	steer_yaml_puts(sink, ": ");
	steer_yaml_puts(sink, digits);
}

static void put_text(steer_yaml_sink_t *sink, const char *key, const char *text)
{
	steer_yaml_puts(sink, key);
	steer_yaml_puts(sink, ": ");
	steer_yaml_scalar(sink, text, false);
}

static void end_line(steer_yaml_sink_t *sink)
{
	steer_yaml_put(sink, "\n", 1);
}

/* A name without the labels of an ancestor, and without a final dot. */
static void print_relative(char *text, const uint8_t *name, const uint8_t *ancestor)
{
	uint8_t part[STEER_NAME_MAX];
	size_t len = steer_name_len(name) - steer_name_len(ancestor);
	memcpy(part, name, len);
	part[len] = 0;
	steer_name_print(part, text);
	if (len > 0) {
		text[strlen(text) - 1] = '\0';
	}
}

/* The zone. */

static void put_soa(steer_yaml_sink_t *sink, const steer_yaml_zone_t *zone)
{
	static const char *const names[] = { NAME_INDENT "mname", NAME_INDENT "rname" };
	static const char *const numbers[] = {
		NAME_INDENT "serial", NAME_INDENT "refresh", NAME_INDENT "retry",
		NAME_INDENT "expire", NAME_INDENT "minimum",
	};
	const uint8_t *at = zone->soa;
	steer_yaml_puts(sink, "soa:\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char text[STEER_NAME_TEXT];
		steer_name_print(at, text);
		put_text(sink, names[i], text);
		end_line(sink);
		at += steer_name_len(at);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		put_number(sink, numbers[i], steer_wire_u32(at));
		end_line(sink);
		at += sizeof(uint32_t);
	}
	put_number(sink, NAME_INDENT "ttl", zone->soa_ttl);
	end_line(sink);
}

void steer_yaml_write_zone(steer_yaml_writer_t *writer, const steer_yaml_zone_t *zone)
{
	static const uint8_t root[] = { 0 };
	steer_yaml_sink_t *sink = &writer->sink;
	memcpy(writer->zone, zone->name, steer_name_len(zone->name));
	writer->ttl = zone->ttl;
	writer->records = false;

	char text[STEER_NAME_TEXT];
	print_relative(text, zone->name, root);
	put_text(sink, "zone", text);
	end_line(sink);
	if (zone->overlay) {
		put_text(sink, "mode", "overlay");
		end_line(sink);
	}
	if (zone->comment != NULL) {
		put_text(sink, "comment", zone->comment);
		end_line(sink);
	}
	put_number(sink, "ttl", zone->ttl);
	end_line(sink);
	if (zone->soa != NULL) {
		put_soa(sink, zone);
	}
}

/* Names. */

void steer_yaml_write_name(steer_yaml_writer_t *writer, const uint8_t *name, unsigned count)
{
	steer_yaml_sink_t *sink = &writer->sink;
	if (!writer->records) {
		writer->records = true;
		steer_yaml_puts(sink, "records:\n");
	}
	writer->alone = count == 1;
	if (steer_name_len(name) == steer_name_len(writer->zone)) {
		strcpy(writer->name, "@");
	} else {
		print_relative(writer->name, name, writer->zone);
	}
	if (!writer->alone) {
		steer_yaml_puts(sink, NAME_INDENT);
		steer_yaml_scalar(sink, writer->name, false);
		steer_yaml_puts(sink, ":\n");
	}
}

/* Record sets. */

static const char *next_value(steer_yaml_writer_t *writer, const set_t *set, const uint8_t **at)
{
	uint16_t len;
	const uint8_t *rdata = steer_rr_next(at, set->end, &len);
	return rdata != NULL ? steer_rdata_print(writer->text, set->number, rdata, len) : NULL;
}

/* The set in braces; false: longer than the line. */
static bool put_flow(steer_yaml_writer_t *writer, steer_yaml_sink_t *sink, const set_t *set)
{
	steer_yaml_puts(sink, "{");
	put_text(sink, "type", set->type);
	if (set->own_ttl) {
		steer_yaml_puts(sink, ", ");
		put_number(sink, "ttl", set->ttl);
	}
	steer_yaml_puts(sink, ", values: [");
	const uint8_t *at = set->rrs;
	const char *value, *before = "";
	while (sink->len <= sink->room && (value = next_value(writer, set, &at)) != NULL) {
		steer_yaml_puts(sink, before);
		steer_yaml_scalar(sink, value, true);
		before = ", ";
	}
	steer_yaml_puts(sink, "]}");
	return sink->len <= sink->room;
}

/* The line of a set that fits on one; false: it does not, and nothing is written. */
static bool put_line(steer_yaml_writer_t *writer, const set_t *set)
{
	steer_yaml_sink_t line = { .line = writer->line, .room = sizeof(writer->line) };
	if (writer->alone) {
		steer_yaml_puts(&line, NAME_INDENT);
		steer_yaml_scalar(&line, writer->name, false);
		steer_yaml_puts(&line, ": ");
	} else {
		steer_yaml_puts(&line, SET_INDENT "- ");
	}
	if (!put_flow(writer, &line, set)) {
		return false;
	}
	steer_yaml_put(&writer->sink, line.line, line.len);
	end_line(&writer->sink);
	return true;
}

/* A line for each part and value. */
static void put_block(steer_yaml_writer_t *writer, const set_t *set)
{
	steer_yaml_sink_t *sink = &writer->sink;
	if (writer->alone) {
		steer_yaml_puts(sink, NAME_INDENT);
		steer_yaml_scalar(sink, writer->name, false);
		steer_yaml_puts(sink, ":\n");
	}
	put_text(sink, writer->alone ? SET_INDENT "type" : SET_INDENT "- type", set->type);
	end_line(sink);
	const char *indent = writer->alone ? SET_INDENT : SET_INDENT "  ";
	if (set->own_ttl) {
		steer_yaml_puts(sink, indent);
		put_number(sink, "ttl", set->ttl);
		end_line(sink);
	}
	steer_yaml_puts(sink, indent);
	steer_yaml_puts(sink, "values:\n");
	const uint8_t *at = set->rrs;
	const char *value;
	while ((value = next_value(writer, set, &at)) != NULL) {
		steer_yaml_puts(sink, indent);
		steer_yaml_puts(sink, "  - ");
		steer_yaml_scalar(sink, value, false);
		end_line(sink);
	}
}

void steer_yaml_write_set(steer_yaml_writer_t *writer, uint16_t type, uint32_t ttl,
                          const uint8_t *rrs, size_t rrs_len)
{
	set_t set = {
		.number = type, .ttl = ttl, .own_ttl = ttl != writer->ttl,
		.rrs = rrs, .end = rrs + rrs_len,
	};
	steer_type_print(type, set.type);
	if (!put_line(writer, &set)) {
		put_block(writer, &set);
	}
}
