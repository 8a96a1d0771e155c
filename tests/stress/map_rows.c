/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Reads a source of a map, and counts what it has: for the stories, and for measurements.
 *
 * Usage: map_rows TYPE FILE. Prints the format, the numbers of rows, of those of IPv4, of those that
 * say something, of anycast ones, and the nanoseconds that reading took.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "core/map.h"
#include "formats/map/map_source.h"

typedef struct {
	uint64_t v4, told, anycast;
} counts_t;

static int count(void *ctx, const steer_map_row_t *row, steer_fault_t *fault)
{
	(void)fault;
	counts_t *counts = ctx;
	counts->v4 += row->network.family == 4;
	counts->told += row->geo != STEER_GEO_UNKNOWN || row->asn != 0 || row->name != NULL;
	counts->anycast += row->anycast;
	return STEER_OK;
}

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

int main(int argc, char **argv)
{
	counts_t counts = { 0 };
	steer_map_source_t source = { .path = argv[argc - 1] };
	const steer_map_sink_t sink = { count, NULL, &counts };
	steer_map_summary_t summary;
	steer_fault_t fault;
	if (argc != 3 || !steer_map_type_parse(argv[1], &source.type)) {
		fprintf(stderr, "usage: map_rows TYPE FILE\n");
		return 2;
	}
	uint64_t begin = now();
	if (steer_map_read(&source, &sink, &summary, &fault) != STEER_OK) {
		fprintf(stderr, "%s\n", fault.text);
		return 1;
	}
	uint64_t end = now();
	printf("%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
	       steer_map_format_name(summary.format), summary.rows, counts.v4, counts.told,
	       counts.anycast, end - begin);
	return 0;
}
