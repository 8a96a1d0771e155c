/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Reading the health log: the last transitions of health checks.
 *
 * Threads:  as the reader.
 * Memory:   transitions are borrowed from the map, like what the reader returns.
 */
#pragma once

#include "core/health_transition.h"
#include "store/store.h"

/*!
 * Receives a transition. \return false ends the walk.
 *
 * \param[in] number      Its number.
 * \param[in] transition  NULL: it is damaged.
 */
typedef bool (*steer_health_log_f)(void *ctx, uint64_t number,
                                   const steer_health_transition_t *transition);
/*!
 * Walks over all transitions, the oldest first.
 *
 * \param[in] status  Renewed reader.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 */
int steer_health_log_walk(const steer_reader_t *status, steer_health_log_f take, void *ctx);

/*! Writes the key of a transition. */
void steer_health_log_key(uint8_t key[STEER_HEALTH_LOG_KEY], uint64_t number);
/*! Reads the key of a transition. \return false: it is not one. */
bool steer_health_log_key_read(const void *key, size_t len, uint64_t *number);
