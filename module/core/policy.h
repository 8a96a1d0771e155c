/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Policies: which of a group's record sets answer.
 *
 * The steps of a program change the candidates, which are sets of the group. Steps that only order
 * or filter do their work when a candidate is drawn, so the cost of a draw hardly grows with the
 * group; the answer and its odds are those of the program carried out in full. Presets are mostly
 * run by core/presets.h instead.
 *
 * Threads:  pure; any thread.
 * Memory:   nothing is allocated; about 7 KiB of stack, and 16 KiB while "sticky" ranks.
 * Trust:    the group is of an open node.
 * Rules:    steer-policies(7).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/policy_run.h"

/*!
 * Whether the program, run strictly, keeps a candidate: the group is healthy for this client (H3).
 */
bool steer_policy_up(const steer_policy_t *policy);

/*!
 * Runs the program.
 *
 * \param[in]  strict  With "up" in front and all-down=none everywhere (rule H3).
 * \param[in]  most    Number of candidates wanted, so that no more than these are drawn.
 * \param[out] chosen  Positions of the sets that answer, in order; room for most.
 * \param[out] count   Number of them; 0: none.
 *
 * \retval STEER_OK
 * \retval STEER_ESERVFAIL  all-down=servfail, or too much work.
 */
int steer_policy_run(const steer_policy_t *policy, bool strict, unsigned most, uint16_t *chosen,
                     unsigned *count);
