/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A time by both clocks.
 *
 * Within one boot only the boot clock counts, since it never jumps; otherwise the wall clock does.
 *
 * Threads:  pure functions; any thread.
 * Units:    wall times in seconds of the Unix epoch, boot times in milliseconds.
 */
#pragma once

#include <stdint.h>

typedef struct {
	uint64_t wall;
	uint64_t boot_ms;
	uint64_t boot[2]; /*!< Id of the boot; zeros: unknown. */
} steer_now_t;

/*! Upper bound of milliseconds between two times, so that they can be added to a time. */
#define STEER_LEFT_MAX (INT64_C(1) << 60)

/*! Milliseconds from now until a time, negative if it is over; at most STEER_LEFT_MAX. */
int64_t steer_now_until(const steer_now_t *now, const steer_now_t *time);
