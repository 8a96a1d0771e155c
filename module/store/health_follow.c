/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/health_follow.h"

/*! One check is decided for the work of so many in a walk over all. */
#define WALKED_PER_FOUND 16
/*! So many checks are decided in any case. */
#define FOUND_MIN 4

typedef struct {
	steer_health_follow_t *follow;
	const steer_health_basis_t *basis;
	steer_health_table_build_t *table;
	uint64_t left_ms;
	uint64_t taken; /*!< Transitions. */
	uint32_t found; /*!< Checks that may be decided yet. */
	int ret;
} updater_t;

/*! Puts a state into the table. */
static int put(updater_t *updater, const steer_health_status_t *checked)
{
	if (checked->effective.left_ms < updater->left_ms) {
		updater->left_ms = checked->effective.left_ms;
	}
	return steer_health_table_put(updater->table, checked);
}

/* All checks. */

static bool take_check(void *ctx, const steer_health_status_t *checked)
{
	updater_t *updater = ctx;
	updater->ret = put(updater, checked);
	if (updater->ret == STEER_OK && checked->check.type == STEER_CHECK_CALCULATED) {
		updater->ret = steer_child_states_adopt(&updater->follow->children, checked->id,
		                                        checked->id_len, &checked->check);
	}
	return updater->ret == STEER_OK;
}

int steer_health_follow_all(steer_health_follow_t *follow, const steer_health_basis_t *basis,
                            steer_health_table_build_t *table, uint64_t *left_ms)
{
	updater_t updater = { .follow = follow, .table = table, .left_ms = *left_ms };
	uint64_t walked = follow->walked + 1;
	steer_health_follow_free(follow);
	follow->walked = walked;
	table->walked = 0;
	steer_health_table_clear(table);
	int ret = steer_health_log_end(basis->status, &follow->end);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_health_checks_walk_and_keep(basis, &follow->children, take_check, &updater);
	ret = updater.ret != STEER_OK ? updater.ret : ret;
	follow->whole = ret == STEER_OK || ret == STEER_EDAMAGED;
	if (follow->whole) {
		table->walked = walked;
		table->logged = follow->end.logged;
		*left_ms = updater.left_ms;
	}
	return ret;
}

/* Changes. */

bool steer_health_follow_is_current(const steer_health_follow_t *follow,
                                    const steer_reader_t *status)
{
	steer_health_log_end_t end;
	return follow->whole && steer_health_log_end(status, &end) == STEER_OK &&
	       end.logged == follow->end.logged && end.unlogged == follow->end.unlogged;
}

/*! Decides a check anew. */
static int update(updater_t *updater, const char *id, size_t id_len,
                  steer_health_status_t *checked)
{
	if (updater->found == 0) {
		return STEER_ESPACE;
	}
	updater->found--;
	int ret = steer_health_check_find_with(updater->basis, &updater->follow->children, id, id_len,
	                                       checked);
	return ret == STEER_OK ? put(updater, checked) : ret;
}

/*! Decides a check anew, then those that are calculated from it. */
static int update_family(updater_t *updater, const char *id, size_t id_len)
{
	steer_child_states_t *children = &updater->follow->children;
	steer_health_status_t checked;
	int ret = update(updater, id, id_len, &checked);
	if (ret != STEER_OK) {
		return ret == STEER_ENOENT ? STEER_OK : ret; // It may be created later.
	}
	const steer_child_parent_t *parent =
		steer_child_states_set(children, id, id_len, &checked.effective);
	while (ret == STEER_OK && parent != NULL) {
		ret = update(updater, parent->id, parent->id_len, &checked);
		parent = steer_child_states_next(children, parent);
	}
	return ret;
}

static bool take_transition(void *ctx, uint64_t number, const steer_health_transition_t *transition)
{
	updater_t *updater = ctx;
	(void)number;
	updater->ret = transition != NULL
	               ? update_family(updater, transition->id, transition->id_len) : STEER_EDAMAGED;
	updater->taken++;
	return updater->ret == STEER_OK;
}

/*! Decides what the transitions after those that a table has are about. */
static int catch_up(updater_t *updater)
{
	const uint64_t first = updater->table->logged + 1;
	const uint64_t changes = updater->follow->end.logged + 1 - first;
	if (changes > updater->found) {
		return STEER_ESPACE;
	}
	int ret = steer_health_log_walk(updater->basis->status, first, take_transition, updater);
	if (ret != STEER_OK || updater->ret != STEER_OK) {
		return ret != STEER_OK ? ret : updater->ret;
	}
	return updater->taken == changes ? STEER_OK : STEER_ENOENT; // Some are kept no longer.
}

int steer_health_follow_changes(steer_health_follow_t *follow, const steer_health_basis_t *basis,
                                const steer_health_table_t *last,
                                steer_health_table_build_t *table, uint64_t *left_ms)
{
	const steer_health_log_end_t before = follow->end;
	const bool whole = follow->whole, copy = table->walked != follow->walked;
	follow->whole = false;
	table->walked = 0;
	int ret = steer_health_log_end(basis->status, &follow->end);
	if (ret != STEER_OK || !whole || follow->end.unlogged != before.unlogged) {
		return ret != STEER_OK ? ret : STEER_ENOENT;
	}
	if (copy) {
		ret = steer_health_table_copy(table, last);
		table->logged = before.logged;
	}
	updater_t updater = {
		.follow = follow, .basis = basis, .table = table, .left_ms = *left_ms,
		.found = FOUND_MIN + last->count / WALKED_PER_FOUND,
	};
	ret = ret == STEER_OK ? catch_up(&updater) : ret;
	if (ret == STEER_OK) {
		follow->whole = true;
		table->walked = follow->walked;
		table->logged = follow->end.logged;
		*left_ms = updater.left_ms;
	}
	return ret;
}

void steer_health_follow_free(steer_health_follow_t *follow)
{
	steer_child_states_free(&follow->children);
	*follow = (steer_health_follow_t) { .whole = false };
}
