/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A transition of a health check: an entry of the health log.
 *
 * Threads:  pure functions; any thread.
 * Memory:   views borrow from the value.
 */
#pragma once

#include "core/health_state.h"

typedef struct {
	uint8_t kind;     /*!< STEER_STATUS_FORCE, _REPORT or _STATE: by what. */
	uint8_t id_len;
	const char *id;   /*!< Of the check; not NUL-terminated. */
	steer_health_state_t state;
} steer_health_transition_t;

/*! Size of the largest one. */
#define STEER_TRANSITION_MAX \
	(STEER_TRANSITION_SIZE + STEER_CHECK_ID_MAX + STEER_HEALTH_STATE_MAX)

/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_health_transition_open(steer_health_transition_t *transition, const void *value,
                                 size_t size);
/*!
 * Writes one, of at most STEER_TRANSITION_MAX bytes.
 *
 * \param[in] state  As steer_health_state_write() has written it.
 *
 * \return size
 */
size_t steer_health_transition_write(uint8_t *buf, uint8_t kind, const void *id, uint8_t id_len,
                                     const void *state, size_t state_len);
