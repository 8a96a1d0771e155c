/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/uses.h"

#include <string.h>

#include "core/alias.h"
#include "store/records_lookup.h"

_Static_assert(STEER_USES_TARGET == STEER_STATUS_TARGET, "a target has one key in both databases");

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

/*! Reads the number of a key; without an entry it is 0. */
static int get(const steer_reader_t *records, const uint8_t *key, size_t len, uint64_t *count)
{
	const void *value;
	size_t value_len;
	int ret = steer_reader_get(records, STEER_DB_USES, key, len, &value, &value_len);
	if (ret == STEER_ENOENT) {
		*count = 0;
		return STEER_OK;
	}
	return ret == STEER_OK ? steer_uses_open(count, value, value_len) : ret;
}

int steer_uses_get(const steer_reader_t *records, const char *id, size_t len, uint64_t *count)
{
	uint8_t key[1 + STEER_CHECK_ID_MAX] = { STEER_USES_CHECK };
	if (len > STEER_CHECK_ID_MAX) {
		*count = 0;
		return STEER_OK;
	}
	memcpy(key + 1, id, len);
	return get(records, key, 1 + len, count);
}

int steer_uses_of_target(const steer_reader_t *records, uint16_t type, const steer_key_t *name,
                         uint64_t *count)
{
	uint8_t key[STEER_EXTERNAL_KEY_MAX];
	return get(records, key, steer_external_answer_key(key, type, name), count);
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

int steer_uses_targets_walk(const steer_reader_t *records, steer_target_uses_f take, void *ctx)
{
	static const uint8_t targets[] = { STEER_USES_TARGET };
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	int ret = steer_cursor_open(&cursor, records, STEER_DB_USES);
	if (ret != STEER_OK) {
		return ret;
	}
	bool on = true, damaged = false;
	for (ret = steer_cursor_seek(cursor, targets, sizeof(targets), &pair);
	     on && ret == STEER_OK && pair.key[0] == STEER_USES_TARGET;
	     ret = steer_cursor_next(cursor, &pair)) {
		steer_target_use_t use = { .count = 0 };
		if (steer_external_answer_key_open(&use.type, &use.name, pair.key, pair.key_len) !=
		    STEER_OK) {
			damaged = true;
			continue;
		}
		(void)steer_uses_open(&use.count, pair.value, pair.value_len);
		on = take(ctx, &use);
	}
	steer_cursor_close(cursor);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	return damaged ? STEER_EDAMAGED : STEER_OK;
}

typedef struct {
	steer_lookup_t lookup;
	steer_external_target_f take;
	void *ctx;
	bool on;
} externals_t;

static void take_end(void *ctx, uint16_t type, const uint8_t *name)
{
	externals_t *externals = ctx;
	externals->on = externals->on && externals->take(externals->ctx, type, name);
}

static bool take_use(void *ctx, const steer_target_use_t *use)
{
	externals_t *externals = ctx;
	uint8_t name[STEER_NAME_MAX];
	steer_key_to_name(name, &use->name, use->name.labels);
	(void)steer_alias_ends(&externals->lookup, use->type, name, take_end, externals);
	return externals->on;
}

int steer_uses_externals_walk(const steer_reader_t *records, steer_external_target_f take,
                              void *ctx)
{
	steer_records_lookup_t readers = { .records = records };
	externals_t externals = {
		.lookup = steer_records_lookup(&readers), .take = take, .ctx = ctx, .on = true,
	};
	return steer_uses_targets_walk(records, take_use, &externals);
}
