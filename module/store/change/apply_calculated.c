/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The children of calculated health checks. */
#include <stdio.h>
#include <string.h>

#include "store/change/apply_calculated.h"
#include "store/change/contents.h"
#include "store/change/health_slots.h"
#include "store/change/source_location.h"

/*! Room for the subject of a message. */
#define WHAT_MAX (STEER_CHECK_ID_MAX + 32)

/*!
 * Reads the next child of a check; one that is not defined has the type STEER_CHECK_NONE.
 *
 * \retval STEER_ENOENT  There are no more.
 */
static int read_child(steer_write_t *write, const steer_health_check_t *check, size_t *at,
                      char id[STEER_CHECK_ID_MAX + 1], uint8_t *type)
{
	const char *text;
	size_t len;
	if (!steer_health_check_next_child(check, at, &text, &len)) {
		return STEER_ENOENT;
	}
	memcpy(id, text, len);
	id[len] = '\0';
	steer_health_check_t child = { .type = STEER_CHECK_NONE };
	int ret = steer_health_check_read(write, id, &child);
	*type = child.type;
	return ret == STEER_ENOENT ? STEER_OK : ret;
}

/*! Where the change set has a check or the other; no place if it has neither. */
static steer_source_location_t location_of(const steer_change_t *change, const char *id,
                                           const char *other)
{
	for (size_t i = 0; i < change->checks_count; i++) {
		if (strcmp(change->checks[i].id, id) == 0 || strcmp(change->checks[i].id, other) == 0) {
			return change->checks[i].location;
		}
	}
	return (steer_source_location_t) { .file = NULL };
}

typedef struct {
	steer_write_t *write;
	const steer_change_t *change;
} children_t;

/*! Refuses a check with a calculated child. Other types have no children. */
static int check_children(void *ctx, const char *id, const steer_health_check_t *check)
{
	const children_t *children = ctx;
	char child[STEER_CHECK_ID_MAX + 1], what[WHAT_MAX], text[WHAT_MAX + 64];
	uint8_t type = STEER_CHECK_NONE;
	size_t at = 0;
	while (type != STEER_CHECK_CALCULATED) {
		int ret = read_child(children->write, check, &at, child, &type);
		if (ret != STEER_OK) {
			return ret == STEER_ENOENT ? STEER_OK : ret;
		}
	}
	const steer_source_location_t location = location_of(children->change, id, child);
	snprintf(what, sizeof(what), "health check '%s'", id);
	snprintf(text, sizeof(text), "its child '%s' is calculated itself; allowed: children of other "
	         "types", child);
	return steer_source_location_fault(&location, STEER_EREFUSED, what, text,
	                                   children->write->fault);
}

/*! Warns of the children of a changed check that are not defined. */
static int warn_of_missing(steer_write_t *write, const steer_change_health_check_t *changed,
                   const steer_apply_t *options)
{
	char child[STEER_CHECK_ID_MAX + 1], text[2 * WHAT_MAX];
	steer_health_check_t check;
	uint8_t type;
	size_t at = 0;
	int ret = steer_health_check_read(write, changed->id, &check);
	if (ret != STEER_OK || options->warn == NULL) {
		return ret;
	}
	while ((ret = read_child(write, &check, &at, child, &type)) == STEER_OK) {
		if (type == STEER_CHECK_NONE) {
			snprintf(text, sizeof(text), "health check '%s': its child '%s' does not exist, and "
			         "counts as up", changed->id, child);
			options->warn(options->ctx, &changed->location, text);
		}
	}
	return ret == STEER_ENOENT ? STEER_OK : ret;
}

int steer_apply_calculated(steer_write_t *write, const steer_change_t *change,
                           const steer_apply_t *options)
{
	// All checks, since a changed one can be the child of one that stays.
	children_t children = { write, change };
	int ret = steer_health_checks_each(write, check_children, &children);
	for (size_t i = 0; i < change->checks_count && ret == STEER_OK; i++) {
		if (change->checks[i].type == STEER_CHECK_CALCULATED) {
			ret = warn_of_missing(write, &change->checks[i], options);
		}
	}
	return ret;
}
