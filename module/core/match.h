/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief How specifically a record set matches a client.
 *
 * Threads:  pure functions; any thread.
 * Rules:    steer-policies(7), GL1, GL6, IP1.
 */
#pragma once

#include "core/geo.h"
#include "core/node.h"

/*! Levels of a match, the most specific one first. */
typedef enum {
	STEER_MATCH_EXACT,
	STEER_MATCH_COUNTRY,
	STEER_MATCH_CONTINENT,
	STEER_MATCH_DEFAULT,
	STEER_MATCH_LEVELS,
	STEER_MATCH_NONE = STEER_MATCH_LEVELS,
} steer_match_t;

/*! How a set, given by its entry, matches a client at this place. */
static inline steer_match_t steer_match_geo(const uint8_t *set, steer_geo_t client)
{
	const steer_geo_t country = STEER_GEO_COUNTRY & ~STEER_GEO_CONTINENT;
	const steer_geo_t place = get_set_geo(set), differs = place ^ client;
	if ((place & country) != 0 && (differs & country) != 0) { // Most are of other countries.
		return STEER_MATCH_NONE;
	}
	if ((place & ~STEER_GEO_CONTINENT) == 0) {
		return place == STEER_GEO_UNKNOWN ? STEER_MATCH_DEFAULT
		       : (differs & STEER_GEO_CONTINENT) == 0 ? STEER_MATCH_CONTINENT : STEER_MATCH_NONE;
	}
	// Of a country that is not in the table, only the map may know the continent (rule GL6).
	return (differs & ~STEER_GEO_CONTINENT) == 0 ? STEER_MATCH_EXACT
	       : (place & ~STEER_GEO_COUNTRY) == 0 &&
	         (differs & STEER_GEO_COUNTRY & ~STEER_GEO_CONTINENT) == 0 ? STEER_MATCH_COUNTRY
	       : STEER_MATCH_NONE;
}

/*! Likewise, by the location of the longest block that counts for the client; 0: none does. */
static inline steer_match_t steer_match_location(const uint8_t *set, uint32_t client)
{
	const uint32_t location = get_set_location(set);
	return location == 0 ? STEER_MATCH_DEFAULT
	       : location == client ? STEER_MATCH_EXACT : STEER_MATCH_NONE;
}

/*! Number of a location among those of the client's blocks; their count: it is not one of them. */
static inline unsigned steer_match_block(const uint32_t *locations, unsigned count,
                                         uint32_t location)
{
	unsigned i = 0;
	while (i < count && locations[i] != location) {
		i++;
	}
	return i;
}
