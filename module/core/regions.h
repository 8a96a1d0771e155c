/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The regions that are known without a map, and names of regions and locations.
 *
 * Threads:  pure functions; any thread.
 * Memory:   results point to constants.
 * Sources:  schema/regions.csv.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/coordinates.h"
#include "schema/layout.h"

/*! Number of them is at most this. */
#define STEER_REGIONS_MAX 128

typedef struct {
	const char *name;
	steer_coordinates_t place;
} steer_region_t;

/*! Gives the regions in order of name. \return NULL: there are no more. */
const steer_region_t *steer_region_at(size_t number);
/*! Finds a region by its name. \return NULL: there is none. */
const steer_region_t *steer_region_find(const char *name, size_t len);

/*!
 * Whether a text is good as the name of a region or a location: 1 to STEER_REGION_NAME_MAX letters,
 * digits, '-' and '_', as in Route 53.
 */
bool steer_region_name_is_good(const char *name, size_t len);
