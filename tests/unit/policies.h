/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Groups with policies as text, and what a run of one asks for.
 *
 * A set is a word: its weight; "@" and a tier; "!" if its check is down; "a" if it is an alias
 * whose target is healthy, "A" if the target is not, "n" if it is not and is not evaluated either.
 */
#pragma once

#include <ctype.h>

#include "core/policy.h"
#include "formats/program.h"
#include "unit/records.h"

typedef struct {
	steer_policy_t policy;
	steer_group_t group;
	steer_states_t states;
	steer_state_t slots[STEER_SETS_MAX];
	bool target_up[STEER_SETS_MAX];
	unsigned asked[STEER_SETS_MAX]; /*!< How often for the target. */
	unsigned hashed;                /*!< How often for the client. */
	unsigned work;                  /*!< What all runs cost. */
	uint64_t hash;
	uint8_t *node;
	uint8_t table[STEER_TABLE_OVER * STEER_TABLE_ENTRY];
} group_t;

/*! Sets on their way to a node. */
typedef struct {
	unsigned count;
	steer_set_t sets[STEER_SETS_MAX];
	char ids[STEER_SETS_MAX][8];
	bool down[STEER_SETS_MAX], target_up[STEER_SETS_MAX];
} sets_t;

static const uint8_t policies_rr[] = { 0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1 };
static const uint8_t policies_target[] = { 1, 't', 0 };

/*! Adds a set with values; its identifier is its position. */
static inline steer_set_t *sets_add(sets_t *sets, uint32_t weight, uint8_t tier, bool down)
{
	unsigned i = sets->count++;
	assert_in_range(i, 0, STEER_SETS_MAX - 1);
	int len = snprintf(sets->ids[i], sizeof(sets->ids[i]), "s%03u", i);
	sets->down[i] = down;
	sets->sets[i] = (steer_set_t) {
		.id = (const uint8_t *)sets->ids[i], .id_len = len, .weight = weight, .tier = tier,
		.slot = i, .generation = 7, .ttl = 60, .count = 1,
		.body = policies_rr, .body_len = sizeof(policies_rr),
	};
	return &sets->sets[i];
}

static inline void sets_read(sets_t *sets, const char *text)
{
	sets->count = 0;
	while (*(text += strspn(text, " ")) != '\0') {
		char *end;
		uint32_t weight = strtoul(text, &end, 10);
		uint8_t tier = *end == '@' ? strtoul(end + 1, &end, 10) : 0;
		steer_set_t *set = sets_add(sets, weight, tier, *end == '!');
		end += *end == '!';
		if (isalpha((unsigned char)*end)) {
			set->alias = true;
			set->evaluate = *end != 'n';
			set->ttl = set->count = 0;
			set->body = policies_target;
			set->body_len = sizeof(policies_target);
			sets->target_up[sets->count - 1] = *end++ == 'a';
		}
		assert_true(*end == ' ' || *end == '\0');
		text = end;
	}
}

static inline bool group_target_up(void *ctx, const steer_group_t *of, unsigned set)
{
	group_t *group = ctx;
	assert_ptr_equal(of, &group->group);
	group->asked[set]++;
	return group->target_up[set];
}

static inline uint64_t group_client_hash(void *ctx)
{
	group_t *group = ctx;
	group->hashed++;
	return group->hash;
}

/*! Gives a small group the draw table that a large one has. */
static inline void group_add_table(group_t *group, const sets_t *sets)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < sets->count; i++) {
		const uint64_t entry = steer_le_u64(sum += sets->sets[i].weight);
		memcpy(group->table + i * STEER_TABLE_ENTRY, &entry, sizeof(entry));
	}
	group->group.table = group->table;
	group->group.table_len = sets->count * STEER_TABLE_ENTRY;
}

/*! Makes a group of sets and a program; its node is to be freed. */
static inline void group_make(group_t *group, const sets_t *sets, const char *text, bool with_table)
{
	uint8_t program[STEER_PROGRAM_MAX];
	size_t len = 0, size = 0;
	steer_fault_t fault;
	assert_int_equal(steer_program_parse(text, program, &len, &fault), STEER_OK);
	*group = (group_t) { .states = { group->slots, sets->count } };
	for (unsigned i = 0; i < sets->count; i++) {
		group->slots[i] = (steer_state_t) { .generation = 7, .down = sets->down[i] };
		group->target_up[i] = sets->target_up[i];
	}
	const steer_group_t model = {
		.type = 1, .count = sets->count, .program = program, .program_len = len,
		.sets = sets->sets,
	};
	assert_int_equal(steer_group_build(NULL, &size, &model), STEER_OK);
	group->node = malloc(size);
	assert_int_equal(steer_group_build(group->node, &size, &model), STEER_OK);
	assert_int_equal(steer_group_open(&group->group, group->node, size), STEER_OK);
	if (with_table && sets->count <= STEER_TABLE_OVER) {
		group_add_table(group, sets);
	}
	group->policy = (steer_policy_t) {
		.group = &group->group, .states = &group->states, .target_up = group_target_up,
		.client_hash = group_client_hash, .ctx = group, .work = &group->work,
		.work_most = UINT32_MAX,
	};
}

static inline void group_free(group_t *group)
{
	free(group->node);
}

#define DRAWS_MAX 64

/*! Draws, each a number and the bound that it is drawn below. */
typedef struct {
	steer_chance_t chance; /*!< First, so that below() has the whole. */
	unsigned count, at;
	uint64_t number[DRAWS_MAX], bound[DRAWS_MAX];
} draws_t;

/*! Chance that begins with 0 each time, and goes other ways if the numbers are changed. */
static inline uint64_t below_each(steer_chance_t *chance, uint64_t bound)
{
	draws_t *draws = (draws_t *)chance;
	assert_true(bound > 1);
	if (draws->at == draws->count) {
		assert_in_range(draws->count, 0, DRAWS_MAX - 1);
		draws->number[draws->count] = 0;
		draws->bound[draws->count++] = bound;
	}
	assert_int_equal(bound, draws->bound[draws->at]);
	return draws->number[draws->at++];
}

/*! Runs the program. \return positions of the sets that answer, as text; "servfail" */
static inline const char *run(group_t *group, bool strict, unsigned most)
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

/*! Numbers that are not those of the chance under test. */
static inline uint64_t mix(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return z ^ z >> 29;
}

/*! Makes a group in which a third is down, with weights of all sizes. */
static inline void make_large(group_t *group, sets_t *sets, unsigned count, const char *program)
{
	uint64_t seed = count;
	sets->count = 0;
	for (unsigned i = 0; i < count; i++) {
		uint32_t weight = i == 1 ? UINT32_MAX : i == 2 ? 0 : mix(&seed) >> 32;
		sets_add(sets, weight, 0, i % 3 == 0);
	}
	group_make(group, sets, program, false);
}
