/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/heartbeat.h"

#include "core/node.h"

int steer_heartbeat_open(steer_now_t *beat, const void *value, size_t size)
{
	const uint8_t *at = value;
	if (size != STEER_HEARTBEAT_SIZE || get_heartbeat_format(at) != STEER_HEARTBEAT_FORMAT ||
	    get_heartbeat_sum(at) != steer_value_sum(at, size) || get_heartbeat_reserved(at) != 0 ||
	    get_heartbeat_reserved2(at) != 0) {
		return STEER_EDAMAGED;
	}
	*beat = (steer_now_t) {
		.wall = get_heartbeat_wall(at), .boot_ms = get_heartbeat_boot_ms(at),
		.boot = { get_heartbeat_boot_low(at), get_heartbeat_boot_high(at) },
	};
	return STEER_OK;
}

size_t steer_heartbeat_write(uint8_t buf[STEER_HEARTBEAT_SIZE], const steer_now_t *beat)
{
	put_heartbeat_format(buf, STEER_HEARTBEAT_FORMAT);
	put_heartbeat_reserved(buf, 0);
	put_heartbeat_reserved2(buf, 0);
	put_heartbeat_wall(buf, beat->wall);
	put_heartbeat_boot_ms(buf, beat->boot_ms);
	put_heartbeat_boot_low(buf, beat->boot[0]);
	put_heartbeat_boot_high(buf, beat->boot[1]);
	put_heartbeat_sum(buf, steer_value_sum(buf, STEER_HEARTBEAT_SIZE));
	return STEER_HEARTBEAT_SIZE;
}

void steer_silence_decide(steer_silence_t *silence, const steer_now_t *beat,
                          const steer_now_t *now)
{
	silence->silent = false;
	silence->since = 0;
	silence->left_ms = UINT64_MAX;
	if (beat == NULL) {
		return;
	}
	int64_t ahead = steer_now_until(now, beat), after = INT64_C(1000) * silence->after;
	silence->since = beat->wall;
	silence->silent = ahead <= -after || ahead >= after;
	if (!silence->silent) {
		silence->left_ms = ahead + after;
	} else if (ahead > 0) {
		silence->left_ms = ahead - after + 1;
	}
}
