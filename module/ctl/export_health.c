/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief export: health checks.
 *
 * An export of all zones has all defined checks; one of named zones has those that their record
 * sets refer to, and those that these are calculated from.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/export.h"
#include "ctl/options.h"
#include "ctl/record_set.h"

static int by_id(const void *a, const void *b)
{
	return strcmp(a, b);
}

/*! Notes a check. \return false: it was noted before, or there is no memory */
static bool need(export_t *export, const char *id)
{
	if (tfind(id, &export->checks, by_id) != NULL) {
		return false;
	}
	char *copy = strdup(id);
	if (copy == NULL || tsearch(copy, &export->checks, by_id) == NULL) {
		free(copy);
		export->no_memory = true;
		return false;
	}
	return true;
}

void export_need_checks(export_t *export, const steer_group_t *group)
{
	for (unsigned i = 0; i < group->count && export->apexes != NULL; i++) {
		steer_set_t set;
		char id[CHECK_ID_TEXT];
		steer_group_set(group, i, &set);
		if (steer_set_health(&set, id)) {
			need(export, id);
		}
	}
}

bool export_needs_check(const export_t *export, const char *id)
{
	return export->apexes == NULL || tfind(id, (void *const *)&export->checks, by_id) != NULL;
}

/*! A walk that notes the children of calculated checks. */
typedef struct {
	export_t *export;
	bool more;
} children_t;

static int need_children(void *ctx, const char *id, const steer_health_check_t *check)
{
	children_t *children = ctx;
	const char *child;
	size_t at = 0, len;
	if (!export_needs_check(children->export, id)) {
		return GO_ON;
	}
	while (steer_health_check_next_child(check, &at, &child, &len)) {
		char name[CHECK_ID_TEXT];
		snprintf(name, sizeof(name), "%.*s", (int)len, child);
		children->more |= need(children->export, name);
	}
	return GO_ON;
}

/*! Notes the children of noted checks until nothing is added: they may have children, too. */
static int need_all_children(export_t *export)
{
	children_t children = { export, export->checks != NULL };
	int ret = GO_ON;
	while (children.more && ret == GO_ON) {
		children.more = false;
		ret = view_each_check(export->view, need_children, &children);
	}
	return ret;
}

static int count_check(void *ctx, const char *id, const steer_health_check_t *check)
{
	export_t *export = ctx;
	if (export_needs_check(export, id)) {
		export->checks_count++;
		if (export->format->look_at_check != NULL) {
			export->format->look_at_check(export, id, check);
		}
	}
	return GO_ON;
}

int export_count_checks(export_t *export)
{
	int ret = need_all_children(export);
	if (ret == GO_ON) {
		ret = view_each_check(export->view, count_check, export);
	}
	if (ret == EXIT_STORE) {
		export->damaged = true; // A check; the others are still exported.
		ret = GO_ON;
	}
	return export->no_memory ? print_no_memory() : ret;
}

void export_free_checks(export_t *export)
{
	tdestroy(export->checks, free);
	export->checks = NULL;
}
