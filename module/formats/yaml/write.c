/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/write.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "formats/yaml/writer.h"

steer_yaml_writer_t *steer_yaml_writer_new(steer_text_t *text, steer_names_t names, FILE *out)
{
	steer_yaml_writer_t *writer = calloc(1, sizeof(*writer));
	if (writer != NULL) {
		writer->text = text;
		writer->names = names;
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

/* The zone. */

static void put_soa(steer_yaml_map_t *document, const steer_yaml_zone_t *zone)
{
	static const char *const names[] = { "mname", "rname" };
	static const char *const numbers[] = { "serial", "refresh", "retry", "expire", "minimum" };
	const uint8_t *at = zone->soa;
	steer_yaml_map_t soa = steer_yaml_map_open(document, "soa");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char text[STEER_NAME_TEXT];
		steer_name_print(at, text);
		steer_yaml_map_text(&soa, names[i], text);
		at += steer_name_len(at);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		steer_yaml_map_number(&soa, numbers[i], steer_wire_u32(at));
		at += sizeof(uint32_t);
	}
	steer_yaml_map_number(&soa, "ttl", zone->soa_ttl);
	steer_yaml_map_close(&soa);
}

void steer_yaml_write_zone(steer_yaml_writer_t *writer, const steer_yaml_zone_t *zone)
{
	static const uint8_t root[] = { 0 };
	steer_yaml_map_t document = { .sink = &writer->sink };
	memcpy(writer->zone, zone->name, steer_name_len(zone->name));
	writer->ttl = zone->ttl;
	writer->records = false;

	char text[STEER_NAME_TEXT];
	steer_yaml_print_relative(zone->name, root, text);
	steer_yaml_map_text(&document, "zone", text);
	if (zone->overlay) {
		steer_yaml_map_text(&document, "mode", "overlay");
	}
	if (zone->comment != NULL) {
		steer_yaml_map_text(&document, "comment", zone->comment);
	}
	steer_yaml_map_number(&document, "ttl", writer->ttl);
	if (zone->soa != NULL) {
		put_soa(&document, zone);
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
	steer_yaml_print_name(writer, name, writer->name);
	if (!writer->alone) {
		steer_yaml_puts(sink, "  ");
		steer_yaml_scalar(sink, writer->name, false);
		steer_yaml_puts(sink, ":\n");
	}
}
