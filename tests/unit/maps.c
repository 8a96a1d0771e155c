/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/maps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/map/map_source.h"
#include "unit/networks.h"
#include "unit/test.h"

int map_read(steer_map_builder_t *builder, steer_map_type_t type, const char *csv,
             steer_fault_t *fault)
{
	const steer_map_source_t source = { .type = type };
	const steer_map_sink_t sink = { .row = steer_map_builder_add, .ctx = builder };
	steer_map_summary_t summary;
	steer_input_t *input = NULL;
	assert_int_equal(steer_input_text(&input, "file", csv, strlen(csv)), STEER_OK);
	int ret = steer_map_read_input(&source, input, &sink, &summary, fault);
	steer_input_free(input);
	return ret == STEER_OK ? steer_map_builder_end(builder, fault) : ret;
}

uint8_t *map_make(steer_map_type_t type, const char *csv, uint32_t first, size_t *size)
{
	steer_map_builder_t *builder = steer_map_builder_new(type, "c");
	const steer_map_origin_t origin = {
		.imported = MAP_IMPORTED, .file = MAP_FILE, .file_len = strlen(MAP_FILE),
		.format = "CSV", .format_len = 3,
	};
	const steer_dictionary_name_t *names;
	steer_fault_t fault = { .text = "" };
	uint8_t *value = NULL;
	int ret = map_read(builder, type, csv, &fault);
	if (ret == STEER_OK) {
		const size_t count = steer_map_builder_names(builder, &names);
		uint32_t *numbers = calloc(count + 1, sizeof(*numbers));
		for (size_t i = 0; i < count; i++) {
			numbers[i] = first + i;
		}
		ret = steer_map_builder_write(builder, numbers, &origin, &value, size, &fault);
		free(numbers);
	}
	assert_string_equal(fault.text, "");
	assert_int_equal(ret, STEER_OK);
	steer_map_builder_free(builder);
	return value;
}

static void write_point(FILE *out, const steer_coordinates_t *point)
{
	fprintf(out, " %.2f,%.2f", point->lat / 100.0, point->lon / 100.0);
}

static void write_place(FILE *out, const steer_map_place_t *place)
{
	char text[3][STEER_GEO_CODE_TEXT];
	fprintf(out, "%s/%s/%s%s", steer_geo_continent_print(place->geo, text[0]),
	        steer_geo_country_print(place->geo, text[1]),
	        steer_geo_subdivision_print(place->geo, text[2]), place->anycast ? " anycast" : "");
	if (place->has_point) {
		write_point(out, &place->point);
	}
}

static void write_latencies(FILE *out, const steer_map_latencies_t *latencies)
{
	for (uint32_t i = 0; i < latencies->count; i++) {
		const steer_map_latency_t row = steer_map_latency_at(latencies, i);
		steer_map_latency_t found = { 0 };
		assert_true(steer_map_latency_find(latencies, row.region, &found));
		assert_memory_equal(&found, &row, sizeof(row));
		assert_int_equal(row.source, STEER_LATENCY_IMPORT);
		fprintf(out, "%s%u:%uus", i > 0 ? " " : "", row.region, row.rtt_us);
		if (row.time > 0) {
			fprintf(out, "@%u", row.time);
		}
	}
}

static void write_blocks(FILE *out, const steer_map_t *map, uint32_t class,
                         const steer_client_t *client)
{
	steer_network_block_t block;
	const char *before = "";
	while (steer_network_blocks_next(&map->networks, &class, client, &block)) {
		fprintf(out, "%s%u/%u", before, block.location, block.length);
		before = " ";
	}
}

static const char *keep(const char *text)
{
	static char kept[4096];
	assert_true(strlen(text) < sizeof(kept));
	return strcpy(kept, text);
}

const char *map_says(const steer_map_t *map, const char *text)
{
	const steer_client_t client = client_parse(text);
	const uint32_t class = steer_network_map_find(&map->networks, &client).class;
	steer_map_place_t place;
	steer_map_latencies_t latencies;
	char *made = NULL;
	size_t size;
	FILE *out = open_memstream(&made, &size);
	switch (map->networks.type) {
	case STEER_MAP_GEO:
		place = steer_map_place(map, class);
		write_place(out, &place);
		break;
	case STEER_MAP_LATENCY:
		latencies = steer_map_latencies(map, class);
		write_latencies(out, &latencies);
		break;
	case STEER_MAP_CIDR:
		write_blocks(out, map, class, &client);
		break;
	default:
		fprintf(out, "AS%u", steer_map_asn(map, class));
		break;
	}
	fclose(out);
	const char *kept = keep(made);
	free(made);
	return kept;
}

const char *map_sites(const steer_map_t *map)
{
	char *made = NULL;
	size_t size;
	FILE *out = open_memstream(&made, &size);
	for (uint32_t i = 0; i < steer_map_sites(map); i++) {
		const steer_map_site_t site = steer_map_site_at(map, i);
		steer_map_site_t found = { 0 };
		assert_true(steer_map_site_find(map, site.region, &found));
		assert_memory_equal(&found, &site, sizeof(site));
		fprintf(out, "%s%u", i > 0 ? ", " : "", site.region);
		write_point(out, &site.point);
	}
	fclose(out);
	const char *kept = keep(made);
	free(made);
	return kept;
}
