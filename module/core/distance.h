/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Distances on the earth.
 *
 * Integers throughout, so that all machines tell the same distance, and choose the same record set.
 *
 * Threads:  pure; any thread.
 * Units:    metres.
 * Rules:    steer-policies(7), GP4.
 */
#pragma once

#include "core/coordinates.h"

/*! Nothing on the earth is as far away. */
#define STEER_DISTANCE_MAX 20040000

/*!
 * Great-circle distance on a sphere of the earth's mean radius, to the nearest metre within a few;
 * within 600 m for points almost opposite each other.
 */
uint32_t steer_distance(steer_coordinates_t a, steer_coordinates_t b);
