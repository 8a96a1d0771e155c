/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief del, get and list: record sets by name.
 */
#include <inttypes.h>
#include <string.h>

#include "ctl/commit.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/record_set.h"
#include "ctl/rrset_arg.h"
#include "ctl/types.h"
#include "ctl/view.h"
#include "store/dictionary.h"

/* del */

int verb_del(run_t *run, int argc, char **argv)
{
	bool dry_run = false;
	const option_t options[] = { { "dry-run", OPTION_FLAG, &dry_run }, { 0 } };
	rrset_arg_t target;
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 1, 3);
	if (ret != GO_ON) {
		return ret;
	}
	ret = rrset_arg_parse(run, argc, argv, &target);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open(&view, run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	steer_change_t *change = NULL;
	ret = view_need_zone(&view, target.text, target.name, target.type, &target.apex);
	if (ret != GO_ON) {
		goto done;
	}
	unsigned zone;
	const char *id = argc > 2 ? argv[2] : NULL;
	change = steer_change_new();
	if (change == NULL || rrset_arg_edit(change, &target, &zone) != STEER_OK ||
	    steer_change_remove(change, zone, target.name, target.type, id) != STEER_OK) {
		ret = print_no_memory();
		goto done;
	}
	ret = commit(run, &view, change, dry_run, NULL);
done:
	steer_change_free(change);
	view_close(&view);
	return ret;
}

/* get and list */

typedef struct {
	const run_t *run;
	const view_t *view;
	const steer_key_t *apex;
	steer_text_t *text;
	steer_names_t names;
	json_list_t list;
	uint16_t type;      /*!< 0: all. */
	bool lines;         /*!< Lines of a zone file; else one row per record set. */
	unsigned long shown;
} shower_t;

static int show_json(shower_t *shower, const uint8_t *name, const steer_group_t *group,
                     const steer_set_t *set)
{
	uint8_t apex[STEER_NAME_MAX];
	steer_key_to_name(apex, shower->apex, shower->apex->labels);
	json_t *value = record_set_json(shower->text, &shower->names, name, group, set);
	if (value != NULL) {
		json_object_set_new(value, "zone", json_name(apex));
	}
	return json_list_add(&shower->list, value) == STEER_OK ? GO_ON : print_no_memory();
}

static int show_group(shower_t *shower, const uint8_t *name, const steer_group_t *group)
{
	int ret = GO_ON;
	for (unsigned i = 0; i < group->count && ret == GO_ON; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		shower->shown++;
		if (shower->run->json) {
			ret = show_json(shower, name, group, &set);
		} else if (shower->lines) {
			record_set_lines(shower->text, &shower->names, stdout, "", name, group, &set);
		} else {
			record_set_row(shower->text, &shower->names, stdout, name, group, &set);
		}
	}
	return ret;
}

static int show_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	shower_t *shower = ctx;
	int ret = GO_ON;
	for (unsigned i = 0; i < face->count && ret == GO_ON; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		if (shower->type == 0 || shower->type == group.type) {
			ret = show_group(shower, name, &group);
		}
	}
	return ret;
}

static int show_zone(void *ctx, const steer_key_t *apex)
{
	shower_t *shower = ctx;
	shower->apex = apex;
	return view_each_name(shower->view, apex, show_name, shower);
}

/*! Shows what the zone of a target has at its name. */
static int show_target(shower_t *shower, const rrset_arg_t *target, uint16_t type)
{
	steer_face_t face;
	shower->type = type;
	shower->apex = &target->apex;
	switch (view_face(shower->view, &target->apex, target->name, &face)) {
	case STEER_OK:
		return show_name(shower, target->name, &face);
	case STEER_ENOENT:
		return GO_ON;
	default:
		return rrset_arg_damaged(target);
	}
}

static int get(shower_t *shower, rrset_arg_t *target)
{
	int ret = view_need_zone(shower->view, target->text, target->name, target->type,
	                         &target->apex);
	if (ret != GO_ON) {
		return ret;
	}
	ret = show_target(shower, target, target->type);
	if (ret != GO_ON) {
		return ret;
	}
	rrset_arg_t above = *target;
	if (target->type == 0 &&
	    view_find_zone(shower->view, target->name, TYPE_DS, &above.apex) == STEER_OK &&
	    above.apex.labels < target->apex.labels) {
		ret = show_target(shower, &above, TYPE_DS);
		if (ret != GO_ON) {
			return ret;
		}
	}
	if (shower->shown == 0) {
		fprintf(stderr, "%s: no such record set\n", target->text);
		return EXIT_REFUSED;
	}
	return GO_ON;
}

static int list(shower_t *shower, int argc, char **argv)
{
	if (argc == 0) {
		return view_each_zone(shower->view, show_zone, shower);
	}
	uint8_t name[STEER_NAME_MAX];
	steer_key_t apex;
	int ret = option_name(shower->run, argv[0], name);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_need_apex(shower->view, argv[0], name, &apex);
	if (ret != GO_ON) {
		return ret;
	}
	return show_zone(shower, &apex);
}

static int show(run_t *run, view_t *view, rrset_arg_t *target, int argc, char **argv)
{
	shower_t shower = {
		.run = run, .view = view, .text = steer_text_new(), .lines = target != NULL,
		.names = steer_dictionary_names(view->reader),
	};
	if (shower.text == NULL) {
		return print_no_memory();
	}
	json_list_begin(&shower.list, stdout);
	int ret = target != NULL ? get(&shower, target) : list(&shower, argc, argv);
	steer_text_free(shower.text);
	return print_list_end(run, &shower.list, ret);
}

int verb_get(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	rrset_arg_t target;
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 1, 2);
	if (ret != GO_ON) {
		return ret;
	}
	ret = rrset_arg_parse(run, argc, argv, &target);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open(&view, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	ret = show(run, &view, &target, 0, NULL);
	view_close(&view);
	return ret;
}

int verb_list(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 0, 1);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open(&view, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	ret = show(run, &view, NULL, argc, argv);
	view_close(&view);
	return ret;
}
