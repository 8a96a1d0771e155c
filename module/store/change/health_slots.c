/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Health slots.
 *
 * Entries of CHECKS are never removed, so a slot that was taken stays with its id. Ids that record
 * sets name and no check has wait in memory until the commit: they are asked for in the midst of a
 * comparison, which a put could take the pages from.
 */
#include <search.h>
#include <stdio.h>
#include <string.h>

#include "store/change/groups.h"

struct steer_health_slot_wait {
	struct steer_health_slot_wait *next;
	uint32_t slot;
	char id[];
};

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct steer_health_slot_wait *)a)->id,
	              ((const struct steer_health_slot_wait *)b)->id);
}

static void leave(void *slot)
{
	(void)slot; // It lies in the arena.
}

void steer_health_slots_free(steer_health_slots_t *slots)
{
	tdestroy(slots->tree, leave);
	steer_arena_free(&slots->arena);
	*slots = (steer_health_slots_t) { 0 };
}

static int damaged(steer_write_t *write, const char *id)
{
	return steer_fault(write->fault, STEER_EDAMAGED, "%s: damaged health check '%s'",
	                   write->store->dir, id);
}

int steer_health_check_read(steer_write_t *write, const char *id, steer_health_check_t *check)
{
	MDB_val value;
	int ret = steer_write_get(write, STEER_DB_CHECKS, id, strlen(id), &value);
	if (ret == STEER_OK &&
	    steer_health_check_open(check, value.mv_data, value.mv_size) != STEER_OK) {
		return damaged(write, id);
	}
	return ret;
}

int steer_health_checks_each(steer_write_t *write, steer_health_check_each_f take, void *ctx)
{
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	steer_health_check_t check;
	int ret = STEER_OK;
	int err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_CHECKS], &cursor);
	for (MDB_cursor_op op = MDB_FIRST; err == MDB_SUCCESS && ret == STEER_OK; op = MDB_NEXT) {
		err = steer_pair_get(cursor, &key, &value, op);
		if (err != MDB_SUCCESS) {
			break;
		}
		char id[STEER_CHECK_ID_MAX + 1];
		snprintf(id, sizeof(id), "%.*s", (int)key.mv_size, (const char *)key.mv_data);
		if (steer_health_check_open(&check, value.mv_data, value.mv_size) == STEER_OK) {
			ret = take(ctx, id, &check);
		}
	}
	mdb_cursor_close(cursor);
	return ret != STEER_OK || err == MDB_NOTFOUND
	       ? ret : steer_store_fault(write->store, "checks", err, write->fault);
}

/*! Moves the next slot behind that of a check. */
static int pass(void *ctx, const char *id, const steer_health_check_t *check)
{
	(void)id;
	steer_health_slots_t *slots = ctx;
	slots->next = check->slot >= slots->next ? check->slot + 1 : slots->next;
	return STEER_OK;
}

/*! Finds the next slot. Slots are given in turn, so that of a damaged check is counted too. */
static int find_next(steer_write_t *write, steer_health_slots_t *slots)
{
	MDB_stat stat;
	int err = mdb_stat(write->txn, write->store->dbi[STEER_DB_CHECKS], &stat);
	if (err != MDB_SUCCESS) {
		return steer_store_fault(write->store, "stat", err, write->fault);
	}
	slots->next = stat.ms_entries;
	int ret = steer_health_checks_each(write, pass, slots);
	slots->known = ret == STEER_OK;
	return ret;
}

int steer_health_slots_take(steer_write_t *write, steer_health_check_t *check)
{
	steer_health_slots_t *slots = &write->slots;
	int ret = slots->known ? STEER_OK : find_next(write, slots);
	if (ret == STEER_OK && slots->next >= STEER_CHECKS_MAX) {
		ret = steer_fault(write->fault, STEER_EFULL, "%s: too many health checks; allowed: %u",
		                  write->store->dir, STEER_CHECKS_MAX);
	}
	if (ret == STEER_OK) {
		check->slot = slots->next++;
		check->generation = (uint32_t)write->sequence;
	}
	return ret;
}

/*! Gives an id that no check has a slot, once. */
static int reserve(steer_write_t *write, const char *id, steer_health_check_t *check)
{
	steer_health_slots_t *slots = &write->slots;
	size_t len = strlen(id);
	struct steer_health_slot_wait *new = steer_arena_alloc(&slots->arena, sizeof(*new) + len + 1);
	if (new == NULL) {
		return steer_no_memory(write->fault);
	}
	memcpy(new->id, id, len + 1);
	struct steer_health_slot_wait **found = tsearch(new, &slots->tree, compare);
	if (found == NULL) {
		return steer_no_memory(write->fault);
	}
	if (*found != new) {
		check->slot = (*found)->slot;
		check->generation = (uint32_t)write->sequence;
		return STEER_OK;
	}
	int ret = steer_health_slots_take(write, check);
	if (ret == STEER_OK) {
		new->slot = check->slot;
		new->next = slots->waiting;
		slots->waiting = new;
	}
	return ret;
}

int steer_health_checks_slot(steer_write_t *write, const char *id, uint32_t *slot,
                             uint32_t *generation, bool *defined)
{
	steer_health_check_t check = { .type = STEER_CHECK_NONE };
	int ret = steer_health_check_read(write, id, &check);
	if (ret == STEER_ENOENT) {
		ret = reserve(write, id, &check);
	}
	if (ret == STEER_OK) {
		*slot = check.slot;
		*generation = check.generation;
		*defined = check.type != STEER_CHECK_NONE;
	}
	return ret;
}

int steer_health_slots_put(steer_write_t *write)
{
	uint8_t value[STEER_CHECK_SIZE];
	steer_health_check_t check = { .type = STEER_CHECK_NONE,
		                           .generation = (uint32_t)write->sequence };
	int ret = STEER_OK;
	for (const struct steer_health_slot_wait *at = write->slots.waiting;
	     at != NULL && ret == STEER_OK; at = at->next) {
		check.slot = at->slot;
		size_t size = steer_health_check_write(value, &check);
		ret = steer_write_put(write, STEER_DB_CHECKS, at->id, strlen(at->id), value, size, false);
	}
	return ret;
}

int steer_sets_find_slots(steer_write_t *write, steer_change_t *change,
                          const steer_apply_t *options)
{
	for (steer_change_set_t *set = change->sets; set != NULL; set = set->next) {
		if (set->health == NULL) {
			continue;
		}
		const steer_change_record_t at = {
			.key = set->key, .key_len = set->key_len, .file = set->location.file,
			.line = set->location.line, .column = set->location.column,
		};
		char line[STEER_SET_TEXT + STEER_CHECK_ID_MAX + STEER_MESSAGE_MAX], text[STEER_SET_TEXT];
		steer_set_text(text, set->type, set->id, set->id_len);
		if (!steer_health_check_id_is_good(set->health)) {
			snprintf(line, sizeof(line), "%s: '%.*s' cannot be a health check; allowed: 1 to %d of "
			         "A-Z a-z 0-9 - _ . : / @", text, STEER_CHECK_ID_MAX, set->health,
			         STEER_CHECK_ID_MAX);
			return steer_record_fault(&at, STEER_EREFUSED, line, write->fault);
		}
		bool defined;
		int ret =
			steer_health_checks_slot(write, set->health, &set->slot, &set->generation, &defined);
		if (ret != STEER_OK) {
			return ret;
		}
		if (!defined) {
			snprintf(line, sizeof(line), "%s: no health check '%s' yet: it counts as healthy", text,
			         set->health);
			steer_record_warn(&at, line, options);
		}
	}
	return STEER_OK;
}
