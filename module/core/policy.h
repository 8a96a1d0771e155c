/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Policies: which of a group's record sets answer.
 *
 * A program's steps change a candidates of the group's sets. Steps that only order or leave out do
 * their work when a candidate is drawn, so that the cost of one draw hardly grows with the group;
 * the answer and its odds are those of the program carried out in full.
 *
 * Threads:  pure; any thread.
 * Memory:   nothing is allocated; about 3 KiB of stack, and 16 KiB while "sticky" ranks.
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
 * \param[in]  most    Candidates wanted: of an answer that has one, only the first is drawn.
 * \param[out] chosen  Positions of the sets that answer, in order; room for most.
 * \param[out] count   Number of them; 0: none.
 *
 * \retval STEER_OK
 * \retval STEER_ESERVFAIL  all-down=servfail, or too much work.
 */
int steer_policy_run(const steer_policy_t *policy, bool strict, unsigned most, uint16_t *chosen,
                     unsigned *count);
