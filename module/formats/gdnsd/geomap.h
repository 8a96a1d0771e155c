/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Maps of the plugin geoip: networks and places, each with a list of datacenters.
 *
 * Networks become blocks of a collection that has the name of the map; each list of datacenters is
 * a location in it.
 *
 * Memory:   that of the reading.
 * Sources:  gdnsd-plugin-geoip(8), "Configuration - Maps".
 */
#pragma once

#include "core/coordinates.h"
#include "core/geo.h"
#include "formats/gdnsd/config.h"

/*! Most datacenters of a map. */
#define STEER_GDNSD_DATACENTERS 254

/*! Most different lists of a map. A group could not have more of them. */
#define STEER_GDNSD_LISTS 1000

/*! A list of datacenters, in the order in which they are tried. */
typedef struct {
	const char *name;       /*!< Of its location, or "auto"; first, since trees compare it. */
	bool nearest;           /*!< The nearest ones, whichever these are. */
	const uint8_t *numbers; /*!< Of datacenters in the map. */
	unsigned count;
	bool located;           /*!< Networks have it. */
} steer_gdnsd_list_t;

/*! Whose clients have a list. */
typedef struct steer_gdnsd_area {
	struct steer_gdnsd_area *next;
	const char *text;       /*!< What it is, for identifiers. */
	steer_geo_t place;      /*!< STEER_GEO_UNKNOWN: any, or a location's. */
	const char *location;   /*!< collection/location; NULL: a place. */
	const steer_gdnsd_list_t *list;
	steer_place_t at;
} steer_gdnsd_area_t;

typedef struct {
	const char *name;       /*!< Also that of the collection of its networks. */
	steer_place_t at;
	bool good;              /*!< It was read without errors. */
	const char *datacenters[STEER_GDNSD_DATACENTERS];
	bool has_point[STEER_GDNSD_DATACENTERS];
	steer_coordinates_t points[STEER_GDNSD_DATACENTERS];
	unsigned count;
	uint32_t limit;         /*!< Of the nearest ones; 0: all. */
	steer_gdnsd_area_t *areas; /*!< The first one is that of clients in no other. */
	bool networks, places;  /*!< There are areas of these. */
	const steer_vscf_t *nets;
	unsigned lists_count;
	void *lists, *lists_by_numbers; /*!< Trees of lists, by name and by datacenters. */
} steer_gdnsd_map_t;

/*! Finds a map, and reads it if it is the first time. \return NULL: an error, which was reported */
const steer_gdnsd_map_t *steer_gdnsd_map(steer_gdnsd_config_t *config, const steer_vscf_t *used);
/*! Passes the networks of all maps on that were found. */
void steer_gdnsd_pass_networks(steer_gdnsd_config_t *config);
/*! Frees what is not in the reading's memory. */
void steer_gdnsd_maps_free(steer_gdnsd_config_t *config);
