/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/policy.h"

#include "core/random_order.h"
#include "core/steps.h"

/*! Begins with all sets of the group; strictly, with the healthy ones (rule H3). */
static void begin(steer_candidates_t *candidates, const steer_policy_t *policy, bool strict)
{
	static const uint8_t up[] = { STEER_STEP_UP, 2, STEER_ALL_DOWN_NONE, 0 };
	const steer_group_t *group = policy->group;
	bool plain = get_group_kind(group->at) == STEER_GROUP_PLAIN;
	candidates->policy = policy;
	candidates->sets = plain ? NULL : steer_set_at(group->node, group->at, 0);
	candidates->begin = 0;
	candidates->end = group->count;
	candidates->order = STEER_ORDER_KEPT;
	candidates->work = 0;
	candidates->work_most =
		*policy->work < policy->work_most ? policy->work_most - *policy->work : 0;
	candidates->strict = strict;
	candidates->listed = candidates->checked = candidates->remembers = false;
	candidates->measured = STEER_MEASURE_NONE;
	candidates->levels = 0;
	if (strict && (group->program_len == 0 || group->program[0] != STEER_STEP_UP)) {
		steer_steps[STEER_STEP_UP].run(candidates, up);
	}
}

/*! Runs a step; an error, or too much work (rule A8), ends the run. */
static inline int run_step(steer_candidates_t *candidates, const uint8_t *step)
{
	candidates->work += STEER_COST_STEP;
	int ret = steer_steps[*step].run(candidates, step);
	return candidates->work <= candidates->work_most ? ret : STEER_ESERVFAIL;
}

bool steer_policy_up(const steer_policy_t *policy)
{
	const uint8_t *program = policy->group->program;
	steer_candidates_t candidates;
	int ret = STEER_OK;
	begin(&candidates, policy, true);
	for (size_t at = 0; at < policy->group->program_len && ret == STEER_OK;
	     at += steer_step_size(program + at)) {
		if (!steer_steps[program[at]].orders) {
			ret = run_step(&candidates, program + at);
		}
	}
	*policy->work += candidates.work;
	return ret == STEER_OK && candidates.begin < candidates.end;
}

int steer_policy_run(const steer_policy_t *policy, bool strict, unsigned most, uint16_t *chosen,
                     unsigned *count)
{
	const uint8_t *step = policy->group->program;
	steer_candidates_t candidates;
	begin(&candidates, policy, strict);
	int ret = STEER_OK;
	for (size_t left = policy->group->program_len, size; left > 0; left -= size, step += size) {
		size = steer_step_size(step);
		candidates.most = size == left ? most : STEER_SETS_MAX;
		ret = run_step(&candidates, step);
		if (ret != STEER_OK) {
			goto done;
		}
	}
	if (!candidates.listed || candidates.order != STEER_ORDER_KEPT || candidates.end > most) {
		steer_candidates_draw(&candidates, most);
	}
	for (unsigned i = 0; i < candidates.end; i++) { // Usually one.
		chosen[i] = candidates.list[i];
	}
	*count = candidates.end;
done:
	*policy->work += candidates.work;
	return ret;
}
