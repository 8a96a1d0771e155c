/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Presets over few sets: the program without its steps.
 *
 * Most policies are "weighted", "failover" or "multivalue" over a handful of sets. A set is a bit
 * of a word there, so nothing has to be set up. The same numbers are drawn as by
 * steer_policy_run(), and the same sets answer for the same work.
 *
 * Threads:  pure; any thread.
 * Trust:    the group is of an open node.
 * Rules:    steer-policies(7), S2, S3, S6 to S8, S10, W1 to W4.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/policy_run.h"

/*! Most sets of such a group. */
#define STEER_FEW_SETS 8

/*! What came of it. */
typedef struct {
	uint16_t chosen[STEER_FEW_SETS]; /*!< Positions of the sets that answer, in order. */
	unsigned count;                  /*!< Number of them; 0: none. */
	unsigned work;                   /*!< STEER_COST_*. */
} steer_few_t;

/*!
 * Runs the program of a preset over few sets with values.
 *
 * \param[in] strict  As in steer_policy_run().
 * \param[in] most    Likewise.
 *
 * \return false: the group, or the number wanted, is not of this kind; nothing was done.
 */
bool steer_presets_run(const steer_group_t *group, const steer_health_table_t *health_table,
                       steer_chance_t *chance, bool strict, unsigned most, steer_few_t *few);

/*!
 * Likewise, also if sets are aliases, or have records in common.
 *
 * \param[in] policy  As for steer_policy_run(), but its work is not added to, and nothing is traced.
 */
bool steer_presets_run_policy(const steer_policy_t *policy, bool strict, unsigned most,
                              steer_few_t *few);
