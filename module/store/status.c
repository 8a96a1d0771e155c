/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/status.h"

#include <string.h>

#include "store/handles.h"
#include "store/silence.h"

size_t steer_status_key(uint8_t key[1 + STEER_CHECK_ID_MAX], uint8_t kind, const char *id,
                        size_t len)
{
	key[0] = kind;
	memcpy(key + 1, id, len);
	return 1 + len;
}

/*! Takes a stored state if it is of the check as it is defined now. \retval STEER_EDAMAGED */
static int take_state(const steer_health_check_t *check, uint8_t kind, const void *value,
                      size_t len, bool *has, steer_health_state_t *state)
{
	int ret = steer_health_state_open(state, value, len);
	ret = ret == STEER_OK && state->cleared ? STEER_EDAMAGED : ret; // That is for logs.
	*has = ret == STEER_OK && state->created == check->created &&
	       steer_status_is_of(kind, check->type);
	return ret;
}

static void decide(steer_health_status_t *checked, const steer_health_basis_t *basis)
{
	const steer_health_check_t *check = &checked->check;
	const steer_health_known_t known = {
		.force = checked->has_force ? &checked->force : NULL,
		.report = checked->has_report ? &checked->report : NULL,
		.probed = checked->has_probed ? &checked->probed : NULL,
		.children = &checked->children, .silence = &basis->silence,
	};
	checked->effective =
		steer_health_decide(check->type, check->flags, check->created, &known, basis->now);
}

/*! A walk over the states of one kind, in step with that over the checks. */
typedef struct {
	uint8_t kind;
	steer_cursor_t *cursor;
	int ret;           /*!< STEER_OK: it is at a pair. */
	steer_pair_t pair;
} status_cursor_t;

enum { CURSOR_FORCE, CURSOR_REPORT, CURSOR_STATE, CURSORS };

static int status_cursor_open(status_cursor_t *cursor, const steer_reader_t *status, uint8_t kind)
{
	cursor->kind = kind;
	int ret = steer_cursor_open(&cursor->cursor, status, STEER_DB_STATUS);
	if (ret == STEER_OK) {
		cursor->ret = steer_cursor_seek(cursor->cursor, &kind, 1, &cursor->pair);
	}
	return ret;
}

/*! Takes the state of a check, which must come after all those asked for before. */
static int status_cursor_take(status_cursor_t *cursor, const steer_health_status_t *checked,
                              bool *has, steer_health_state_t *state)
{
	*has = false;
	while (cursor->ret == STEER_OK && cursor->pair.key[0] == cursor->kind) {
		int order = steer_key_cmp(cursor->pair.key + 1, cursor->pair.key_len - 1,
		                          (const uint8_t *)checked->id, checked->id_len);
		if (order > 0) {
			break;
		} else if (order == 0) {
			return take_state(&checked->check, cursor->kind, cursor->pair.value,
			                  cursor->pair.value_len, has, state);
		}
		cursor->ret = steer_cursor_next(cursor->cursor, &cursor->pair);
	}
	return cursor->ret == STEER_ENOENT ? STEER_OK : cursor->ret;
}

/*! Keeps the first error that is worse than damage. */
static void note(int *ret, int other)
{
	if (*ret == STEER_OK || *ret == STEER_EDAMAGED) {
		*ret = other != STEER_OK ? other : *ret;
	}
}

/*! Receives a check with its stored states, not decided. \return false ends the walk. */
typedef bool (*stored_f)(void *ctx, steer_health_status_t *checked);

static int walk(steer_cursor_t *checks, status_cursor_t cursors[CURSORS], stored_f take, void *ctx)
{
	steer_pair_t pair;
	int ret = STEER_OK, at = steer_cursor_seek(checks, NULL, 0, &pair);
	for (; at == STEER_OK; at = steer_cursor_next(checks, &pair)) {
		steer_health_status_t checked;
		checked.id = (const char *)pair.key;
		checked.id_len = pair.key_len;
		if (steer_health_check_open(&checked.check, pair.value, pair.value_len) != STEER_OK) {
			note(&ret, STEER_EDAMAGED);
			continue;
		}
		note(&ret, status_cursor_take(&cursors[CURSOR_FORCE], &checked, &checked.has_force,
		                              &checked.force));
		note(&ret, status_cursor_take(&cursors[CURSOR_REPORT], &checked, &checked.has_report,
		                              &checked.report));
		note(&ret, status_cursor_take(&cursors[CURSOR_STATE], &checked, &checked.has_probed,
		                              &checked.probed));
		if (!take(ctx, &checked)) {
			return ret;
		}
	}
	note(&ret, at == STEER_ENOENT ? STEER_OK : at);
	return ret;
}

static int walk_stored(const steer_health_basis_t *basis, stored_f take, void *ctx)
{
	static const uint8_t kinds[CURSORS] = {
		[CURSOR_FORCE] = STEER_STATUS_FORCE, [CURSOR_REPORT] = STEER_STATUS_REPORT,
		[CURSOR_STATE] = STEER_STATUS_STATE,
	};
	status_cursor_t cursors[CURSORS] = { 0 };
	steer_cursor_t *checks = NULL;
	int ret = steer_cursor_open(&checks, basis->records, STEER_DB_CHECKS);
	for (int i = 0; i < CURSORS && ret == STEER_OK; i++) {
		ret = status_cursor_open(&cursors[i], basis->status, kinds[i]);
	}
	if (ret == STEER_OK) {
		ret = walk(checks, cursors, take, ctx);
	}
	for (int i = 0; i < CURSORS; i++) {
		steer_cursor_close(cursors[i].cursor);
	}
	steer_cursor_close(checks);
	return ret;
}

/* Calculated checks: they have the states of others, which may come later in a walk. */

typedef struct {
	const steer_health_basis_t *basis;
	steer_child_states_t *states;
	bool no_memory;
} collector_t;

/*! A calculated check is nobody's child, though a damaged store may say so. */
static bool collect_child(void *ctx, steer_health_status_t *checked)
{
	collector_t *collector = ctx;
	uint8_t type = checked->check.type;
	if (type != STEER_CHECK_CALCULATED && type != STEER_CHECK_NONE) {
		decide(checked, collector->basis);
		collector->no_memory = steer_child_states_add(collector->states, checked->id,
		                                              checked->id_len,
		                                              &checked->effective) != STEER_OK;
	}
	return !collector->no_memory;
}

static int collect_children(const steer_health_basis_t *basis, steer_child_states_t *states)
{
	collector_t collector = { .basis = basis, .states = states };
	int ret = walk_stored(basis, collect_child, &collector);
	return collector.no_memory ? STEER_ENOMEM : ret;
}

typedef struct {
	const steer_health_basis_t *basis;
	steer_health_status_f take;
	void *ctx;
	bool collected; /*!< The states of children are, for the first calculated check. */
	steer_child_states_t *children;
	int ret;
} decider_t;

static bool decide_stored(void *ctx, steer_health_status_t *checked)
{
	decider_t *decider = ctx;
	if (checked->check.type == STEER_CHECK_CALCULATED) {
		if (!decider->collected) {
			decider->ret = collect_children(decider->basis, decider->children);
			decider->collected = true;
		}
		if (decider->ret != STEER_OK && decider->ret != STEER_EDAMAGED) {
			return false;
		}
		steer_child_states_count(decider->children, &checked->check, &checked->children);
	}
	decide(checked, decider->basis);
	return decider->take(decider->ctx, checked);
}

int steer_health_checks_walk_and_keep(const steer_health_basis_t *basis,
                                      steer_child_states_t *children, steer_health_status_f take,
                                      void *ctx)
{
	decider_t decider = { .basis = basis, .children = children, .take = take, .ctx = ctx };
	int ret = walk_stored(basis, decide_stored, &decider);
	note(&ret, decider.ret);
	return ret;
}

int steer_health_checks_walk(const steer_reader_t *records, const steer_reader_t *status,
                             const steer_now_t *now, steer_health_status_f take, void *ctx)
{
	steer_health_basis_t basis = { .records = records, .status = status, .now = now };
	steer_child_states_t children = { 0 };
	int ret = steer_silence_read(records, status, now, &basis.silence);
	if (ret == STEER_EIO) {
		return ret;
	}
	note(&ret, steer_health_checks_walk_and_keep(&basis, &children, take, ctx));
	steer_child_states_free(&children);
	return ret;
}

/* One check. */

static int find_state(const steer_reader_t *status, uint8_t kind,
                      const steer_health_status_t *checked, bool *has, steer_health_state_t *state)
{
	uint8_t key[1 + STEER_CHECK_ID_MAX];
	size_t key_len = steer_status_key(key, kind, checked->id, checked->id_len), len;
	const void *value;
	*has = false;
	int ret = steer_reader_get(status, STEER_DB_STATUS, key, key_len, &value, &len);
	if (ret != STEER_OK) {
		return ret == STEER_ENOENT ? STEER_OK : ret;
	}
	return take_state(&checked->check, kind, value, len, has, state);
}

/*! Finds a check with its stored states, not decided. */
static int find_stored(const steer_health_basis_t *basis, const char *id, size_t id_len,
                       steer_health_status_t *checked)
{
	const void *value;
	size_t len;
	if (id_len < 1 || id_len > STEER_CHECK_ID_MAX) {
		return STEER_ENOENT;
	}
	int ret = steer_reader_get(basis->records, STEER_DB_CHECKS, id, id_len, &value, &len);
	if (ret != STEER_OK) {
		return ret;
	}
	checked->id = id;
	checked->id_len = id_len;
	ret = steer_health_check_open(&checked->check, value, len);
	if (ret == STEER_OK) {
		ret = find_state(basis->status, STEER_STATUS_FORCE, checked, &checked->has_force,
		                 &checked->force);
	}
	if (ret == STEER_OK) {
		ret = find_state(basis->status, STEER_STATUS_REPORT, checked, &checked->has_report,
		                 &checked->report);
	}
	if (ret == STEER_OK) {
		ret = find_state(basis->status, STEER_STATUS_STATE, checked, &checked->has_probed,
		                 &checked->probed);
	}
	return ret;
}

int steer_health_check_find_with(const steer_health_basis_t *basis,
                                 const steer_child_states_t *children, const char *id,
                                 size_t id_len, steer_health_status_t *checked)
{
	int ret = find_stored(basis, id, id_len, checked);
	if (ret != STEER_OK) {
		return ret;
	}
	if (checked->check.type == STEER_CHECK_CALCULATED) {
		steer_child_states_count(children, &checked->check, &checked->children);
	}
	decide(checked, basis);
	return STEER_OK;
}

int steer_health_check_find(const steer_reader_t *records, const steer_reader_t *status,
                            const char *id, const steer_now_t *now, steer_health_status_t *checked)
{
	steer_health_basis_t basis = { .records = records, .status = status, .now = now };
	int ret = find_stored(&basis, id, strlen(id), checked);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_silence_read(records, status, now, &basis.silence);
	if (ret == STEER_EIO) {
		return ret;
	}
	if (checked->check.type == STEER_CHECK_CALCULATED) {
		steer_child_states_t children = { 0 };
		ret = collect_children(&basis, &children);
		steer_child_states_count(&children, &checked->check, &checked->children);
		steer_child_states_free(&children);
	}
	decide(checked, &basis);
	// What is damaged decides nothing, or is of others.
	return ret == STEER_EDAMAGED ? STEER_OK : ret;
}

int steer_status_external_answer(const steer_reader_t *status, uint16_t type,
                                 const steer_key_t *name, steer_external_answer_t *target)
{
	uint8_t key[STEER_EXTERNAL_KEY_MAX];
	const void *value;
	size_t len;
	int ret = steer_reader_get(status, STEER_DB_STATUS, key,
	                           steer_external_answer_key(key, type, name), &value, &len);
	return ret == STEER_OK ? steer_external_answer_open(target, type, value, len) : ret;
}

/*! Gives the target of a pair. \return false ends the walk */
static bool take_target(const steer_pair_t *pair, steer_external_answer_f take, void *ctx,
                        bool *damaged)
{
	uint8_t name[STEER_NAME_MAX];
	uint16_t type;
	steer_key_t key;
	steer_external_answer_t target;
	if (steer_external_answer_key_open(&type, &key, pair->key, pair->key_len) != STEER_OK) {
		*damaged = true;
		return true;
	}
	steer_key_to_name(name, &key, key.labels);
	int ret = steer_external_answer_open(&target, type, pair->value, pair->value_len);
	return take(ctx, type, name, ret == STEER_OK ? &target : NULL);
}

int steer_status_external_answers_walk(const steer_reader_t *status, steer_external_answer_f take,
                                       void *ctx)
{
	static const uint8_t targets[] = { STEER_STATUS_TARGET };
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	int ret = steer_cursor_open(&cursor, status, STEER_DB_STATUS);
	if (ret != STEER_OK) {
		return ret;
	}
	bool on = true, damaged = false;
	for (ret = steer_cursor_seek(cursor, targets, sizeof(targets), &pair);
	     on && ret == STEER_OK && pair.key[0] == STEER_STATUS_TARGET;
	     ret = steer_cursor_next(cursor, &pair)) {
		on = take_target(&pair, take, ctx, &damaged);
	}
	steer_cursor_close(cursor);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	return damaged ? STEER_EDAMAGED : STEER_OK;
}
