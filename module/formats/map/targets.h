/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The regions in which the targets of measurements are: CSV target,region.
 */
#pragma once

#include "core/regions.h"
#include "formats/map/reading.h"

/*! Most targets. */
#define STEER_TARGETS_MAX 65536

typedef struct {
	char *target; /*!< Address in canonical form, name in lower case, or number. */
	char region[STEER_REGION_NAME_MAX + 1];
} steer_target_region_t;

typedef struct {
	steer_target_region_t *of; /*!< Sorted by target. */
	size_t count;
} steer_target_regions_t;

/*! Reads a file; its errors are those of the reading. Whatever it returns, free the targets. */
int steer_targets_read(steer_map_reading_t *reading, const char *path,
                       steer_target_regions_t *targets);
/*! The region of a target. \return NULL: it has none. */
const char *steer_targets_find(const steer_target_regions_t *targets, const char *target);
void steer_targets_free(steer_target_regions_t *targets);
