/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Alias targets without records: which are refused, and which are warned of.
 *
 * Rules:    steer-policies(7), A4, A5.
 */
#pragma once

#include "store/change/alias_graph.h"
#include "store/change/contents.h"
#include "store/status.h"

typedef struct {
	steer_alias_graph_t *graph;
	const steer_apply_t *options;
	bool looked;            /*!< The first external target was met, and the status opened. */
	bool steerd;            /*!< It is at work, and will resolve such targets. */
	steer_reader_t *status; /*!< NULL: not opened, or it failed. */
} steer_alias_targets_t;

/*!
 * Checks a target that is missing or external.
 *
 * \param[in] at          The record set in the change set.
 * \param[in] set         The same, as stored.
 * \param[in] missing     A hosted zone has no records there; else no hosted zone has the name.
 * \param[in] other_type  Another type for which the same line gives the alias, or 0.
 *
 * \retval STEER_OK  It is allowed, perhaps with a warning.
 * \retval STEER_EREFUSED, STEER_EDAMAGED, STEER_EIO
 */
int steer_alias_targets_look(steer_alias_targets_t *targets, const steer_change_record_t *at,
                             const uint8_t *owner, const steer_set_t *set, bool missing,
                             uint16_t other_type);
void steer_alias_targets_end(steer_alias_targets_t *targets);
