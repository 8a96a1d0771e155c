/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a run of a preset without its steps needs, and what comes of it.
 *
 * Threads:  belongs to its run.
 * Trust:    the group is of an open node.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/policy_run.h"

/*! Most sets of a group that is run so, unless the client decides and all have values. */
#define STEER_FEW_SETS 8

/*! What the health of sets depends on. */
typedef struct {
	const steer_health_table_t *health_table;
	/*! Whether the target of a set is healthy, an alias that evaluates it; may be asked again. */
	bool (*target_up)(void *ctx, unsigned set);
	void *ctx;
} steer_few_health_t;

/*! What came of it. */
typedef struct {
	uint16_t chosen[STEER_FEW_SETS]; /*!< Positions of the sets that answer, in order. */
	unsigned count;                  /*!< Number of them; 0: none. */
	unsigned work;                   /*!< STEER_COST_*, without that of targets. */
	unsigned up_work;                /*!< Likewise, of finding out whether any is healthy. */
} steer_few_t;

/*! Whether the health of a set, given by its entry, depends on a target's, too. */
static inline bool steer_few_evaluates(const uint8_t *set)
{
	return get_set_kind(set) == STEER_SET_ALIAS && (get_set_flags(set) & STEER_SET_EVALUATE);
}
