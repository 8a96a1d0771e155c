/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any bytes as a node: refused, or every view of it is inside, a node built of its views is
 *        equal, and its policies choose from their sets, as presets the same as by their steps.
 *
 * The first byte is not part of the node: if it is odd, the size and the sum are corrected first,
 * since otherwise almost every change would end at them.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "core/presets.h"
#include "tests/fuzz/target.h"

static void walk_set(const steer_set_t *set)
{
	touch(set->id, set->id_len);
	touch(set->body, set->body_len);
	touch(set->sigs, set->sigs_len);
	touch(set->attrs, set->attrs_len);
	if (set->alias) {
		return;
	}
	const uint8_t *at = set->body, *end = at + set->body_len, *rdata;
	uint16_t len;
	unsigned count = 0;
	while ((rdata = steer_rr_next(&at, end, &len)) != NULL) {
		require(at <= end);
		touch(rdata, len);
		count++;
	}
	require(count == set->count && count > 0);
}

/* Running policies. A set's number decides whether its target is up. */

typedef struct {
	steer_chance_t chance; /*!< First. */
	uint64_t seed;
	unsigned left;         /*!< Draws that the run may make. */
} draws_t;

static uint64_t below(steer_chance_t *chance, uint64_t bound)
{
	draws_t *draws = (draws_t *)chance;
	require(bound > 0 && draws->left-- > 0);
	draws->seed = draws->seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (draws->seed >> 20) % bound;
}

static bool target_up(void *ctx, const steer_group_t *group, unsigned set)
{
	(void)ctx;
	require(set < group->count);
	return set % 3 != 1;
}

static uint64_t client_hash(void *ctx)
{
	(void)ctx;
	return 1;
}

static void take_step(void *ctx, const steer_step_t *step)
{
	(void)ctx;
	require(step->number != 0);
}

static void take_verdict(void *ctx, const steer_verdict_t *verdict)
{
	const steer_policy_t *policy = ctx;
	require(verdict->set < policy->group->count && verdict->draw <= verdict->bound);
}

/*! Runs a policy. \return number of sets that it chose */
static unsigned run(steer_policy_t *policy, bool strict, unsigned most)
{
	uint16_t chosen[STEER_SETS_MAX];
	bool seen[STEER_SETS_MAX] = { false };
	unsigned count = 0, sets = policy->group->count;
	// For each step, and at the end, each set is drawn once, after up to 8 tries.
	draws_t draws = { { .below = below }, 1, (policy->group->program_len / 2 + 1) * sets * 9 };
	policy->chance = &draws.chance;
	int ret = steer_policy_run(policy, strict, most, chosen, &count);
	require(ret == STEER_OK || (ret == STEER_ESERVFAIL && !strict && count == 0));
	require(count <= most && count <= sets);
	for (unsigned i = 0; i < count; i++) {
		require(chosen[i] < sets && !seen[chosen[i]]);
		seen[chosen[i]] = true;
	}
	return count;
}

/*! Whether a step looks for the client among few of the healthy sets, and may find none (H3). */
static bool may_lose_all(const steer_group_t *group)
{
	const uint8_t *at = group->program, *end = at + group->program_len;
	bool few = false;
	for (steer_step_t step; steer_program_next(&at, end, &step);) {
		if (few && (step.number == STEER_STEP_GEO || step.number == STEER_STEP_CIDR ||
		            step.number == STEER_STEP_ASN)) {
			return true;
		}
		few = few || step.number == STEER_STEP_TAKE || step.number == STEER_STEP_WITHIN;
	}
	return false;
}

static bool few_target_up(void *ctx, unsigned set)
{
	return target_up(ctx, ctx, set);
}

/*! Runs a group as a preset, if it is one of this kind. \param[in] any  As of any kind of sets. */
static bool run_preset(const steer_policy_t *policy, bool any, bool strict, unsigned most,
                       steer_chance_t *chance, steer_few_t *few)
{
	const steer_group_t *group = policy->group;
	const steer_few_health_t health = { policy->health_table, few_target_up, (void *)group };
	return any ? steer_presets_run_any(group, &health, chance, policy->locator, strict, most, few)
	           : steer_presets_may_run(group) &&
	             steer_presets_run(group, policy->health_table, chance, policy->locator, strict,
	                               most, few);
}

/*! Runs a policy as a preset, too: the same numbers lead to the same sets for the same work. */
static void run_both(steer_policy_t *policy, bool any, bool strict, unsigned most)
{
	uint16_t chosen[STEER_SETS_MAX];
	draws_t draws = { { .below = below }, 1, UINT_MAX }, same = draws;
	unsigned before = *policy->work, count = 0;
	steer_few_t few;
	if (!run_preset(policy, any, strict, most, &same.chance, &few)) {
		return;
	}
	policy->chance = &draws.chance;
	require(steer_policy_run(policy, strict, most, chosen, &count) == STEER_OK);
	require(few.count == count && few.work == *policy->work - before);
	require(memcmp(few.chosen, chosen, count * sizeof(*chosen)) == 0);
	require(draws.seed == same.seed && draws.left == same.left);
}

/*! Whether a group is healthy, by its steps and, if it is a preset, without them. */
static bool find_up(steer_policy_t *policy)
{
	const steer_group_t *group = policy->group;
	const steer_few_health_t health = { policy->health_table, few_target_up, (void *)group };
	unsigned before = *policy->work, work;
	bool up = steer_policy_up(policy), same;
	require(!steer_presets_up(group, &health, &same, &work) ||
	        (same == up && work == *policy->work - before));
	return up;
}

static void run_all(const steer_group_t *group)
{
	static const steer_health_slot_t slots[] = { { 0, 1 }, { 2, 0 }, { 2, 1 }, { 3, 1 } };
	const steer_health_table_t health_table = { slots, sizeof(slots) / sizeof(*slots) };
	static const steer_question_t question;
	steer_locator_t locator;
	uint8_t scope = 0;
	unsigned work = 0;
	steer_locator_begin(&locator, NULL, &question, &scope);
	steer_policy_t policy = {
		.group = group,
		.health_table = &health_table,
		.target_up = target_up,
		.client_hash = client_hash,
		.ctx = &policy,
		.locator = &locator,
		.work = &work,
		.work_most = UINT32_MAX,
	};
	const steer_policy_trace_t trace = { take_step, take_verdict, &policy };
	bool up = find_up(&policy);
	for (unsigned i = 0; i < 8; i++) {
		run_both(&policy, i & 4, i & 1, i & 2 ? 1 : STEER_SETS_MAX);
	}
	unsigned all = run(&policy, false, STEER_SETS_MAX);
	bool healthy = run(&policy, true, 1) > 0;
	require(healthy == up || (up && may_lose_all(group)));
	policy.follows = true;
	run(&policy, true, 2);
	policy.follows = false;
	policy.trace = &trace;
	require(run(&policy, false, STEER_SETS_MAX) == all);
}

static void walk_face(const steer_face_t *face)
{
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group, same;
		steer_face_group_at(face, i, &group);
		require(steer_face_group(face, group.type, &same) && steer_group_equal(&group, &same));
		require(group.count > 0);
		touch(group.program, group.program_len);
		touch(group.table, group.table_len);
		for (unsigned k = 0; k < group.count; k++) {
			steer_set_t set;
			steer_group_set(&group, k, &set);
			walk_set(&set);
		}
		run_all(&group);
	}
}

/*! Compares all that two nodes say. */
static void compare(const steer_node_t *a, const steer_node_t *b)
{
	require(steer_node_faces(a) == steer_node_faces(b));
	for (unsigned i = 0; i < steer_node_faces(a); i++) {
		steer_face_t x, y;
		steer_node_face_at(a, i, &x);
		steer_node_face_at(b, i, &y);
		require(x.apex == y.apex && x.flags == y.flags && x.cut == y.cut &&
		     x.children == y.children && x.count == y.count);
		for (unsigned k = 0; k < x.count; k++) {
			steer_group_t g, h;
			steer_face_group_at(&x, k, &g);
			steer_face_group_at(&y, k, &h);
			require(steer_group_equal(&g, &h));
		}
	}
}

static void rebuild(const steer_node_t *node)
{
	steer_face_t faces[STEER_FACES_MAX];
	unsigned count = steer_node_faces(node);
	for (unsigned i = 0; i < count; i++) {
		steer_node_face_at(node, i, &faces[i]);
		walk_face(&faces[i]);
	}
	size_t size = 0;
	int ret = steer_node_build(NULL, &size, faces, count);
	if (ret == STEER_ESPACE) {
		return; // Views may share bytes; copied apart they can be more than a node holds.
	}
	require(ret == STEER_OK);
	uint8_t *bytes = malloc(size);
	if (bytes == NULL) {
		return;
	}
	require(steer_node_build(bytes, &size, faces, count) == STEER_OK);
	steer_node_t again;
	require(steer_node_open(&again, bytes, size) == STEER_OK);
	compare(node, &again);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	bool mend = data[0] & 1;
	size--;
	uint8_t *exact = malloc(size);
	if (exact == NULL) {
		return 0;
	}
	memcpy(exact, data + 1, size);
	if (mend && size >= STEER_NODE_HEADER) {
		put_node_size(exact, size);
		put_node_sum(exact, steer_value_sum(exact, size));
	}
	steer_node_t node;
	if (steer_node_open(&node, exact, size) == STEER_OK) {
		rebuild(&node);
	}
	free(exact);
	return 0;
}
