/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/now.h"

#include <stdbool.h>

/*! Whether both are of the same boot, whose id is known. */
static bool same_boot(const steer_now_t *now, const steer_now_t *time)
{
	return (now->boot[0] | now->boot[1]) != 0 && time->boot[0] == now->boot[0] &&
	       time->boot[1] == now->boot[1];
}

int64_t steer_now_until(const steer_now_t *now, const steer_now_t *time)
{
	bool boot = same_boot(now, time);
	uint64_t from = boot ? now->boot_ms : now->wall, to = boot ? time->boot_ms : time->wall;
	uint64_t apart = to > from ? to - from : from - to, scale = boot ? 1 : 1000;
	int64_t ms = apart <= STEER_LEFT_MAX / scale ? (int64_t)(apart * scale) : STEER_LEFT_MAX;
	return to > from ? ms : -ms;
}
