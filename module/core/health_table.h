/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The health table: for each slot of a health check, whether it is up.
 *
 * Threads:  a table is not changed once it is published.
 * Memory:   borrowed from the snapshot.
 * Trust:    slots come from nodes and may belong to another table, so they are checked here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "schema/layout.h"

/*! A slot. */
typedef struct {
	uint32_t generation; /*!< Of the check in the slot. */
	uint32_t down;       /*!< 1: down; 0: up, or unknown. */
} steer_health_slot_t;

/*! The table. Zeroed memory is a table in which every state is unknown. */
typedef struct {
	const steer_health_slot_t *slots;
	uint32_t count;
} steer_health_table_t;

/*! Whether a record set's check is up; so are no check and an unknown one (rules H1, H10). */
static inline bool steer_health_table_up(const steer_health_table_t *health_table, uint32_t slot,
                                         uint32_t generation)
{
	return slot >= health_table->count || health_table->slots[slot].generation != generation ||
	       health_table->slots[slot].down == 0;
}
