/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Points on the earth.
 *
 * Units:    hundredths of a degree, as precise as coordinates are in Route 53: about 1 km.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define STEER_LATITUDE_MAX  9000
#define STEER_LONGITUDE_MAX 18000

typedef struct {
	int16_t lat; /*!< North is positive; at most STEER_LATITUDE_MAX on either side. */
	int16_t lon; /*!< East is positive; at most STEER_LONGITUDE_MAX on either side. */
} steer_coordinates_t;

/*! Whether coordinates are of a point on the earth. */
static inline bool steer_coordinates_are_good(steer_coordinates_t point)
{
	return point.lat >= -STEER_LATITUDE_MAX && point.lat <= STEER_LATITUDE_MAX &&
	       point.lon >= -STEER_LONGITUDE_MAX && point.lon <= STEER_LONGITUDE_MAX;
}
