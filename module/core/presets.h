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
	unsigned up_work;                /*!< Likewise, of steer_presets_up(). */
} steer_few_t;

/*! Whether a group has a program and few sets, all with values and without records in common. */
static inline bool steer_presets_may_run(const steer_group_t *group)
{
	return group->program_len > 0 && group->count <= STEER_FEW_SETS &&
	       get_policy_flags(group->node + get_group_block(group->at)) == 0;
}

/*! The preset of such a group, if it can be run here whatever number is wanted; or none. */
steer_preset_t steer_presets_of(const steer_group_t *group);

/*!
 * Runs the preset of such a group: not strictly, and all sets that it draws are wanted.
 *
 * \param[in] preset  steer_presets_of(), not none.
 * \param[in] at      The group's entry in an open node.
 */
void steer_presets_draw(steer_preset_t preset, const uint8_t *node, const uint8_t *at,
                        const steer_health_table_t *health_table, steer_chance_t *chance,
                        steer_few_t *few);

/*!
 * Runs the program of a preset over such sets.
 *
 * \param[in] strict  As in steer_policy_run().
 * \param[in] most    Likewise.
 *
 * \return false: the group, or the number wanted, is not of this kind; nothing was done.
 */
bool steer_presets_run(const steer_group_t *group, const steer_health_table_t *health_table,
                       steer_chance_t *chance, bool strict, unsigned most, steer_few_t *few);

/*! Likewise, also if sets are aliases or have records in common. */
bool steer_presets_run_any(const steer_group_t *group, const steer_few_health_t *health,
                           steer_chance_t *chance, bool strict, unsigned most, steer_few_t *few);

/*!
 * Finds whether a group is healthy, as steer_policy_up(), if that takes one healthy set.
 *
 * \param[out] work  STEER_COST_*, without that of targets.
 *
 * \return false: the group is of another kind; nothing was done.
 */
bool steer_presets_up(const steer_group_t *group, const steer_few_health_t *health, bool *up,
                      unsigned *work);
