/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Presets that look at the client: the program without its steps.
 *
 * The sets are looked at once, in order; nothing is listed or sorted. The same set answers as by
 * steer_policy_run(), for the same work, and as much is asked about the client, so that the scope
 * of the answer is the same.
 *
 * Threads:  pure; any thread.
 * Trust:    the group is of an open node.
 * Rules:    steer-policies(7), S2, S3, S8, S10, S11, S13 to S15, L2, L3, GL1 to GL4, GP1 to GP5,
 *           IP1 to IP4.
 */
#pragma once

#include "core/presets_run.h"

/*!
 * Runs a preset that looks at the client.
 *
 * \param[in] at      The group's entry in an open node.
 * \param[in] health  With target_up only if there are few sets, of which some may be aliases.
 * \param[in] strict  As in steer_policy_run().
 *
 * \return false: several sets have the same place or location; or, where these count, it is strict
 *         and with target_up. Nothing was done, but the client may have been looked up.
 */
bool steer_presets_run_by_client(steer_preset_t preset, const uint8_t *node, const uint8_t *at,
                                 const steer_few_health_t *health, steer_locator_t *locator,
                                 bool strict, steer_few_t *few);
