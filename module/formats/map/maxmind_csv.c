/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MaxMind's CSV files: blocks are networks, which name locations by numbers; locations are in a
 * file of their own. Autonomous systems have no locations.
 */
#include <stdlib.h>

#include "formats/map/maxmind_files.h"
#include "formats/map/table.h"

/*! Most locations: those of GeoLite2 City are 130,000. */
#define LOCATIONS_MAX (4 << 20)

typedef struct {
	uint32_t number;
	steer_geo_t geo;
} location_t;

typedef struct {
	location_t *of; /*!< Sorted by number once they are read. */
	size_t count, room;
	const char *name; /*!< Of their file. */
} locations_t;

static int compare(const void *a, const void *b)
{
	const location_t *first = a, *second = b;
	return first->number < second->number ? -1 : first->number > second->number;
}

static int keep_location(steer_map_reading_t *reading, steer_values_t *values, void *ctx)
{
	locations_t *locations = ctx;
	if (locations->count == LOCATIONS_MAX) {
		return steer_fault(reading->report.fault, STEER_EREFUSED, "%s: more than %d locations; "
		                   "allowed: as many", reading->input->name, LOCATIONS_MAX);
	}
	if (locations->count == locations->room) {
		size_t room = locations->room > 0 ? 2 * locations->room : 4096;
		location_t *more = realloc(locations->of, room * sizeof(*more));
		if (more == NULL) {
			return steer_fault(reading->report.fault, STEER_ENOMEM, "%s: out of memory",
			                   reading->input->name);
		}
		locations->of = more;
		locations->room = room;
	}
	locations->of[locations->count++] = (location_t) { values->geoname, values->row.geo };
	return STEER_OK;
}

static int read_locations(steer_map_reading_t *reading, const steer_input_t *input,
                          locations_t *locations)
{
	static const steer_column_t columns[] = {
		{ "geoname_id",             steer_value_geoname,     STEER_COLUMN_FILLED },
		{ "continent_code",         steer_value_continent,   STEER_COLUMN_NEEDED },
		{ "country_iso_code",       steer_value_country,     STEER_COLUMN_NEEDED },
		{ "subdivision_1_iso_code", steer_value_subdivision, STEER_COLUMN_OPTIONAL },
	};
	const steer_table_t table = {
		columns, sizeof(columns) / sizeof(*columns), true, keep_location, locations,
	};
	steer_map_reading_t inner = *reading;
	inner.input = input;
	inner.lines = steer_lines_of(input);
	int ret = steer_table_read(&inner, &table);
	reading->report.errors = inner.report.errors;
	if (ret == STEER_OK && locations->count > 0) {
		qsort(locations->of, locations->count, sizeof(*locations->of), compare);
	}
	return ret;
}

static int give_block(steer_map_reading_t *reading, steer_values_t *values, void *ctx)
{
	const locations_t *locations = ctx;
	if (values->geoname != 0) {
		const location_t key = { values->geoname, STEER_GEO_UNKNOWN };
		const location_t *found = locations->count == 0 ? NULL
			: bsearch(&key, locations->of, locations->count, sizeof(key), compare);
		if (found == NULL) {
			return steer_map_bad(reading, NULL, "location %u is not in %s; allowed: one that is",
			                     values->geoname, locations->name);
		}
		values->row.geo = found->geo;
	}
	return steer_map_give(reading, &values->row);
}

static int read_blocks(steer_map_reading_t *reading, locations_t *locations)
{
	static const steer_column_t columns[] = {
		{ "network",    steer_value_network, STEER_COLUMN_FILLED },
		{ "geoname_id", steer_value_geoname, STEER_COLUMN_NEEDED },
		{ "latitude",   steer_value_lat,     STEER_COLUMN_OPTIONAL },
		{ "longitude",  steer_value_lon,     STEER_COLUMN_OPTIONAL },
		{ "is_anycast", steer_value_anycast, STEER_COLUMN_OPTIONAL },
	};
	const steer_table_t table = {
		columns, sizeof(columns) / sizeof(*columns), true, give_block, locations,
	};
	return steer_table_read(reading, &table);
}

static int read_geo(steer_map_reading_t *reading)
{
	char *path = NULL;
	steer_input_t *input = NULL;
	steer_fault_t *fault = reading->report.fault;
	int ret = STEER_OK;
	if (reading->source->locations == NULL) {
		ret = steer_maxmind_find_locations(reading->input->name, &path, fault);
	}
	if (ret == STEER_OK) {
		ret = steer_input_open(&input, path != NULL ? path : reading->source->locations, fault);
	}
	free(path);
	if (ret != STEER_OK) {
		return ret;
	}
	locations_t locations = { .name = input->name };
	ret = read_locations(reading, input, &locations);
	ret = ret == STEER_OK ? read_blocks(reading, &locations) : ret;
	free(locations.of);
	steer_input_free(input);
	return ret;
}

static int give_system(steer_map_reading_t *reading, steer_values_t *values, void *ctx)
{
	(void)ctx;
	return steer_map_give(reading, &values->row);
}

int steer_map_read_maxmind_csv(steer_map_reading_t *reading)
{
	static const steer_column_t columns[] = {
		{ "network",                  steer_value_network, STEER_COLUMN_FILLED },
		{ "autonomous_system_number", steer_value_asn,     STEER_COLUMN_NEEDED },
	};
	static const steer_table_t systems = {
		columns, sizeof(columns) / sizeof(*columns), true, give_system, NULL,
	};
	return reading->source->type == STEER_MAP_GEO ? read_geo(reading)
	                                              : steer_table_read(reading, &systems);
}
