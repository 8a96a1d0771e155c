/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The heartbeat of steerd: when it last said that it is at work.
 *
 * Threads:  pure functions; any thread. The caller passes the time.
 * Units:    as in core/now.h.
 */
#pragma once

#include <stddef.h>

#include "core/now.h"
#include "schema/layout.h"
#include "steer/error.h"

/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_heartbeat_open(steer_now_t *beat, const void *value, size_t size);
/*! Writes one. \return STEER_HEARTBEAT_SIZE */
size_t steer_heartbeat_write(uint8_t buf[STEER_HEARTBEAT_SIZE], const steer_now_t *beat);
