/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/policy.h"

#include "core/draw.h"
#include "core/steps.h"

static void begin(steer_view_t *view, const steer_policy_t *policy, bool strict)
{
	const steer_group_t *group = policy->group;
	bool plain = get_group_kind(group->at) == STEER_GROUP_PLAIN;
	view->policy = policy;
	view->sets = plain ? NULL : group->node + get_group_block(group->at) + STEER_POLICY_SIZE;
	view->begin = 0;
	view->end = group->count;
	view->order = STEER_ORDER_KEPT;
	view->work = 0;
	view->work_most = *policy->work < policy->work_most ? policy->work_most - *policy->work : 0;
	view->strict = strict;
	view->listed = view->checked = view->remembers = false;
}

/*! Runs a step; an error, or too much work (rule A8), ends the run. */
static inline int run_step(steer_view_t *view, const uint8_t *step)
{
	view->work += STEER_COST_STEP;
	int ret = steer_steps[*step].run(view, step);
	return view->work <= view->work_most ? ret : STEER_ESERVFAIL;
}

/*! Puts a plain "up" in front of a program that does not begin with one (rule H3). */
static void begin_strictly(steer_view_t *view)
{
	static const uint8_t up[] = { STEER_STEP_UP, 2, STEER_ALL_DOWN_NONE, 0 };
	const steer_group_t *group = view->policy->group;
	if (group->program_len == 0 || group->program[0] != STEER_STEP_UP) {
		steer_steps[STEER_STEP_UP].run(view, up);
	}
}

bool steer_policy_up(const steer_policy_t *policy)
{
	const uint8_t *program = policy->group->program;
	steer_view_t view;
	int ret = STEER_OK;
	begin(&view, policy, true);
	begin_strictly(&view);
	for (size_t at = 0; at < policy->group->program_len && ret == STEER_OK;
	     at += steer_step_size(program + at)) {
		if (!steer_steps[program[at]].orders) {
			ret = run_step(&view, program + at);
		}
	}
	*policy->work += view.work;
	return ret == STEER_OK && view.begin < view.end;
}

int steer_policy_run(const steer_policy_t *policy, bool strict, unsigned most, uint16_t *chosen,
                     unsigned *count)
{
	const uint8_t *step = policy->group->program;
	steer_view_t view;
	begin(&view, policy, strict);
	if (strict) {
		begin_strictly(&view);
	}
	int ret = STEER_OK;
	for (size_t left = policy->group->program_len, size; left > 0 && ret == STEER_OK;
	     left -= size, step += size) {
		size = steer_step_size(step);
		view.most = size == left ? most : STEER_SETS_MAX;
		ret = run_step(&view, step);
	}
	if (ret == STEER_OK &&
	    (!view.listed || view.order != STEER_ORDER_KEPT || view.end > most)) {
		steer_view_draw(&view, most);
	}
	*policy->work += view.work;
	if (ret != STEER_OK) {
		return ret;
	}
	for (unsigned i = 0; i < view.end; i++) { // Mostly one.
		chosen[i] = view.list[i];
	}
	*count = view.end;
	return STEER_OK;
}
