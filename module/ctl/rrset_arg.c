/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/rrset_arg.h"

#include <stdio.h>
#include <string.h>

#include "ctl/options.h"

int rrset_arg_parse(const run_t *run, int argc, char **argv, rrset_arg_t *target)
{
	target->text = argv[0];
	target->type = 0;
	int ret = option_name(run, argv[0], target->name);
	if (ret != GO_ON || argc == 1) {
		return ret;
	}
	return option_type(run, argv[1], &target->type);
}

int rrset_arg_damaged(const rrset_arg_t *target)
{
	steer_key_t key;
	steer_key_from_name(&key, target->name);
	return view_damaged(key.bytes, key.len);
}

void rrset_arg_print(char text[TARGET_TEXT], const rrset_arg_t *target)
{
	steer_name_print(target->name, text);
	if (target->type != 0) {
		size_t len = strlen(text);
		text[len] = ' ';
		steer_type_text(target->type, text + len + 1);
	}
}

int rrset_arg_group(const view_t *view, const rrset_arg_t *target, steer_group_t *group)
{
	steer_face_t face;
	*group = (steer_group_t) { .type = target->type };
	switch (view_face(view, &target->apex, target->name, &face)) {
	case STEER_OK:
		(void)steer_face_group(&face, target->type, group);
		return GO_ON;
	case STEER_ENOENT:
		return GO_ON;
	default:
		return rrset_arg_damaged(target);
	}
}

int rrset_arg_edit(steer_change_t *change, const rrset_arg_t *target, unsigned *zone)
{
	uint8_t apex[STEER_NAME_MAX];
	steer_key_to_name(apex, &target->apex, target->apex.labels);
	return steer_change_zone(change, apex, STEER_ZONE_MERGE, zone);
}
