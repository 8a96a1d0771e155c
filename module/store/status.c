/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/status.h"

#include <string.h>

#include "store/internal.h"

size_t steer_status_key(uint8_t key[1 + STEER_CHECK_ID_MAX], uint8_t kind, const char *id,
                        size_t len)
{
	key[0] = kind;
	memcpy(key + 1, id, len);
	return 1 + len;
}

/*! Takes a stored state if it is the check's, as it is now. \return STEER_OK, STEER_EDAMAGED */
static int take_state(const steer_check_t *check, uint8_t kind, const void *value, size_t len,
                      bool *has, steer_check_state_t *state)
{
	int ret = steer_check_state_open(state, value, len);
	*has = ret == STEER_OK && state->generation == check->generation &&
	       steer_status_is_of(kind, check->type);
	return ret;
}

static void decide(steer_checked_t *checked, const steer_now_t *now)
{
	const steer_check_t *check = &checked->check;
	checked->effective = steer_health_decide(check->type, check->flags, check->generation,
	                                         checked->has_force ? &checked->force : NULL,
	                                         checked->has_report ? &checked->report : NULL,
	                                         checked->has_probed ? &checked->probed : NULL, now);
}

/*! A walk over the states of one kind, beside that over the checks. */
typedef struct {
	uint8_t kind;
	steer_cursor_t *cursor;
	steer_pair_t pair; /*!< Where it is, */
	int ret;           /*!< if this is STEER_OK. */
} lane_t;

enum { LANE_FORCE, LANE_REPORT, LANE_STATE, LANES };

static int lane_open(lane_t *lane, const steer_reader_t *status, uint8_t kind)
{
	lane->kind = kind;
	int ret = steer_cursor_open(&lane->cursor, status, STEER_DB_STATUS);
	if (ret == STEER_OK) {
		lane->ret = steer_cursor_seek(lane->cursor, &kind, 1, &lane->pair);
	}
	return ret;
}

/*! Takes the state of a check, behind all that it was asked for before. */
static int lane_take(lane_t *lane, const steer_checked_t *checked, bool *has,
                     steer_check_state_t *state)
{
	*has = false;
	while (lane->ret == STEER_OK && lane->pair.key[0] == lane->kind) {
		int order = steer_key_cmp(lane->pair.key + 1, lane->pair.key_len - 1,
		                          (const uint8_t *)checked->id, checked->id_len);
		if (order > 0) {
			break;
		} else if (order == 0) {
			return take_state(&checked->check, lane->kind, lane->pair.value, lane->pair.value_len,
			                  has, state);
		}
		lane->ret = steer_cursor_next(lane->cursor, &lane->pair);
	}
	return lane->ret == STEER_ENOENT ? STEER_OK : lane->ret;
}

/*! The first error counts that is more than damage. */
static void note(int *ret, int other)
{
	if (*ret == STEER_OK || *ret == STEER_EDAMAGED) {
		*ret = other != STEER_OK ? other : *ret;
	}
}

static int walk(steer_cursor_t *checks, lane_t lanes[LANES], const steer_now_t *now,
                steer_checked_f take, void *ctx)
{
	steer_pair_t pair;
	int ret = STEER_OK, at = steer_cursor_seek(checks, NULL, 0, &pair);
	for (; at == STEER_OK; at = steer_cursor_next(checks, &pair)) {
		steer_checked_t checked;
		checked.id = (const char *)pair.key;
		checked.id_len = pair.key_len;
		if (steer_check_open(&checked.check, pair.value, pair.value_len) != STEER_OK) {
			note(&ret, STEER_EDAMAGED);
			continue;
		}
		note(&ret, lane_take(&lanes[LANE_FORCE], &checked, &checked.has_force, &checked.force));
		note(&ret, lane_take(&lanes[LANE_REPORT], &checked, &checked.has_report,
		                     &checked.report));
		note(&ret, lane_take(&lanes[LANE_STATE], &checked, &checked.has_probed,
		                     &checked.probed));
		decide(&checked, now);
		if (!take(ctx, &checked)) {
			return ret;
		}
	}
	note(&ret, at == STEER_ENOENT ? STEER_OK : at);
	return ret;
}

int steer_checks_walk(const steer_reader_t *records, const steer_reader_t *status,
                      const steer_now_t *now, steer_checked_f take, void *ctx)
{
	static const uint8_t kinds[LANES] = {
		[LANE_FORCE] = STEER_STATUS_FORCE, [LANE_REPORT] = STEER_STATUS_REPORT,
		[LANE_STATE] = STEER_STATUS_STATE,
	};
	lane_t lanes[LANES] = { 0 };
	steer_cursor_t *checks = NULL;
	int ret = steer_cursor_open(&checks, records, STEER_DB_CHECKS);
	for (int i = 0; i < LANES && ret == STEER_OK; i++) {
		ret = lane_open(&lanes[i], status, kinds[i]);
	}
	if (ret == STEER_OK) {
		ret = walk(checks, lanes, now, take, ctx);
	}
	for (int i = 0; i < LANES; i++) {
		steer_cursor_close(lanes[i].cursor);
	}
	steer_cursor_close(checks);
	return ret;
}

static int find_state(const steer_reader_t *status, uint8_t kind, const steer_checked_t *checked,
                      bool *has, steer_check_state_t *state)
{
	uint8_t key[1 + STEER_CHECK_ID_MAX];
	size_t key_len = steer_status_key(key, kind, checked->id, checked->id_len), len;
	const void *value;
	*has = false;
	int ret = steer_reader_get(status, STEER_DB_STATUS, key, key_len, &value, &len);
	return ret == STEER_OK ? take_state(&checked->check, kind, value, len, has, state)
	       : ret == STEER_ENOENT ? STEER_OK : ret;
}

int steer_check_find(const steer_reader_t *records, const steer_reader_t *status, const char *id,
                     const steer_now_t *now, steer_checked_t *checked)
{
	const void *value;
	size_t len, id_len = strlen(id);
	if (id_len < 1 || id_len > STEER_CHECK_ID_MAX) {
		return STEER_ENOENT;
	}
	int ret = steer_reader_get(records, STEER_DB_CHECKS, id, id_len, &value, &len);
	if (ret == STEER_OK) {
		checked->id = id;
		checked->id_len = id_len;
		ret = steer_check_open(&checked->check, value, len);
	}
	if (ret == STEER_OK) {
		ret = find_state(status, STEER_STATUS_FORCE, checked, &checked->has_force,
		                 &checked->force);
	}
	if (ret == STEER_OK) {
		ret = find_state(status, STEER_STATUS_REPORT, checked, &checked->has_report,
		                 &checked->report);
	}
	if (ret == STEER_OK) {
		ret = find_state(status, STEER_STATUS_STATE, checked, &checked->has_probed,
		                 &checked->probed);
	}
	if (ret == STEER_OK) {
		decide(checked, now);
	}
	return ret;
}

int steer_status_target(const steer_reader_t *status, uint16_t type, const steer_key_t *name,
                        steer_target_t *target)
{
	uint8_t key[STEER_TARGET_KEY_MAX];
	const void *value;
	size_t len;
	int ret = steer_reader_get(status, STEER_DB_STATUS, key, steer_target_key(key, type, name),
	                           &value, &len);
	return ret == STEER_OK ? steer_target_open(target, type, value, len) : ret;
}
