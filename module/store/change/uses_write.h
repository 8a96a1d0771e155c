/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief How many record sets name a health check or an alias target, in a write transaction.
 *
 * Differences are added up for each check and target that the change set concerns, and written at
 * commit: one value each, however many record sets name it.
 */
#pragma once

#include "core/node.h"
#include "store/change/write.h"

/*! Counts what the record sets of a group name: 1, they are there from now on; -1, not any more. */
void steer_uses_count(steer_uses_change_t *uses, const steer_group_t *group, int difference);
/*!
 * Writes the numbers that differ.
 *
 * If a node was lost, or a stored number cannot be right, all nodes are counted anew instead.
 */
int steer_uses_put(steer_write_t *write);
void steer_uses_free(steer_uses_change_t *uses);
