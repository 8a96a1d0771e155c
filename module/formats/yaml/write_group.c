/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/recordset.h"
#include "formats/program.h"
#include "formats/yaml/write.h"
#include "formats/yaml/writer.h"

#define NAME_INDENT  2
#define GROUP_INDENT 4 /*!< Of one that is not alone at its name. */

/*! Names of the tiers of the preset "failover". */
static const char *const failover_names[] = { "primary", "secondary" };
#define FAILOVER_NAMES (sizeof(failover_names) / sizeof(*failover_names))

/*! A group that is being written. */
typedef struct {
	steer_yaml_writer_t *writer;
	const steer_group_t *group;
	uint32_t ttl;     /*!< Of its sets that have none of their own. */
	bool own_ttl;     /*!< It is not the zone's. */
	uint16_t reads;   /*!< What the program reads, STEER_KEEP_*. */
	bool failover;    /*!< It is that preset. */
} context_t;

/*! A record set of it. */
typedef struct {
	const context_t *context;
	steer_set_t set;
} member_t;

/* TTL. */

static int compare_ttls(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

bool steer_yaml_group_ttl(const steer_group_t *group, uint32_t *ttl)
{
	uint32_t ttls[STEER_SETS_MAX];
	unsigned count = 0, most = 0;
	steer_set_t set;
	for (unsigned i = 0; i < group->count; i++) {
		steer_group_set(group, i, &set);
		if (!set.alias) {
			ttls[count++] = set.ttl;
		}
	}
	qsort(ttls, count, sizeof(*ttls), compare_ttls);
	for (unsigned first = 0, end; first < count; first = end) {
		for (end = first; end < count && ttls[end] == ttls[first]; end++) {
		}
		if (end - first > most) {
			most = end - first;
			*ttl = ttls[first];
		}
	}
	return count > 0;
}

/* A record set. */

static void put_values(steer_yaml_list_t *list, const void *ctx)
{
	const member_t *member = ctx;
	const uint8_t *at = member->set.body, *end = at + member->set.body_len, *rdata;
	uint16_t len;
	while (!steer_yaml_is_full(list->sink) && (rdata = steer_rr_next(&at, end, &len)) != NULL) {
		steer_yaml_list_item(list, steer_rdata_print(member->context->writer->text,
		                                             member->context->group->type, rdata, len));
	}
}

/*! Puts what a set has: values, or an alias; and its health check. */
static void put_content(steer_yaml_map_t *map, const member_t *member)
{
	const steer_set_t *set = &member->set;
	char health[STEER_CHECK_ID_MAX + 1];
	if (set->alias) {
		char target[STEER_NAME_TEXT];
		steer_yaml_print_name(member->context->writer, set->body, target);
		steer_yaml_map_text(map, "alias", target);
		if (!set->evaluate) {
			steer_yaml_map_plain(map, "evaluate-target-health", "no");
		}
	} else {
		steer_yaml_map_list(map, "values", true, put_values, member);
	}
	if (steer_set_health(set, health)) {
		steer_yaml_map_text(map, "health", health);
	}
}

static void put_member(steer_yaml_map_t *map, const void *ctx)
{
	const member_t *member = ctx;
	const context_t *context = member->context;
	const steer_set_t *set = &member->set;
	if (context->reads & STEER_KEEP_WEIGHT) {
		steer_yaml_map_number(map, "weight", set->weight);
	}
	if (context->failover && set->tier < FAILOVER_NAMES) {
		steer_yaml_map_text(map, "failover", failover_names[set->tier]);
	} else if (context->reads & STEER_KEEP_TIER) {
		steer_yaml_map_number(map, "tier", set->tier);
	}
	steer_yaml_put_where(map, &context->writer->names, set, context->reads);
	if (!set->alias && set->ttl != context->ttl) {
		steer_yaml_map_number(map, "ttl", set->ttl);
	}
	put_content(map, member);
}

/* The group. */

static void put_steps(steer_yaml_list_t *list, const void *ctx)
{
	const steer_group_t *group = ((const context_t *)ctx)->group;
	const uint8_t *at = group->program;
	steer_step_t step;
	char text[64];
	while (!steer_yaml_is_full(list->sink) &&
	       steer_program_next(&at, group->program + group->program_len, &step)) {
		steer_step_print(&step, text, sizeof(text));
		steer_yaml_list_item(list, text);
	}
}

static void put_sets(steer_yaml_map_t *map, const context_t *context)
{
	steer_yaml_map_t sets = steer_yaml_map_open(map, "sets");
	member_t member = { .context = context };
	for (unsigned i = 0; i < context->group->count && !steer_yaml_is_full(map->sink); i++) {
		char id[STEER_SET_ID_MAX + 1];
		steer_group_set(context->group, i, &member.set);
		memcpy(id, member.set.id, member.set.id_len);
		id[member.set.id_len] = '\0';
		steer_yaml_map_entry(&sets, id, put_member, &member);
	}
	steer_yaml_map_close(&sets);
}

/*! Whether a program is put as one text: a preset, or one step, whose list could read as one. */
static bool is_one_text(const steer_group_t *group)
{
	const uint8_t *at = group->program, *end = at + group->program_len;
	steer_step_t step;
	return steer_program_preset(at, group->program_len) != STEER_PRESET_NONE ||
	       !steer_program_next(&at, end, &step) || at == end;
}

static void put_policy(steer_yaml_map_t *map, const context_t *context)
{
	const steer_group_t *group = context->group;
	char text[STEER_PROGRAM_TEXT];
	if (is_one_text(group)) {
		steer_program_print(group->program, group->program_len, text);
		steer_yaml_map_text(map, "policy", text);
	} else {
		steer_yaml_map_list(map, "policy", false, put_steps, context);
	}
	put_sets(map, context);
}

static void put_group(steer_yaml_map_t *map, const void *ctx)
{
	const context_t *context = ctx;
	char type[STEER_TYPE_TEXT];
	steer_type_text(context->group->type, type);
	steer_yaml_map_text(map, "type", type);
	if (context->own_ttl) {
		steer_yaml_map_number(map, "ttl", context->ttl);
	}
	if (context->group->program_len > 0) {
		put_policy(map, context);
	} else {
		member_t only = { .context = context };
		steer_group_set(context->group, 0, &only.set);
		put_content(map, &only);
	}
}

void steer_yaml_write_group(steer_yaml_writer_t *writer, const steer_group_t *group)
{
	const uint8_t *program = group->program;
	size_t len = group->program_len;
	context_t context = {
		.writer = writer, .group = group, .ttl = writer->ttl,
		.reads = steer_program_reads(program, len),
		.failover = len > 0 && steer_program_preset(program, len) == STEER_PRESET_FAILOVER,
	};
	context.own_ttl = steer_yaml_group_ttl(group, &context.ttl) && context.ttl != writer->ttl;
	if (writer->alone) {
		steer_yaml_put_mapping(&writer->sink, NAME_INDENT, writer->name, put_group, &context);
	} else {
		steer_yaml_put_mapping(&writer->sink, GROUP_INDENT, NULL, put_group, &context);
	}
}
