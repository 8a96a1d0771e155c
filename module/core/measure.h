/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief How far record sets are from a client.
 *
 * Threads:  pure functions; any thread.
 * Rules:    steer-policies(7), L3, GP1 to GP3.
 */
#pragma once

#include "core/distance.h"
#include "core/locate.h"
#include "core/node.h"

/*! Coordinates of a set, given by its entry: its own, or those of its region. */
static inline bool steer_measure_point(const steer_locator_t *locator, const uint8_t *set,
                                       steer_coordinates_t *point)
{
	if (get_set_flags(set) & STEER_SET_POINT) {
		*point = steer_set_point(set);
		return true;
	}
	return steer_locator_region(locator, get_set_region(set), point);
}

/*! The distance of a set from the client. \return false: it is not known where the set is */
static inline bool steer_measure_distance(const steer_locator_t *locator,
                                          steer_coordinates_t client, const uint8_t *set,
                                          uint32_t *distance)
{
	steer_coordinates_t point;
	const bool known = steer_measure_point(locator, set, &point);
	if (known) {
		*distance = steer_distance(client, point);
	}
	return known;
}

/*! A distance, changed by a bias: to (100 - bias) percent, or up by as much below 0. */
static inline uint32_t steer_measure_biased(uint64_t distance, int bias)
{
	return bias >= 0 ? (distance * (100 - bias) + 50) / 100
	                 : (distance * 100 + (100 + bias) / 2) / (100 + bias);
}
