/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health slots: each health check has one, which stays with its id.
 */
#pragma once

#include "store/change/write.h"

/*! Reads a health check. \retval STEER_OK, STEER_ENOENT, or a fault. */
int steer_health_check_read(steer_write_t *write, const char *id, steer_health_check_t *check);
/*! Receives a check. An error ends the walk, and is returned. */
typedef int (*steer_health_check_each_f)(void *ctx, const char *id,
                                         const steer_health_check_t *check);
/*! Walks over all checks except damaged ones. */
int steer_health_checks_each(steer_write_t *write, steer_health_check_each_f take, void *ctx);
/*! Gives a new check its slot and its generation. */
int steer_health_slots_take(steer_write_t *write, steer_health_check_t *check);
/*!
 * Finds the slot of a health check that a record set names. An id without a check gets one, as a
 * check that is not defined (rule H10).
 *
 * \param[out] defined  The check is defined, in the store or by the change set.
 */
int steer_health_checks_slot(steer_write_t *write, const char *id, uint32_t *slot,
                             uint32_t *generation, bool *defined);
/*! Finds the slots of the health checks that record sets name; before zones are applied. */
int steer_sets_find_slots(steer_write_t *write, steer_change_t *change,
                          const steer_apply_t *options);
