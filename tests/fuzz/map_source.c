/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any bytes as a source of a map: it is read or refused, in the same way each time; the rows
 *        are possible ones, and written as CSV they are read back as the same.
 *
 * The low bits of the first byte are the map's type; 8: bad lines are skipped; 128: the rest is
 * one file, else a zero byte ends it, and what follows are MaxMind's locations, or the targets of
 * measurements.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/regions.h"
#include "formats/map/map_source.h"
#include "formats/network_text.h"
#include "tests/fuzz/target.h"

/*! Rows that are written and read back, so that an input takes a bounded time. */
#define BACK_MAX 64

typedef struct {
	const steer_map_source_t *source;
	const steer_map_row_t *want; /*!< Reading back: the row to come. */
	unsigned rows, errors;
} story_t;

static int read_bytes(const char *bytes, size_t size, story_t *story, steer_map_summary_t *summary);

static bool is_possible(const steer_network_t *network)
{
	if ((network->family != 4 && network->family != 6) ||
	    network->length > steer_network_bits(network)) {
		return false;
	}
	for (unsigned bit = network->length; bit < 128; bit++) {
		if ((network->address[bit / 8] & 0x80 >> bit % 8) != 0) {
			return false;
		}
	}
	return true;
}

static void write_geo(FILE *out, const steer_map_row_t *row)
{
	char text[3][STEER_GEO_CODE_TEXT];
	fprintf(out, "prefix,continent,country,subdivision,lat,lon\n%%s,%s,%s,%s,",
	        steer_geo_continent_print(row->geo, text[0]),
	        steer_geo_country_print(row->geo, text[1]),
	        steer_geo_subdivision_print(row->geo, text[2]));
	if (row->has_place) {
		fprintf(out, "%.2f,%.2f", row->place.lat / 100.0, row->place.lon / 100.0);
	} else {
		fputc(',', out);
	}
}

/* A file of one row. */
static void write_row(FILE *out, steer_map_type_t type, const steer_map_row_t *row)
{
	char network[STEER_NETWORK_TEXT], *text = NULL;
	size_t size;
	FILE *format = open_memstream(&text, &size);
	steer_network_print(&row->network, network);
	switch (type) {
	case STEER_MAP_GEO:
		write_geo(format, row);
		break;
	case STEER_MAP_LATENCY:
		fprintf(format, "prefix,region,rtt_ms,time\n%%s,%s,%u.%03u,%" PRIu64, row->name,
		        row->rtt_us / 1000, row->rtt_us % 1000, row->time);
		break;
	case STEER_MAP_CIDR:
		fprintf(format, "prefix,location\n%%s,%s", row->name);
		break;
	case STEER_MAP_ASN:
		fprintf(format, "prefix,asn\n%%s,%u", row->asn);
		break;
	default:
		fprintf(format, "lat,lon,region\n%.2f,%.2f,%s", row->place.lat / 100.0,
		        row->place.lon / 100.0, row->name);
	}
	fclose(format);
	const char *mark = strstr(text, "%s");
	fwrite(text, 1, mark != NULL ? (size_t)(mark - text) : size, out);
	if (mark != NULL) {
		fprintf(out, "%s%s", network, mark + 2);
	}
	free(text);
}

static void read_back(const story_t *story, const steer_map_row_t *row)
{
	char *made = NULL;
	size_t size;
	FILE *out = open_memstream(&made, &size);
	steer_map_row_t want = *row;
	steer_map_summary_t summary;
	want.time = row->time <= UINT32_MAX ? row->time : 0;
	write_row(out, story->source->type, &want);
	fclose(out);
	story_t back = { .source = story->source, .want = &want };
	require(read_bytes(made, size, &back, &summary) == STEER_OK && back.rows == 1);
	free(made);
}

static int take_row(void *ctx, const steer_map_row_t *row, steer_fault_t *fault)
{
	(void)fault;
	story_t *story = ctx;
	const steer_map_row_t *want = story->want;
	steer_map_type_t type = story->source->type;
	bool named = type == STEER_MAP_LATENCY || type == STEER_MAP_CIDR || type == STEER_MAP_REGIONS;
	require(type == STEER_MAP_REGIONS || is_possible(&row->network));
	require(abs(row->place.lat) <= STEER_LATITUDE_MAX);
	require(abs(row->place.lon) <= STEER_LONGITUDE_MAX);
	require(row->rtt_us <= STEER_RTT_MAX);
	require(named ? steer_region_name_is_good(row->name, strlen(row->name)) : row->name == NULL);
	if (want == NULL) {
		if (story->rows < BACK_MAX) {
			read_back(story, row);
		}
	} else {
		require(row->network.family == want->network.family &&
		        row->network.length == want->network.length &&
		        memcmp(row->network.address, want->network.address, 16) == 0);
		require(row->geo == want->geo && row->has_place == want->has_place &&
		        row->place.lat == want->place.lat && row->place.lon == want->place.lon &&
		        row->rtt_us == want->rtt_us && row->time == want->time && row->asn == want->asn &&
		        (!named || strcmp(row->name, want->name) == 0));
	}
	story->rows++;
	return STEER_OK;
}

static void take_error(void *ctx, const steer_place_t *place, const char *text)
{
	((story_t *)ctx)->errors++;
	require(place->file != NULL && text[0] != '\0');
}

static int read_bytes(const char *bytes, size_t size, story_t *story, steer_map_summary_t *summary)
{
	const steer_map_sink_t sink = { take_row, take_error, story };
	steer_fault_t fault = { .text = "" };
	steer_input_t *input = NULL;
	require(steer_input_text(&input, "file", bytes, size) == STEER_OK);
	int ret = steer_map_read_input(story->source, input, &sink, summary, &fault);
	require((ret != STEER_OK) == (fault.text[0] != '\0'));
	require(story->errors == 0 || ret == STEER_EREFUSED);
	require(summary->rows == story->rows);
	require((summary->bad > 0) == (summary->first_bad.text[0] != '\0'));
	steer_input_free(input);
	return ret;
}

/*! Makes a file of bytes. \return Its descriptor; -1: none is wanted, or could be made. */
static int make_file(const char *bytes, const char *end, char path[32])
{
	int fd = bytes < end ? memfd_create("fuzz", MFD_CLOEXEC) : -1;
	if (fd >= 0 && write(fd, bytes, end - bytes) == end - bytes) {
		snprintf(path, 32, "/proc/self/fd/%d", fd);
	}
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	const char *text = (const char *)data + 1, *end = (const char *)data + size;
	const char *mark = (data[0] & 128) == 0 ? memchr(text, '\0', size - 1) : NULL;
	const char *text_end = mark != NULL ? mark : end;
	char second[32] = "";
	int fd = make_file(mark != NULL ? mark + 1 : end, end, second);
	const steer_map_source_t source = {
		.type = (data[0] & 7) % STEER_MAP_TYPES_COUNT, .skip_bad = (data[0] & 8) != 0,
		.locations = fd >= 0 ? second : NULL, .targets = fd >= 0 ? second : NULL,
		.region = fd >= 0 ? NULL : "oslo",
	};
	story_t stories[2] = { { .source = &source }, { .source = &source } };
	steer_map_summary_t summaries[2];
	int ret[2];
	for (unsigned i = 0; i < 2; i++) {
		ret[i] = read_bytes(text, text_end - text, &stories[i], &summaries[i]);
	}
	require(ret[0] == ret[1] && stories[0].rows == stories[1].rows &&
	        stories[0].errors == stories[1].errors && summaries[0].bad == summaries[1].bad &&
	        summaries[0].unmeasured == summaries[1].unmeasured);
	if (fd >= 0) {
		close(fd);
	}
	return 0;
}
