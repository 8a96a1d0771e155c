/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/map_world.h"

#include <stdlib.h>

#include "unit/maps.h"
#include "unit/test.h"

static const char *const csvs[STEER_MAP_TYPES_COUNT] = {
	[STEER_MAP_GEO] =
		"prefix,continent,country,subdivision,lat,lon,anycast\n"
		"192.0.2.0/25,,US,CA,37,-122,\n"
		"192.0.2.128/26,,US,,,,\n"
		"198.51.100.0/24,,NO,,,,\n"
		"198.51.101.0/24,,NO,,,,1\n"
		"198.51.102.0/24,AF,EH,,,,\n"
		"203.0.113.0/24,,DE,,52.5,13.4,\n"
		"2001:db8::/32,,US,NY,40.7,-74,\n",
	[STEER_MAP_LATENCY] =
		"prefix,region,rtt_ms\n"
		"192.0.2.0/24,r1,20\n192.0.2.0/24,r2,100\n192.0.2.0/24,r3,24\n192.0.2.0/24,r4,90\n"
		"203.0.113.0/25,r1,10\n203.0.113.0/25,r2,10\n",
	[STEER_MAP_CIDR] =
		"prefix,location\n192.0.2.0/24,x\n192.0.2.0/26,y\n192.0.2.0/28,z\n2001:db8::/48,x\n",
	[STEER_MAP_ASN] = "prefix,asn\n192.0.2.0/24,64500\n198.51.100.0/24,64501\n",
};

static const steer_coordinates_t regions[] = { { 0, 0 }, { 3904, -7749 }, { 5011, 868 },
	                                           { -2355, -4663 } };

static const steer_map_t *collection_of(void *ctx, uint32_t collection)
{
	const map_world_t *world = ctx;
	return collection == MAP_COLLECTION ? &world->maps[STEER_MAP_CIDR] : NULL;
}

static bool region_of(void *ctx, uint32_t region, steer_coordinates_t *point)
{
	(void)ctx;
	if (region >= COUNT(regions)) {
		return false;
	}
	*point = regions[region];
	return true;
}

void map_world_make(map_world_t *world)
{
	for (unsigned type = 0; type < STEER_MAP_TYPES_COUNT; type++) {
		size_t size;
		world->values[type] = NULL;
		if (csvs[type] != NULL) {
			const unsigned first = type == STEER_MAP_CIDR ? MAP_COLLECTION : 1;
			world->values[type] = map_make(type, csvs[type], first, &size);
			assert_int_equal(steer_map_open(&world->maps[type], world->values[type], size),
			                 STEER_OK);
		}
	}
}

void map_world_free(map_world_t *world)
{
	for (unsigned type = 0; type < STEER_MAP_TYPES_COUNT; type++) {
		free(world->values[type]);
	}
}

steer_maps_t map_world_used(const map_world_t *world, const char *letters)
{
	const steer_map_t *maps = world->maps;
	return (steer_maps_t) {
		.geo = strchr(letters, 'g') != NULL ? &maps[STEER_MAP_GEO] : NULL,
		.latency = strchr(letters, 'l') != NULL ? &maps[STEER_MAP_LATENCY] : NULL,
		.asn = strchr(letters, 'a') != NULL ? &maps[STEER_MAP_ASN] : NULL,
		.collection = collection_of, .region = region_of, .ctx = (void *)world,
	};
}
