/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The rules for the groups of a name: policies, aliases, and how large they may be.
 *
 * Rules:    steer-policies(7), A2, A8, A9, F2, G3, G9, G12, GL7, GP6, IP6, L4, M3,
 *           W5.
 */
#pragma once

#include "store/change/groups.h"
#include "store/change/source_location.h"

/*!
 * Checks all groups of a name, and warns of answers that may not fit in a message.
 *
 * \param[in] apex  The name is the zone's apex.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  A rule is broken.
 */
int steer_validate_groups(const steer_groups_t *groups, const steer_name_records_t *name, bool apex,
                          const steer_apply_t *options, steer_fault_t *fault);
