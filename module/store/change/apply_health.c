/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/change/apply_calculated.h"
#include "store/change/apply_health.h"
#include "store/change/contents.h"
#include "store/change/health_slots.h"
#include "store/change/log_write.h"
#include "store/change/source_location.h"
#include "store/status.h"

/*! The kinds of entries that the status can have of a check. */
static const uint8_t status_kinds[STEER_HEALTH_STALE] = {
	STEER_STATUS_FORCE, STEER_STATUS_REPORT, STEER_STATUS_STATE,
};

/* The change set. */

static int compare_ids(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool make_room(steer_change_t *change)
{
	if (change->checks_count < change->checks_room) {
		return true;
	}
	size_t room = change->checks_room == 0 ? 4 : 2 * change->checks_room;
	steer_change_health_check_t *checks = realloc(change->checks, room * sizeof(*checks));
	if (checks != NULL) {
		change->checks = checks;
		change->checks_room = room;
	}
	return checks != NULL;
}

/*! Copies bytes into the arena. \return NULL: out of memory. */
static void *keep(steer_change_t *change, const void *bytes, size_t len)
{
	void *copy = steer_arena_alloc(&change->arena, len);
	return copy != NULL ? memcpy(copy, bytes, len) : NULL;
}

int steer_change_health_check(steer_change_t *change, const char *id,
                              const steer_health_check_t *check,
                              const steer_source_location_t *location)
{
	if (!steer_health_check_id_is_good(id)) {
		return STEER_EINVAL;
	}
	steer_change_health_check_t new = { .id = keep(change, id, strlen(id) + 1),
		                                .location = *location };
	if (new.id == NULL || !make_room(change)) {
		return STEER_ENOMEM;
	}
	if (check != NULL) {
		new.type = check->type;
		new.flags = check->flags;
		new.options_len = check->options_len;
		new.options = keep(change, check->options, check->options_len);
		if (new.options == NULL) {
			return STEER_ENOMEM;
		}
	}
	const char **found = tsearch(new.id, &change->check_ids, compare_ids);
	if (found == NULL) {
		return STEER_ENOMEM;
	}
	if (*found != new.id) {
		return STEER_EEXIST;
	}
	change->checks[change->checks_count++] = new;
	return STEER_OK;
}

/* Applying. */

typedef struct {
	steer_write_t *write;
	const steer_apply_t *options;
	steer_summary_t *summary;
	steer_status_entry_t *old; /*!< What the status may have of earlier checks. */
	size_t old_count;
	bool calculated;           /*!< A check that differs is calculated. */
} checks_t;

static int put(steer_write_t *write, const char *id, const steer_health_check_t *check)
{
	uint8_t value[STEER_CHECK_MAX];
	size_t size = steer_health_check_write(value, check);
	return steer_write_put(write, STEER_DB_CHECKS, id, strlen(id), value, size);
}

/*! Logs and reports a check. */
static void report(const checks_t *checks, uint8_t sign, const char *id,
                   const steer_health_check_t *check)
{
	uint8_t value[STEER_CHECK_MAX];
	size_t size = steer_health_check_write(value, check);
	steer_log_value(checks->write, STEER_LOG_CHECK, sign, id, strlen(id), value, size);
	if (checks->options->check != NULL) {
		checks->options->check(checks->options->ctx, sign, id, check);
	}
}

/*! Adds all that the status can have of a check to a list. */
static size_t list_status(steer_status_entry_t *list, size_t count, const char *id)
{
	for (size_t i = 0; i < STEER_HEALTH_STALE; i++) {
		list[count++] = (steer_status_entry_t) { .kind = status_kinds[i], .id = id };
	}
	return count;
}

/*!
 * Adds what the new type reads and the old one does not: it is about an earlier definition. What
 * the old type reads must stay until the change set is committed.
 */
static size_t list_unread(steer_status_entry_t *list, size_t count, const char *id, uint8_t was,
                          uint8_t is)
{
	for (size_t i = 0; i < STEER_HEALTH_STALE; i++) {
		if (steer_status_is_of(status_kinds[i], is) && !steer_status_is_of(status_kinds[i], was)) {
			list[count++] = (steer_status_entry_t) { .kind = status_kinds[i], .id = id };
		}
	}
	return count;
}

static bool equals(const steer_health_check_t *was, const steer_change_health_check_t *is)
{
	return was->type == is->type && was->flags == is->flags &&
	       was->options_len == is->options_len &&
	       memcmp(was->options, is->options, is->options_len) == 0;
}

/*! Makes the new check, in the slot of the old one. */
static void define(steer_health_check_t *is, const steer_health_check_t *was,
                   const steer_change_health_check_t *change, uint64_t sequence)
{
	is->type = change->type;
	is->flags = change->flags;
	is->slot = was->slot;
	is->generation = was->generation;
	if (is->type != STEER_CHECK_NONE) {
		is->created = was->type != STEER_CHECK_NONE ? was->created : (uint32_t)sequence;
	}
	is->options_len = change->options_len;
	if (change->options_len > 0) {
		memcpy(is->options, change->options, change->options_len);
	}
}

static int apply_one(checks_t *checks, const steer_change_health_check_t *change)
{
	steer_write_t *write = checks->write;
	steer_health_check_t was = { .type = STEER_CHECK_NONE }, is = { .created = 0 };
	int ret = steer_health_check_read(write, change->id, &was);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	bool had = was.type != STEER_CHECK_NONE, has = change->type != STEER_CHECK_NONE;
	if (!had && !has) {
		char what[STEER_CHECK_ID_MAX + 32];
		snprintf(what, sizeof(what), "health check '%s'", change->id);
		return steer_source_location_fault(&change->location, STEER_ENOENT, what,
		                                   "no such health check", write->fault);
	}
	if (equals(&was, change)) {
		return STEER_OK;
	}
	if (ret == STEER_ENOENT) {
		ret = steer_health_slots_take(write, &was);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	define(&is, &was, change, write->sequence);
	if (had) {
		report(checks, STEER_LOG_WAS, change->id, &was);
		checks->old_count = list_unread(checks->old, checks->old_count, change->id, was.type,
		                                is.type);
	} else {
		checks->old_count = list_status(checks->old, checks->old_count, change->id);
	}
	if (has) {
		report(checks, STEER_LOG_IS, change->id, &is);
	}
	checks->summary->checks_changed++;
	checks->calculated = checks->calculated || is.type == STEER_CHECK_CALCULATED;
	ret = put(write, change->id, &is);
	return ret == STEER_OK ? steer_log_settle(write) : ret;
}

int steer_apply_health(steer_write_t *write, const steer_change_t *change,
                       const steer_apply_t *options, steer_summary_t *summary)
{
	if (change->checks_count == 0) {
		return STEER_OK;
	}
	checks_t checks = { .write = write, .options = options, .summary = summary };
	checks.old = malloc(change->checks_count * STEER_HEALTH_STALE * sizeof(*checks.old));
	if (checks.old == NULL) {
		return steer_no_memory(write->fault);
	}
	int ret = STEER_OK;
	for (size_t i = 0; i < change->checks_count && ret == STEER_OK; i++) {
		ret = apply_one(&checks, &change->checks[i]);
	}
	if (ret == STEER_OK && checks.calculated) {
		ret = steer_apply_calculated(write, change, options);
	}
	if (ret == STEER_OK && !options->dry_run) {
		ret = steer_status_write(write->store, checks.old, checks.old_count, write->fault);
	}
	free(checks.old);
	return ret;
}

size_t steer_apply_health_stale(steer_status_entry_t list[STEER_HEALTH_STALE], const char *id,
                                uint8_t was, uint8_t is)
{
	bool all = was == STEER_CHECK_NONE || is == STEER_CHECK_NONE;
	return all ? list_status(list, 0, id) : list_unread(list, 0, id, was, is);
}

void steer_apply_health_forget(steer_store_t *store, const steer_change_t *change)
{
	steer_status_entry_t gone[STEER_HEALTH_STALE];
	for (size_t i = 0; i < change->checks_count; i++) {
		if (change->checks[i].type == STEER_CHECK_NONE) {
			(void)list_status(gone, 0, change->checks[i].id);
			// If it fails they mean nothing, and go when a check of that id is created.
			(void)steer_status_write(store, gone, STEER_HEALTH_STALE, NULL);
		}
	}
}
