/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A health table that grows as its checks are walked over.
 *
 * Threads:  a table belongs to its maker until it is published, and is not changed from then on.
 * Memory:   its own.
 */
#pragma once

#include "core/health_table.h"
#include "store/status.h"

/*! Zeroed memory is an empty one. */
typedef struct {
	steer_health_table_t table;
	steer_health_slot_t *slots; /*!< Those of the table. */
	uint32_t room;
	/* For store/health_follow.h: */
	uint64_t walked; /*!< Number of the walk that it goes back to; 0: none. */
	uint64_t logged; /*!< Last transition that it has. */
} steer_health_table_build_t;

/*! Empties a table, and keeps its memory. */
static inline void steer_health_table_clear(steer_health_table_build_t *build)
{
	build->table.count = 0;
}

/*! Puts the effective state of a check into its slot. \retval STEER_OK, STEER_ENOMEM */
int steer_health_table_put(steer_health_table_build_t *build,
                           const steer_health_status_t *checked);
/*! Makes a table equal another one. \retval STEER_OK, STEER_ENOMEM */
int steer_health_table_copy(steer_health_table_build_t *build, const steer_health_table_t *from);
void steer_health_table_free(steer_health_table_build_t *build);
