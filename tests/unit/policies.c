/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/policies.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/presets.h"
#include "formats/program.h"
#include "unit/test.h"

const uint8_t one_rr[] = { 0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1 };
static const uint8_t alias_target[] = { 1, 't', 0 };

steer_set_t *sets_add(sets_t *sets, uint32_t weight, uint8_t tier, bool down)
{
	unsigned i = sets->count++;
	assert_in_range(i, 0, STEER_SETS_MAX - 1);
	int len = snprintf(sets->ids[i], sizeof(sets->ids[i]), "s%03u", i);
	memcpy(sets->rrs[i], one_rr, sizeof(one_rr));
	sets->rrs[i][14] = i >> 8;
	sets->rrs[i][15] = i;
	sets->down[i] = down;
	sets->sets[i] = (steer_set_t) {
		.id = (const uint8_t *)sets->ids[i], .id_len = len, .weight = weight, .tier = tier,
		.slot = i, .generation = 7, .ttl = 60, .count = 1,
		.body = sets->rrs[i], .body_len = sizeof(sets->rrs[i]),
	};
	return &sets->sets[i];
}

void sets_make_alias(sets_t *sets, bool evaluate, bool target_up)
{
	steer_set_t *set = &sets->sets[sets->count - 1];
	set->alias = true;
	set->evaluate = evaluate;
	set->ttl = set->count = 0;
	set->body = alias_target;
	set->body_len = sizeof(alias_target);
	sets->target_up[sets->count - 1] = target_up;
}

void sets_read(sets_t *sets, const char *text)
{
	sets->count = 0;
	while (*(text += strspn(text, " ")) != '\0') {
		char *end;
		uint32_t weight = strtoul(text, &end, 10);
		uint8_t tier = *end == '@' ? strtoul(end + 1, &end, 10) : 0;
		sets_add(sets, weight, tier, *end == '!');
		end += *end == '!';
		if (isalpha((unsigned char)*end)) {
			sets_make_alias(sets, *end != 'n', *end == 'a');
			end++;
		}
		assert_true(*end == ' ' || *end == '\0');
		text = end;
	}
}

bool group_target_up(void *ctx, const steer_group_t *of, unsigned set)
{
	group_t *group = ctx;
	assert_ptr_equal(of, &group->group);
	group->asked[set]++;
	return group->target_up[set];
}

static uint64_t group_client_hash(void *ctx)
{
	group_t *group = ctx;
	group->hashed++;
	return group->hash;
}

/*! Gives a small group the draw table that a large one has. */
static void group_add_table(group_t *group, const sets_t *sets)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < sets->count; i++) {
		const uint64_t entry = steer_le_u64(sum += sets->sets[i].weight);
		memcpy(group->table + i * STEER_TABLE_ENTRY, &entry, sizeof(entry));
	}
	group->group.table = group->table;
	group->group.table_len = sets->count * STEER_TABLE_ENTRY;
}

void group_make_program(group_t *group, const sets_t *sets, const uint8_t *program, size_t len,
                        uint32_t collection)
{
	size_t size = 0;
	*group = (group_t) { .health_table = { group->slots, sets->count } };
	for (unsigned i = 0; i < sets->count; i++) {
		group->slots[i] = (steer_health_slot_t) { .generation = 7, .down = sets->down[i] };
		group->target_up[i] = sets->target_up[i];
	}
	const steer_group_t model = {
		.type = 1, .count = sets->count, .program = program, .program_len = len,
		.sets = sets->sets, .collection = collection,
	};
	assert_int_equal(steer_group_build(NULL, &size, &model), STEER_OK);
	group->node = malloc(size);
	assert_int_equal(steer_group_build(group->node, &size, &model), STEER_OK);
	assert_int_equal(steer_group_open(&group->group, group->node, size), STEER_OK);
	group->policy = (steer_policy_t) {
		.group = &group->group, .health_table = &group->health_table, .target_up = group_target_up,
		.client_hash = group_client_hash, .ctx = group, .work = &group->work,
		.work_most = UINT32_MAX,
	};
}

void group_make(group_t *group, const sets_t *sets, const char *text, bool with_table)
{
	uint8_t program[STEER_PROGRAM_MAX];
	size_t len = 0;
	steer_fault_t fault;
	assert_int_equal(steer_program_parse(text, program, &len, &fault), STEER_OK);
	group_make_program(group, sets, program, len, 0);
	if (with_table && sets->count <= STEER_TABLE_OVER) {
		group_add_table(group, sets);
	}
}

void group_free(group_t *group)
{
	free(group->node);
}

const char *group_run(group_t *group, bool strict, unsigned most)
{
	static char text[STEER_SETS_MAX * 4 + 16];
	uint16_t chosen[STEER_SETS_MAX];
	unsigned count = 77;
	memset(group->asked, 0, sizeof(group->asked));
	int ret = steer_policy_run(&group->policy, strict, most, chosen, &count);
	for (unsigned i = 0; i < group->group.count; i++) {
		assert_in_range(group->asked[i], 0, 1);
	}
	text[0] = '\0';
	if (ret != STEER_OK) {
		assert_int_equal(ret, STEER_ESERVFAIL);
		assert_int_equal(count, 77);
		return strcpy(text, "servfail");
	}
	assert_in_range(count, 0, most);
	for (unsigned i = 0, len = 0; i < count; i++) {
		len += snprintf(text + len, sizeof(text) - len, "%s%u", i > 0 ? " " : "", chosen[i]);
	}
	return text;
}

/*! Asked again, a target is not looked up again. */
static bool few_target_up(void *ctx, unsigned set)
{
	group_t *group = ctx;
	return group->asked[set] > 0 ? group->target_up[set]
	                             : group_target_up(group, &group->group, set);
}

const char *group_run_few(group_t *group, bool any, bool strict, unsigned most)
{
	static char text[STEER_FEW_SETS * 4 + 16];
	steer_few_t few;
	const steer_few_health_t health = { &group->health_table, few_target_up, group };
	memset(group->asked, 0, sizeof(group->asked));
	const steer_policy_t *policy = &group->policy;
	bool run = any ? steer_presets_run_any(&group->group, &health, policy->chance, policy->locator,
	                                       strict, most, &few)
	               : steer_presets_may_run(&group->group) &&
	                 steer_presets_run(&group->group, &group->health_table, policy->chance,
	                                   policy->locator, strict, most, &few);
	if (!run) {
		return NULL;
	}
	text[0] = '\0';
	for (unsigned i = 0, len = 0; i < few.count; i++) {
		len += snprintf(text + len, sizeof(text) - len, "%s%u", i > 0 ? " " : "", few.chosen[i]);
	}
	group->work += few.work;
	return text;
}

uint64_t next_number(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return z ^ z >> 29;
}

void group_make_large(group_t *group, sets_t *sets, unsigned count, const char *program)
{
	uint64_t seed = count;
	sets->count = 0;
	for (unsigned i = 0; i < count; i++) {
		uint32_t weight = i == 1 ? UINT32_MAX : i == 2 ? 0 : next_number(&seed) >> 32;
		sets_add(sets, weight, 0, i % 3 == 0);
	}
	group_make(group, sets, program, false);
}
