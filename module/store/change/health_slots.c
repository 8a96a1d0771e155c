/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Health slots. Entries of CHECKS are never removed, so a slot that was taken stays with its id.
 */
#include <stdio.h>
#include <string.h>

#include "store/change/health_slots.h"
#include "store/change/log_write.h"
#include "store/change/source_location.h"

int steer_health_check_read(steer_write_t *write, const char *id, steer_health_check_t *check)
{
	MDB_val value;
	int ret = steer_write_get(write, STEER_DB_CHECKS, id, strlen(id), &value);
	if (ret != STEER_OK) {
		return ret;
	}
	return steer_health_check_open(check, value.mv_data, value.mv_size) == STEER_OK ? STEER_OK
	       : steer_fault(write->fault, STEER_EDAMAGED, "%s: damaged health check '%s'",
	                     write->store->dir, id);
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

/*! Moves the next slot past that of a check. */
static int pass(void *ctx, const char *id, const steer_health_check_t *check)
{
	(void)id;
	steer_health_slots_t *slots = ctx;
	slots->next = check->slot >= slots->next ? check->slot + 1 : slots->next;
	return STEER_OK;
}

/*! Finds the next slot. Slots are given in turn, so those of damaged checks are counted as well. */
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
	if (ret != STEER_OK) {
		return ret;
	}
	if (slots->next >= STEER_CHECKS_MAX) {
		return steer_fault(write->fault, STEER_EFULL, "%s: too many health checks; allowed: %u",
		                   write->store->dir, STEER_CHECKS_MAX);
	}
	check->slot = slots->next++;
	check->generation = (uint32_t)write->sequence;
	return STEER_OK;
}

/*! Gives a slot to a check that record sets name and that is not defined; puts and logs it. */
static int put_undefined(steer_write_t *write, const char *id, steer_health_check_t *check)
{
	int ret = steer_health_slots_take(write, check);
	if (ret != STEER_OK) {
		return ret;
	}
	uint8_t value[STEER_CHECK_SIZE];
	size_t size = steer_health_check_write(value, check);
	steer_log_value(write, STEER_LOG_CHECK, STEER_LOG_IS, id, strlen(id), value, size);
	ret = steer_write_put(write, STEER_DB_CHECKS, id, strlen(id), value, size);
	return ret == STEER_OK ? steer_log_settle(write) : ret;
}

int steer_health_checks_slot(steer_write_t *write, const char *id, uint32_t *slot,
                             uint32_t *generation, bool *defined)
{
	steer_health_check_t check = { .type = STEER_CHECK_NONE };
	int ret = steer_health_check_read(write, id, &check);
	if (ret == STEER_ENOENT) {
		ret = put_undefined(write, id, &check);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	*slot = check.slot;
	*generation = check.generation;
	*defined = check.type != STEER_CHECK_NONE;
	return STEER_OK;
}

int steer_sets_find_slots(steer_write_t *write, steer_change_t *change,
                          const steer_apply_t *options)
{
	for (steer_change_set_t *set = change->sets; set != NULL; set = set->next) {
		if (set->health == NULL) {
			continue;
		}
		const steer_change_record_t at = steer_change_set_place(set);
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
