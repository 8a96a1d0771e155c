/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The networks of a section as locations of a collection.
 *
 * Networks that have the same answers, at every name, are one location.
 */
#pragma once

#include "formats/geoip/views.h"

/*! Room for the name of a location. */
#define STEER_LOCATION_TEXT 64

typedef struct {
	char collection[STEER_REGION_NAME_MAX + 1];
	struct steer_located {
		const steer_geoip_view_t *view; /*!< Has the network. */
		size_t location; /*!< Number of the entry that its location is named after. */
		size_t first, count; /*!< Rows; while it is made. */
	} *networks;
	size_t count;
} steer_locations_t;

/*! Makes the locations of names that are not left out, and notes them in the views. */
void steer_locations_make(steer_geoip_reading_t *reading, steer_geoip_views_t *views,
                          steer_locations_t *locations);
void steer_locations_free(steer_locations_t *locations);
/*! Writes the name of a location. \return text */
const char *steer_location_name(const steer_locations_t *locations, size_t location,
                                char text[STEER_LOCATION_TEXT]);
/*! Passes the networks on. */
void steer_locations_pass(steer_geoip_reading_t *reading, const steer_locations_t *locations);
