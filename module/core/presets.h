/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Presets: the program without its steps.
 *
 * Most policies are "weighted", "failover" or "multivalue" over a handful of sets. A set is a bit
 * of a word there, so nothing has to be set up. The same numbers are drawn as by
 * steer_policy_run(), and the same sets answer for the same work. For the presets that look at the
 * client see core/presets_client.h.
 *
 * Threads:  pure; any thread.
 * Trust:    the group is of an open node.
 * Rules:    steer-policies(7), S2, S3, S6 to S8, S10, W1 to W4.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/presets_run.h"

/*!
 * Whether a group has a program, all its sets have values, without records in common, and there are
 * few of them or, as there is no draw table, the client may decide.
 */
static inline bool steer_presets_may_run(const steer_group_t *group)
{
	return group->program_len > 0 &&
	       (group->count <= STEER_FEW_SETS || group->table_len == 0) &&
	       get_policy_flags(group->node + get_group_block(group->at)) == 0;
}

/*! The preset of a group, if it can be run here whatever number is wanted; or none. */
steer_preset_t steer_presets_of(const steer_group_t *group);

/*!
 * Runs the preset of such a group: not strictly, and all sets that it draws are wanted.
 *
 * \param[in] preset  steer_presets_of(), not none, nor by client.
 * \param[in] at      The group's entry in an open node.
 */
void steer_presets_draw(steer_preset_t preset, const uint8_t *node, const uint8_t *at,
                        const steer_health_table_t *health_table, steer_chance_t *chance,
                        steer_few_t *few);

/*!
 * Runs the program of a preset over such sets: few of them, unless it is by client.
 *
 * \param[in] strict  As in steer_policy_run().
 * \param[in] most    Likewise.
 *
 * \return false: the group, or the number wanted, is not of this kind. Nothing was done, but for
 *         steer_presets_run_by_client().
 */
bool steer_presets_run(const steer_group_t *group, const steer_health_table_t *health_table,
                       steer_chance_t *chance, steer_locator_t *locator, bool strict,
                       unsigned most, steer_few_t *few);

/*! Likewise over few sets, also if some are aliases or have records in common. */
bool steer_presets_run_any(const steer_group_t *group, const steer_few_health_t *health,
                           steer_chance_t *chance, steer_locator_t *locator, bool strict,
                           unsigned most, steer_few_t *few);

/*!
 * Finds whether a group is healthy, as steer_policy_up(), if that takes one healthy set.
 *
 * \param[out] work  STEER_COST_*, without that of targets.
 *
 * \return false: the group is of another kind; nothing was done.
 */
bool steer_presets_up(const steer_group_t *group, const steer_few_health_t *health, bool *up,
                      unsigned *work);
