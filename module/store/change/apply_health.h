/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Applies the health checks of a change set.
 */
#pragma once

#include "store/change/write.h"
#include "store/status.h"

/*!
 * Changes, logs and counts the checks that differ; before the zones, which name them.
 *
 * What the status has of a new check, or of one that was not defined, is removed: it is about
 * another one.
 */
int steer_apply_health(steer_write_t *write, const steer_change_t *change,
                       const steer_apply_t *options, steer_summary_t *summary);
/*! Removes from the status what it has of the checks that a committed change set has deleted. */
void steer_apply_health_forget(steer_store_t *store, const steer_change_t *change);

/*! Most entries of the status about one check. */
#define STEER_HEALTH_STALE 3
/*!
 * Lists for removal what a check would read, after a change of its type, of its earlier definition;
 * everything, if one of the types is STEER_CHECK_NONE.
 *
 * \return Number of entries.
 */
size_t steer_apply_health_stale(steer_status_entry_t list[STEER_HEALTH_STALE], const char *id,
                                uint8_t was, uint8_t is);
