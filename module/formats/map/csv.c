/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "formats/map/table.h"

static int give(steer_map_reading_t *reading, steer_values_t *values, void *ctx)
{
	(void)ctx;
	return steer_map_give(reading, &values->row);
}

static const steer_column_t geo[] = {
	{ "prefix",      steer_value_network,     STEER_COLUMN_FILLED },
	{ "continent",   steer_value_continent,   STEER_COLUMN_OPTIONAL },
	{ "country",     steer_value_country,     STEER_COLUMN_OPTIONAL },
	{ "subdivision", steer_value_subdivision, STEER_COLUMN_OPTIONAL },
	{ "lat",         steer_value_lat,         STEER_COLUMN_OPTIONAL },
	{ "lon",         steer_value_lon,         STEER_COLUMN_OPTIONAL },
	{ "anycast",     steer_value_anycast,     STEER_COLUMN_OPTIONAL },
};

static const steer_column_t latency[] = {
	{ "prefix", steer_value_network, STEER_COLUMN_FILLED },
	{ "region", steer_value_region,  STEER_COLUMN_FILLED },
	{ "rtt_ms", steer_value_rtt,     STEER_COLUMN_FILLED },
	{ "time",   steer_value_time,    STEER_COLUMN_OPTIONAL },
};

static const steer_column_t cidr[] = {
	{ "prefix",   steer_value_network,  STEER_COLUMN_FILLED },
	{ "location", steer_value_location, STEER_COLUMN_FILLED },
};

static const steer_column_t regions[] = {
	{ "region", steer_value_region, STEER_COLUMN_FILLED },
	{ "lat",    steer_value_lat,    STEER_COLUMN_FILLED },
	{ "lon",    steer_value_lon,    STEER_COLUMN_FILLED },
};

static const steer_column_t asn[] = {
	{ "prefix", steer_value_network, STEER_COLUMN_FILLED },
	{ "asn",    steer_value_asn,     STEER_COLUMN_NEEDED },
};

#define TABLE(columns) { columns, sizeof(columns) / sizeof(*(columns)), false, give, NULL }

int steer_map_read_csv(steer_map_reading_t *reading)
{
	static const steer_table_t tables[STEER_MAP_TYPES_COUNT] = {
		[STEER_MAP_GEO] = TABLE(geo),
		[STEER_MAP_LATENCY] = TABLE(latency),
		[STEER_MAP_CIDR] = TABLE(cidr),
		[STEER_MAP_REGIONS] = TABLE(regions),
		[STEER_MAP_ASN] = TABLE(asn),
	};
	return steer_table_read(reading, &tables[reading->source->type]);
}
