/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/health_log.h"

#include <endian.h>
#include <string.h>

#include "store/status_note.h"

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

int steer_health_log_walk(const steer_reader_t *status, uint64_t from, steer_health_log_f take,
                          void *ctx)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	uint8_t first[STEER_HEALTH_LOG_KEY];
	steer_health_transition_t transition;
	uint64_t number;
	int ret = steer_cursor_open(&cursor, status, STEER_DB_HEALTH_LOG);
	if (ret != STEER_OK) {
		return ret;
	}
	bool on = true;
	steer_health_log_key(first, from);
	for (ret = steer_cursor_seek(cursor, first, sizeof(first), &pair); on && ret == STEER_OK;
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

static int read_unlogged(const steer_reader_t *status, uint64_t *unlogged)
{
	static const uint8_t key = STEER_STATUS_UNLOGGED;
	const void *value;
	size_t len;
	int ret = steer_reader_get(status, STEER_DB_STATUS, &key, sizeof(key), &value, &len);
	*unlogged = ret == STEER_OK ? steer_status_note_open(value, len) : 0;
	return ret == STEER_ENOENT ? STEER_OK : ret;
}

static int read_logged(const steer_reader_t *status, uint64_t *logged)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	int ret = steer_cursor_open(&cursor, status, STEER_DB_HEALTH_LOG);
	if (ret != STEER_OK) {
		return ret;
	}
	*logged = 0;
	ret = steer_cursor_last(cursor, &pair);
	while (ret == STEER_OK && !steer_health_log_key_read(pair.key, pair.key_len, logged)) {
		ret = steer_cursor_previous(cursor, &pair);
	}
	steer_cursor_close(cursor);
	return ret == STEER_ENOENT ? STEER_OK : ret;
}

int steer_health_log_end(const steer_reader_t *status, steer_health_log_end_t *end)
{
	int ret = read_unlogged(status, &end->unlogged);
	return ret == STEER_OK ? read_logged(status, &end->logged) : ret;
}
