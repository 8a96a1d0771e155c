/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/reading.h"

#include <stdarg.h>

int steer_map_give(steer_map_reading_t *reading, steer_map_row_t *row)
{
	row->at = (steer_place_t) { reading->input->name, reading->lines.number, 1 };
	reading->summary->rows++;
	return reading->sink->row(reading->sink->ctx, row, reading->report.fault);
}

/*! Counts a bad line, and keeps the message of the first one. */
static void skip(steer_map_summary_t *summary, const steer_place_t *place, const char *format,
                 va_list args)
{
	steer_report_t first = { .fault = &summary->first_bad };
	if (summary->bad++ == 0) {
		(void)steer_report_v(&first, place, format, args);
	}
}

int steer_map_bad(steer_map_reading_t *reading, const char *at, const char *format, ...)
{
	const steer_lines_t *lines = &reading->lines;
	steer_place_t place = { reading->input->name, lines->number, 0 };
	place.column = lines->number > 0 ? 1 + (at != NULL ? at - lines->text : 0) : 0;
	va_list args;
	int ret = STEER_OK;
	va_start(args, format);
	if (reading->source->skip_bad) {
		skip(reading->summary, &place, format, args);
	} else {
		ret = steer_report_v(&reading->report, &place, format, args);
	}
	va_end(args);
	return ret;
}

int steer_map_next_line(steer_map_reading_t *reading, bool *more)
{
	int ret = STEER_OK;
	*more = false;
	while (ret == STEER_OK && steer_lines_next(&reading->lines)) {
		if (reading->lines.len > STEER_MAP_LINE_MAX) {
			ret = steer_map_bad(reading, NULL, "a line of %zu bytes; allowed: up to %d",
			                    reading->lines.len, STEER_MAP_LINE_MAX);
		} else if (!steer_lines_is_blank(&reading->lines)) {
			*more = true;
			break;
		}
	}
	return ret;
}

int steer_map_lines(steer_map_reading_t *reading,
                    int (*line)(steer_map_reading_t *reading, void *ctx), void *ctx)
{
	bool more;
	int ret = steer_map_next_line(reading, &more);
	while (ret == STEER_OK && more) {
		ret = line(reading, ctx);
		ret = ret == STEER_OK ? steer_map_next_line(reading, &more) : ret;
	}
	return ret;
}
