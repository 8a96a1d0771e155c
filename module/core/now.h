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

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	uint64_t wall;
	uint64_t boot_ms;
	uint64_t boot[2]; /*!< Id of the boot; zeros: unknown. */
} steer_now_t;

/*! Whether it is still the boot of an id, and that id is known. */
static inline bool steer_now_is_in(const steer_now_t *now, const uint64_t boot[2])
{
	return (now->boot[0] | now->boot[1]) != 0 && boot[0] == now->boot[0] &&
	       boot[1] == now->boot[1];
}
