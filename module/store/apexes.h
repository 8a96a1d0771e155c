/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The filter of hosted apexes: tells most names that no hosted zone encloses at once.
 *
 * Threads:  pure reads of the map.
 * Memory:   borrowed from the reader that gave the value.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "steer/error.h"

typedef struct {
	const uint8_t *counters;
	unsigned shift;
} steer_apexes_t;

/*!
 * Opens the value of STEER_META_APEXES: STEER_OK or STEER_EDAMAGED.
 *
 * Its counters are not looked at, see steer_apexes_check().
 */
int steer_apexes_open(steer_apexes_t *apexes, const void *value, size_t len);
/*! Whether the value is what was written: one counter that is lost makes a zone pass unseen. */
int steer_apexes_check(const void *value, size_t len);

/*! Whether an apex may have a name of this hash (steer_name_hash()); false is certain. */
static inline bool steer_apexes_maybe(const steer_apexes_t *apexes, uint64_t hash)
{
	return apexes->counters[hash >> apexes->shift] != 0;
}

/*! Sums up a filter that is to be put. */
void steer_apexes_sum(uint8_t *value, size_t len);
