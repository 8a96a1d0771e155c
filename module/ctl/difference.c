/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/difference.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "ctl/health_line.h"
#include "ctl/setting.h"
#include "ctl/record_set.h"

void difference_begin(difference_t *difference, steer_text_t *text, FILE *out, json_list_t *list)
{
	*difference = (difference_t) { .text = text, .out = out, .list = list };
}

/* An object with its sign. */
static void add_json(difference_t *difference, char sign, json_t *value)
{
	const char text[] = { sign, '\0' };
	if (value != NULL) {
		json_object_set_new(value, "sign", json_string(text));
	}
	difference->no_memory |= json_list_add(difference->list, value) != STEER_OK;
}

/* Record sets. */

static void print_set(difference_t *difference, char sign, const uint8_t *name,
                      const steer_group_t *group, const steer_set_t *set)
{
	const char prefix[] = { sign, '\0' };
	if (difference->list != NULL) {
		add_json(difference, sign, record_set_json(difference->text, name, group, set));
	} else {
		record_set_lines(difference->text, difference->out, prefix, name, group, set);
	}
}

static bool same_policy(const steer_group_t *a, const steer_group_t *b)
{
	return steer_key_cmp(a->program, a->program_len, b->program, b->program_len) == 0;
}

/* Prints the sets of a group that the other one (NULL: none) does not have. */
static void print_others(difference_t *difference, char sign, const uint8_t *name,
                         const steer_group_t *group, const steer_group_t *other)
{
	bool same = other != NULL && same_policy(group, other);
	unsigned next = 0;
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set, found;
		steer_group_set(group, i, &set);
		int order = 1;
		while (order > 0 && same && next < other->count) {
			steer_group_set(other, next, &found);
			order = steer_set_order(&set, &found);
			next += order > 0;
		}
		if (order != 0 || !steer_set_equal(&set, &found)) {
			print_set(difference, sign, name, group, &set);
		}
	}
}

/* Prints the group that was and is no more. */
static void flush(difference_t *difference)
{
	if (difference->waiting) {
		difference->waiting = false;
		print_others(difference, STEER_LOG_WAS, difference->name, &difference->was, NULL);
	}
}

static void keep(difference_t *difference, const uint8_t *name, const steer_group_t *group)
{
	size_t size = 0;
	int ret = steer_group_build(NULL, &size, group);
	if (ret == STEER_OK && size > difference->room) {
		free(difference->kept);
		difference->room = 2 * size;
		difference->kept = malloc(difference->room);
		difference->room = difference->kept != NULL ? difference->room : 0;
	}
	size = difference->room;
	if (ret != STEER_OK || steer_group_build(difference->kept, &size, group) != STEER_OK ||
	    steer_group_open(&difference->was, difference->kept, size) != STEER_OK) {
		difference->no_memory = true;
		return;
	}
	memcpy(difference->name, name, steer_name_len(name));
	difference->waiting = true;
}

void difference_group(difference_t *difference, char sign, const uint8_t *name,
                      const steer_group_t *group)
{
	if (sign == STEER_LOG_WAS) {
		flush(difference);
		keep(difference, name, group);
		return;
	}
	const steer_group_t *was = &difference->was;
	bool both = difference->waiting && was->type == group->type &&
	            steer_name_equal(difference->name, name);
	if (both) {
		print_others(difference, STEER_LOG_WAS, name, was, group);
		difference->waiting = false;
	}
	flush(difference);
	print_others(difference, sign, name, group, both ? was : NULL);
}

void difference_end(difference_t *difference)
{
	flush(difference);
	free(difference->kept);
	difference->kept = NULL;
	difference->room = 0;
}

/* Others. */

void difference_zone(difference_t *difference, const zone_line_t *line)
{
	flush(difference);
	if (difference->list == NULL) {
		zone_line_print(difference->out, line);
	} else {
		difference->no_memory |=
			json_list_add(difference->list, zone_line_json(line)) != STEER_OK;
	}
}

void difference_setting(difference_t *difference, char sign, const steer_setting_t *setting,
                        const uint8_t *value, size_t len)
{
	flush(difference);
	if (difference->list != NULL) {
		add_json(difference, sign, json_pack("{s:s, s:o}", "setting", setting->name, "value",
		                                     setting_json(setting, value, len)));
		return;
	}
	fprintf(difference->out, "%cconfig %s ", sign, setting->name);
	setting_print(difference->out, setting, value, len);
	fputc('\n', difference->out);
}

void difference_check(difference_t *difference, char sign, const char *id,
                      const steer_check_t *check)
{
	flush(difference);
	if (difference->list != NULL) {
		add_json(difference, sign, health_line_json(id, check));
		return;
	}
	fputc(sign, difference->out);
	health_line_print(difference->out, id, check);
	fputc('\n', difference->out);
}
