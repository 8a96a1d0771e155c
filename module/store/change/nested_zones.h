/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Hosted zones inside others.
 */
#pragma once

#include "store/change/zone_job.h"

/*! Finds the label count of the closest hosted zone above an apex, or STEER_ZONE_TOP. */
int steer_nested_zones_find(steer_write_t *write, const steer_key_t *apex, uint8_t *enclosing);
/*!
 * Moves the hosted zones below an apex between its zone, which begins or ends, and the zone that
 * encloses it.
 *
 * \param[in] like  What the jobs for both zones have in common.
 */
int steer_nested_zones_move(const steer_zone_job_t *like, const steer_key_t *apex,
                            uint8_t enclosing, bool begins);
