/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/uses.h"

#include <string.h>

int steer_uses_open(uint64_t *count, const void *value, size_t len)
{
	uint64_t stored = 0;
	if (len == sizeof(stored)) {
		memcpy(&stored, value, len);
	}
	if (stored == 0) {
		return STEER_EDAMAGED;
	}
	*count = steer_le_u64(stored);
	return STEER_OK;
}

int steer_uses_get(const steer_reader_t *records, const char *id, size_t len, uint64_t *count)
{
	uint8_t key[1 + STEER_CHECK_ID_MAX] = { STEER_USES_CHECK };
	const void *value;
	size_t value_len;
	int ret = STEER_ENOENT;
	if (len <= STEER_CHECK_ID_MAX) {
		memcpy(key + 1, id, len);
		ret = steer_reader_get(records, STEER_DB_USES, key, 1 + len, &value, &value_len);
	}
	if (ret == STEER_ENOENT) {
		*count = 0;
		return STEER_OK;
	}
	return ret == STEER_OK ? steer_uses_open(count, value, value_len) : ret;
}

int steer_uses_walk(const steer_reader_t *records, steer_uses_f take, void *ctx)
{
	static const uint8_t checks[] = { STEER_USES_CHECK };
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	int ret = steer_cursor_open(&cursor, records, STEER_DB_USES);
	if (ret != STEER_OK) {
		return ret;
	}
	bool on = true;
	for (ret = steer_cursor_seek(cursor, checks, sizeof(checks), &pair);
	     on && ret == STEER_OK && pair.key[0] == STEER_USES_CHECK;
	     ret = steer_cursor_next(cursor, &pair)) {
		uint64_t count = 0;
		(void)steer_uses_open(&count, pair.value, pair.value_len);
		on = take(ctx, (const char *)pair.key + 1, pair.key_len - 1, count);
	}
	steer_cursor_close(cursor);
	return ret == STEER_ENOENT ? STEER_OK : ret;
}
