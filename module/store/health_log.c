/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/health_log.h"

#include <endian.h>
#include <string.h>

void steer_health_log_key(uint8_t key[STEER_HEALTH_LOG_KEY], uint64_t number)
{
	number = htobe64(number);
	memcpy(key, &number, STEER_HEALTH_LOG_KEY);
}

bool steer_health_log_key_read(const void *key, size_t len, uint64_t *number)
{
	if (len != STEER_HEALTH_LOG_KEY) {
		return false;
	}
	memcpy(number, key, STEER_HEALTH_LOG_KEY);
	*number = be64toh(*number);
	return true;
}

int steer_health_log_walk(const steer_reader_t *status, steer_health_log_f take, void *ctx)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	steer_health_transition_t transition;
	uint64_t number;
	int ret = steer_cursor_open(&cursor, status, STEER_DB_HEALTH_LOG);
	if (ret != STEER_OK) {
		return ret;
	}
	bool on = true;
	for (ret = steer_cursor_seek(cursor, NULL, 0, &pair); on && ret == STEER_OK;
	     ret = steer_cursor_next(cursor, &pair)) {
		if (steer_health_log_key_read(pair.key, pair.key_len, &number)) {
			bool whole = steer_health_transition_open(&transition, pair.value,
			                                          pair.value_len) == STEER_OK;
			on = take(ctx, number, whole ? &transition : NULL);
		}
	}
	steer_cursor_close(cursor);
	return ret == STEER_ENOENT ? STEER_OK : ret;
}
