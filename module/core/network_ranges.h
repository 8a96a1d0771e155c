/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The ranges of a compiled map of networks, and the index that leads to them, for the map's
 *        reader and its writer.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the map's bytes, at any address.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/layout.h"

/*! Addresses of one family in an open map. */
typedef struct {
	const uint8_t *tops, *slots, *ranges;
	const uint8_t *last; /*!< Range. */
	uint32_t count; /*!< Number of ranges. */
	uint8_t bits;   /*!< That number a top. */
} steer_network_ranges_t;

/*! Most ranges of a family: each network begins one and ends one, around them there is another. */
#define STEER_RANGES_MAX (2 * STEER_NETWORKS_MAX + 1)

/*! Number i of an array. */
static inline uint32_t steer_number_at(const uint8_t *numbers, uint64_t i)
{
	uint32_t number;
	memcpy(&number, numbers + i * sizeof(number), sizeof(number));
	return steer_le_u32(number);
}

/*! Number of slots, without the one more at their end. */
static inline uint32_t steer_ranges_slots(uint8_t bits, uint32_t ranges)
{
	return (UINT32_C(1) << bits) + STEER_MAP_DENSITY * ranges;
}

/* Ranges of IPv4 addresses, and wide ones, of halves of IPv6 addresses. */

static inline size_t steer_range_size(bool wide)
{
	return wide ? STEER_HALF_SIZE : STEER_RANGE_SIZE;
}

static inline uint64_t steer_range_start(const uint8_t *range, bool wide)
{
	return wide ? get_half_start(range) : get_range_start(range);
}

static inline uint32_t steer_range_class(const uint8_t *range, bool wide)
{
	return wide ? get_half_class(range) : get_range_class(range);
}
