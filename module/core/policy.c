/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/draw.h"

/* Health. */

static inline bool has_bit(const uint64_t *words, unsigned i)
{
	return words[i / 64] >> i % 64 & 1;
}

bool steer_view_target_up(steer_view_t *view, unsigned set)
{
	const steer_policy_t *policy = view->policy;
	if (!view->remembers) {
		size_t size = (policy->group->count + 63) / 64 * sizeof(*view->known);
		memset(view->known, 0, size);
		memset(view->up, 0, size);
		view->remembers = true;
	}
	if (!has_bit(view->known, set)) {
		bool up = policy->target_up(policy->ctx, policy->group, set);
		view->known[set / 64] |= UINT64_C(1) << set % 64;
		view->up[set / 64] |= (uint64_t)up << set % 64;
	}
	return has_bit(view->up, set);
}

static void begin(steer_view_t *view, const steer_policy_t *policy)
{
	const uint8_t *block = steer_group_values(policy->group);
	view->policy = policy;
	view->sets = block != NULL ? NULL
	             : policy->group->node + get_group_block(policy->group->at) + STEER_POLICY_SIZE;
	view->begin = 0;
	view->end = policy->group->count;
	view->order = STEER_ORDER_KEPT;
	view->listed = view->checked = view->remembers = false;
}

bool steer_policy_set_up(const steer_policy_t *policy, unsigned set)
{
	steer_view_t view;
	begin(&view, policy);
	return steer_view_check_up(&view, set) &&
	       (!steer_view_has_target(&view, set) || policy->target_up(policy->ctx, policy->group, set));
}

/* Telling explain. */

static void tell_step(const steer_view_t *view, const steer_step_t *step)
{
	if (steer_view_is_traced(view)) {
		view->policy->trace->step(view->policy->trace->ctx, step);
	}
}

static void tell(const steer_view_t *view, unsigned set, bool kept, steer_why_t why)
{
	if (steer_view_is_traced(view)) {
		const steer_verdict_t verdict = { .set = set, .kept = kept, .why = why };
		steer_view_tell(view, &verdict);
	}
}

/*! Tells of each candidate that enters "up"; all_down: what happens to all, if it does. */
static void tell_up(steer_view_t *view, bool satisfied, uint8_t all_down)
{
	for (unsigned i = view->begin; steer_view_is_traced(view) && i < view->end; i++) {
		unsigned set = steer_view_at(view, i);
		bool up = steer_view_up(view, set);
		if (view->checked && !up) {
			continue; // It was dropped before.
		}
		if (!satisfied && all_down != STEER_ALL_DOWN_ALL) {
			tell(view, set, false, STEER_WHY_ALL_DOWN);
		} else if (up) {
			tell(view, set, true, STEER_WHY_UP);
		} else if (!satisfied) {
			tell(view, set, true, STEER_WHY_RESTORED);
		} else {
			tell(view, set, false, steer_view_check_up(view, set) ? STEER_WHY_TARGET_DOWN
			                                                      : STEER_WHY_CHECK_DOWN);
		}
	}
}

/* Steps. Each changes the view. */

/*! Position of the first healthy candidate; end: none. */
static unsigned first_up(steer_view_t *view)
{
	unsigned at = view->begin;
	while (at < view->end && !steer_view_up(view, steer_view_at(view, at))) {
		at++;
	}
	return at;
}

/*! Whether at least so many percent of the candidates are healthy. */
static bool enough_are_up(steer_view_t *view, unsigned percent)
{
	unsigned up = 0;
	for (unsigned i = view->begin; percent > 0 && i < view->end; i++) {
		up += steer_view_up(view, steer_view_at(view, i));
	}
	return up * 100 >= percent * (view->end - view->begin) || percent == 0;
}

static int step_up(steer_view_t *view, const steer_step_t *step)
{
	unsigned first = view->checked ? view->begin : first_up(view);
	bool satisfied = first < view->end &&
	                 (view->checked || enough_are_up(view, step->min_healthy));
	tell_step(view, step);
	tell_up(view, satisfied, step->all_down);
	if (satisfied) {
		view->begin = first;
		view->checked = true;
	} else if (step->all_down == STEER_ALL_DOWN_NONE) {
		view->end = view->begin;
	} else if (step->all_down == STEER_ALL_DOWN_SERVFAIL) {
		return STEER_ESERVFAIL;
	}
	return STEER_OK;
}

/*! End of the sets of a tier in a range that begins with them; a range is sorted by tier. */
static unsigned end_of_tier(const steer_view_t *view, uint8_t tier)
{
	unsigned begin = view->begin, end = view->end;
	while (begin < end) {
		unsigned middle = (begin + end) / 2;
		if (steer_view_tier(view, middle) == tier) {
			begin = middle + 1;
		} else {
			end = middle;
		}
	}
	return end;
}

/*! Keeps the candidates of a tier in the list. \return end of them */
static unsigned keep_tier(steer_view_t *view, uint8_t tier)
{
	unsigned end = view->begin;
	for (unsigned i = view->begin; i < view->end; i++) {
		if (steer_view_tier(view, view->list[i]) == tier) {
			view->list[end++] = view->list[i];
		}
	}
	return end;
}

/*! Smallest tier of the candidates in the list. */
static uint8_t best_tier(steer_view_t *view)
{
	uint8_t best = UINT8_MAX;
	for (unsigned i = view->begin; i < view->end; i++) {
		uint8_t tier = steer_view_tier(view, view->list[i]);
		if (tier < best && steer_view_counts(view, view->list[i])) {
			best = tier;
		}
	}
	return best;
}

static int step_tier(steer_view_t *view, const steer_step_t *step)
{
	tell_step(view, step);
	if (view->begin == view->end) {
		return STEER_OK;
	}
	uint8_t tier = view->listed ? best_tier(view) : steer_view_tier(view, view->begin);
	for (unsigned i = view->begin; steer_view_is_traced(view) && i < view->end; i++) {
		unsigned set = steer_view_at(view, i);
		bool kept = steer_view_tier(view, set) == tier;
		if (steer_view_counts(view, set)) {
			tell(view, set, kept, kept ? STEER_WHY_TIER : STEER_WHY_OTHER_TIER);
		}
	}
	view->end = view->listed ? keep_tier(view, tier) : end_of_tier(view, tier);
	return STEER_OK;
}

static int step_weighted(steer_view_t *view, const steer_step_t *step)
{
	tell_step(view, step);
	view->order = STEER_ORDER_WEIGHTED;
	if (step->sticky == STEER_STICKY_CLIENT) {
		view->order = STEER_ORDER_STICKY;
		view->hash = view->policy->client_hash(view->policy->ctx);
	}
	return STEER_OK;
}

static int step_shuffle(steer_view_t *view, const steer_step_t *step)
{
	tell_step(view, step);
	view->order = STEER_ORDER_SHUFFLED;
	return STEER_OK;
}

static bool is_listed(const steer_view_t *view, unsigned set)
{
	for (unsigned i = view->begin; i < view->end; i++) {
		if (view->list[i] == set) {
			return true;
		}
	}
	return false;
}

/*! Takes, and tells which ones and which ones not. */
static void take_told(steer_view_t *view, const steer_step_t *step)
{
	steer_view_t before = *view;
	steer_view_draw(view, step->take);
	tell_step(view, step);
	for (unsigned i = view->begin; i < view->end; i++) {
		tell(view, view->list[i], true, STEER_WHY_TAKEN);
	}
	for (unsigned i = before.begin; i < before.end; i++) {
		unsigned set = steer_view_at(&before, i);
		if (steer_view_counts(&before, set) && !is_listed(view, set)) {
			tell(view, set, false, STEER_WHY_NOT_TAKEN);
		}
	}
}

static int step_take(steer_view_t *view, const steer_step_t *step)
{
	if (steer_view_is_traced(view)) {
		take_told(view, step);
	} else {
		steer_view_draw(view, step->take);
	}
	return STEER_OK;
}

static const struct {
	int (*run)(steer_view_t *view, const steer_step_t *step);
	bool orders; /*!< It orders or shortens: whether a candidate is left does not depend on it. */
} steps[] = {
	[STEER_STEP_UP] = { step_up, false },
	[STEER_STEP_TIER] = { step_tier, false },
	[STEER_STEP_WEIGHTED] = { step_weighted, true },
	[STEER_STEP_SHUFFLE] = { step_shuffle, true },
	[STEER_STEP_TAKE] = { step_take, true },
};

/* Programs. */

/*! A plain "up" in front of a program that does not begin with one (rule H3). */
static int begin_strictly(steer_view_t *view)
{
	static const steer_step_t up = { .number = STEER_STEP_UP, .all_down = STEER_ALL_DOWN_NONE };
	const steer_group_t *group = view->policy->group;
	bool is_there = group->program_len > 0 && group->program[0] == STEER_STEP_UP;
	return is_there ? STEER_OK : step_up(view, &up);
}

/*! Runs the steps; all: also those that only order. */
static int run_steps(steer_view_t *view, bool strict, bool all)
{
	const uint8_t *at = view->policy->group->program, *end = at + view->policy->group->program_len;
	steer_step_t step;
	int ret = strict ? begin_strictly(view) : STEER_OK;
	while (ret == STEER_OK && steer_program_next(&at, end, &step)) {
		if (strict && step.number == STEER_STEP_UP) {
			step.all_down = STEER_ALL_DOWN_NONE;
		}
		if (all || !steps[step.number].orders) {
			ret = steps[step.number].run(view, &step);
		}
	}
	return ret;
}

bool steer_policy_up(const steer_policy_t *policy)
{
	steer_view_t view;
	begin(&view, policy);
	run_steps(&view, true, false);
	return view.begin < view.end;
}

int steer_policy_run(const steer_policy_t *policy, bool strict, unsigned most, uint16_t *chosen,
                     unsigned *count)
{
	steer_view_t view;
	begin(&view, policy);
	int ret = run_steps(&view, strict, true);
	if (ret != STEER_OK) {
		return ret;
	}
	steer_view_draw(&view, most);
	memcpy(chosen, view.list, view.end * sizeof(*chosen));
	*count = view.end;
	return STEER_OK;
}
