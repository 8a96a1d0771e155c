/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Items of bytes, each kept once: equal ones have one number.
 *
 * An item is one or more units, all of the same size, and no item is the begin of another. Its
 * number is that of its first unit, from 1, as they lie one after the other.
 *
 * Threads:  a collection belongs to one thread.
 * Memory:   the items, and some 11 to 22 bytes for each.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/hash_table.h"

typedef struct {
	size_t unit;            /*!< Bytes of a unit; set by the user, all else is zero at first. */
	uint8_t *bytes;
	uint32_t units, room;   /*!< That are there, and that there is room for. */
	uint32_t items;
	steer_hash_slot_t *slots;
	size_t slots_room;
} steer_distinct_t;

/*! Unit of a number. */
static inline const uint8_t *steer_distinct_at(const steer_distinct_t *distinct, uint32_t number)
{
	return distinct->bytes + (size_t)(number - 1) * distinct->unit;
}

/*!
 * Finds the number of an item, which is added if there is none like it.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int steer_distinct_add(steer_distinct_t *distinct, const void *item, uint32_t units,
                       uint32_t *number);
/*! Frees the memory. */
void steer_distinct_free(steer_distinct_t *distinct);
