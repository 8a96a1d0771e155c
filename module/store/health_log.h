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
 * Walks over the transitions from a number on, the oldest first.
 *
 * \param[in] status  Renewed reader.
 * \param[in] from    0: all.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 */
int steer_health_log_walk(const steer_reader_t *status, uint64_t from, steer_health_log_f take,
                          void *ctx);

/*!
 * How far the states have come. They have changed if it has; and if only "logged" has, as the
 * transitions after the earlier number say.
 */
typedef struct {
	uint64_t logged;   /*!< Number of the last transition; 0: there is none. */
	uint64_t unlogged; /*!< How many changes the log does not have. */
} steer_health_log_end_t;

/*! Reads it with a renewed reader of the status. \retval STEER_OK, STEER_EIO, STEER_ENOMEM */
int steer_health_log_end(const steer_reader_t *status, steer_health_log_end_t *end);

/*! Writes the key of a transition. */
void steer_health_log_key(uint8_t key[STEER_HEALTH_LOG_KEY], uint64_t number);
/*! Reads the key of a transition. \return false: it is not one. */
bool steer_health_log_key_read(const void *key, size_t len, uint64_t *number);
