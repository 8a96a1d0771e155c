/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Maps of a few networks, and clients in them, for tests of policies.
 *
 * Regions 1 to 3 are somewhere, region 4 is nowhere; the map of latencies has all four.
 */
#pragma once

#include "core/locate.h"

#define MAP_COLLECTION 9 /*!< The locations x, y, z have the numbers after it. */

#define CALIFORNIA "192.0.2.1/32"
#define AMERICA    "192.0.2.129/32" /*!< A country without subdivision or coordinates. */
#define NORWAY     "198.51.100.1/32"
#define GERMANY    "203.0.113.1/32"
#define NOWHERE    "192.0.2.193/32"
#define ANYCAST    "198.51.101.1/32" /*!< In a network of Norway. */
#define SAHARA     "198.51.102.1/32" /*!< A country that schema/countries.csv does not have. */

typedef struct {
	steer_map_t maps[STEER_MAP_TYPES_COUNT];
	uint8_t *values[STEER_MAP_TYPES_COUNT];
} map_world_t;

void map_world_make(map_world_t *world);
void map_world_free(map_world_t *world);

/*! What policies use of it: the maps whose types begin with one of these letters, and locations. */
steer_maps_t map_world_used(const map_world_t *world, const char *letters);
