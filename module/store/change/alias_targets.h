/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Alias targets that have no records: what is told of those that a change set gives.
 *
 * Rules:    steer-policies(7), A4, A5.
 */
#pragma once

#include "store/change/alias_graph.h"
#include "store/status.h"

typedef struct {
	steer_alias_graph_t *graph;
	const steer_apply_t *options;
	steer_reader_t *status; /*!< Opened for the first external target; NULL: not yet, or in vain. */
} steer_alias_targets_t;

/*!
 * Looks at a target that is missing or external.
 *
 * \param[in] at    The record set in the change set.
 * \param[in] set   The same, stored.
 * \param[in] other_type  Another type for which the same place gives the alias, or 0.
 *
 * \retval STEER_OK  It may be; a warning may have been told.
 * \retval STEER_EREFUSED, STEER_EDAMAGED, STEER_EIO
 */
int steer_alias_targets_look(steer_alias_targets_t *targets, const steer_change_record_t *at,
                             const uint8_t *owner, const steer_set_t *set, bool missing,
                             uint16_t other_type);
void steer_alias_targets_end(steer_alias_targets_t *targets);
