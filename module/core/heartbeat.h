/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The heartbeat of steerd: when it last said that it is at work, and whether it is silent.
 *
 * Threads:  pure functions; any thread. The caller passes the time.
 * Units:    as in core/now.h.
 * Rules:    steer-policies(7), H13.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/now.h"
#include "schema/layout.h"
#include "steer/error.h"

/*! Opens a stored value. \retval STEER_OK, STEER_EDAMAGED */
int steer_heartbeat_open(steer_now_t *beat, const void *value, size_t size);
/*! Writes one. \return STEER_HEARTBEAT_SIZE */
size_t steer_heartbeat_write(uint8_t buf[STEER_HEARTBEAT_SIZE], const steer_now_t *beat);

/*! Whether steerd is silent, and what the settings of the store say about that. */
typedef struct {
	uint32_t after; /*!< Setting "stale-after": seconds without a heartbeat. */
	bool up;        /*!< Setting "stale": what it probed then counts as up; else it stays. */
	bool silent;
	uint64_t since;   /*!< Wall time of the last heartbeat; 0: there never was one. */
	uint64_t left_ms; /*!< Until silent changes by itself; UINT64_MAX: never. */
} steer_silence_t;

/*!
 * Decides whether steerd is silent; one that has never been at work is not.
 *
 * A heartbeat of the future is as old as it is ahead: a wall clock that was wrong must not stand for
 * a steerd that no longer runs.
 *
 * \param[in]     beat     The last heartbeat; NULL: there never was one.
 * \param[in,out] silence  The settings; the rest is filled in.
 */
void steer_silence_decide(steer_silence_t *silence, const steer_now_t *beat,
                          const steer_now_t *now);
