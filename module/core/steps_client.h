/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The steps that look at the client: see core/steps.h.
 *
 * geo, cidr and asn keep the sets that name what the client is of, and, as a default, those that
 * name nothing. Of these, the most specific ones are kept; but if the next step is "up", it is that
 * step which chooses: the most specific ones that satisfy it.
 *
 * latency and nearest order the sets by a measure, and within keeps those whose measure is near the
 * least one. Equal ones are in the order of the group's sets, whatever their order was before.
 *
 * Threads:  pure; any thread.
 * Memory:   nothing is allocated; up to 8 KiB of stack.
 * Rules:    steer-policies(7), S11 to S16, L2, L3, GL1 to GL5, GP1 to GP5, IP1 to IP4, AS1, AS2.
 */
#pragma once

#include "core/candidates.h"

int steer_step_geo(steer_candidates_t *candidates, const uint8_t *step);
int steer_step_cidr(steer_candidates_t *candidates, const uint8_t *step);
int steer_step_asn(steer_candidates_t *candidates, const uint8_t *step);

int steer_step_latency(steer_candidates_t *candidates, const uint8_t *step);
int steer_step_nearest(steer_candidates_t *candidates, const uint8_t *step);
int steer_step_within(steer_candidates_t *candidates, const uint8_t *step);
