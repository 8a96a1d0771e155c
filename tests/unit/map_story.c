/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/map_story.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "formats/network_text.h"
#include "unit/test.h"

typedef struct {
	FILE *out;
	steer_map_type_t type;
} story_t;

static void tell_place(FILE *out, const steer_coordinates_t *place)
{
	fprintf(out, " %.2f,%.2f", place->lat / 100.0, place->lon / 100.0);
}

static void tell_geo(FILE *out, const steer_map_row_t *row)
{
	char text[3][STEER_GEO_CODE_TEXT];
	fprintf(out, " %s/%s/%s%s", steer_geo_continent_print(row->geo, text[0]),
	        steer_geo_country_print(row->geo, text[1]),
	        steer_geo_subdivision_print(row->geo, text[2]), row->anycast ? " anycast" : "");
	if (row->has_place) {
		tell_place(out, &row->place);
	}
}

static int tell_row(void *ctx, const steer_map_row_t *row, steer_fault_t *fault)
{
	(void)fault;
	const story_t *story = ctx;
	char network[STEER_NETWORK_TEXT];
	fprintf(story->out, "%u %s", row->at.line, story->type == STEER_MAP_REGIONS
	        ? row->name : steer_network_print(&row->network, network));
	switch (story->type) {
	case STEER_MAP_GEO:
		tell_geo(story->out, row);
		break;
	case STEER_MAP_LATENCY:
		fprintf(story->out, " %s %uus", row->name, row->rtt_us);
		if (row->time > 0) {
			fprintf(story->out, " @%" PRIu64, row->time);
		}
		break;
	case STEER_MAP_CIDR:
		fprintf(story->out, " %s", row->name);
		break;
	case STEER_MAP_REGIONS:
		tell_place(story->out, &row->place);
		break;
	default:
		fprintf(story->out, " AS%u", row->asn);
	}
	fputc('\n', story->out);
	return STEER_OK;
}

static void tell_error(void *ctx, const steer_place_t *place, const char *text)
{
	const story_t *story = ctx;
	fprintf(story->out, "!%u:%u %s\n", place->line, place->column, text);
}

static char *tell(const steer_map_source_t *source, const steer_input_t *input,
                  steer_map_summary_t *summary)
{
	char *made = NULL;
	size_t size;
	steer_fault_t fault = { .text = "" };
	story_t story = { open_memstream(&made, &size), source->type };
	const steer_map_sink_t sink = { tell_row, tell_error, &story };
	assert_non_null(story.out);
	int ret = input != NULL ? steer_map_read_input(source, input, &sink, summary, &fault)
	                        : steer_map_read(source, &sink, summary, &fault);
	if (ret != STEER_OK) {
		assert_int_equal(fault.code, ret);
		fprintf(story.out, "! %s\n", fault.text);
	}
	fclose(story.out);
	return made;
}

char *map_story(const steer_map_source_t *source, const char *text, size_t len,
                steer_map_summary_t *summary)
{
	steer_input_t *input = NULL;
	assert_int_equal(steer_input_text(&input, "file", text, len), STEER_OK);
	char *story = tell(source, input, summary);
	steer_input_free(input);
	return story;
}

char *map_story_of_path(const steer_map_source_t *source, steer_map_summary_t *summary)
{
	return tell(source, NULL, summary);
}
