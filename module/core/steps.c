/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/draw.h"
#include "core/steps.h"

/* Telling explain. */

/*! Tells a step as it acts. */
static void tell_step(const steer_view_t *view, const uint8_t *at)
{
	steer_step_t step;
	steer_program_next(&at, NULL, &step);
	if (step.number == STEER_STEP_UP && view->strict) {
		step.all_down = STEER_ALL_DOWN_NONE;
	}
	view->policy->trace->step(view->policy->trace->ctx, &step);
}

static void tell(const steer_view_t *view, unsigned set, bool kept, steer_why_t why)
{
	if (steer_view_is_traced(view)) {
		const steer_verdict_t verdict = { .set = set, .kept = kept, .why = why };
		steer_view_tell(view, &verdict);
	}
}

/*! Tells of each candidate that enters "up"; all_down: what becomes of all, if not satisfied. */
static void tell_up(steer_view_t *view, bool satisfied, uint8_t all_down)
{
	for (unsigned i = view->begin; i < view->end; i++) {
		unsigned set = steer_view_at(view, i);
		bool up = steer_view_up(view, set);
		if (!steer_view_counts(view, set)) {
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
	view->work += (at - view->begin) * STEER_COST_SET;
	return at;
}

/*! Whether at least so many percent of the candidates are healthy. */
static bool enough_are_up(steer_view_t *view, unsigned percent)
{
	unsigned up = 0;
	for (unsigned i = view->begin; i < view->end; i++) {
		up += steer_view_up(view, steer_view_at(view, i));
	}
	view->work += (view->end - view->begin) * STEER_COST_SET;
	return up * 100 >= percent * (view->end - view->begin);
}

/*! Keeps the healthy candidates; first: position of the first of them. */
static void keep_up(steer_view_t *view, unsigned first)
{
	view->checked = true;
	if (!view->listed) {
		view->begin = first;
		return;
	}
	unsigned count = 0;
	view->work += (view->end - first) * STEER_COST_SET;
	for (unsigned i = first; i < view->end; i++) {
		if (steer_view_up(view, view->list[i])) {
			view->list[count++] = view->list[i];
		}
	}
	view->end = count;
}

static __attribute__((noinline)) int up_in_full(steer_view_t *view, const uint8_t *step)
{
	uint8_t all_down = view->strict ? STEER_ALL_DOWN_NONE : steer_up_all_down(step);
	unsigned percent = steer_up_min_healthy(step);
	unsigned first = view->checked ? view->begin : first_up(view);
	bool satisfied = first < view->end &&
	                 (view->checked || percent == 0 || enough_are_up(view, percent));
	if (steer_view_is_traced(view)) {
		tell_step(view, step);
		tell_up(view, satisfied, all_down);
	}
	if (satisfied) {
		if (!view->checked) {
			keep_up(view, first);
		}
	} else if (all_down == STEER_ALL_DOWN_NONE) {
		view->end = view->begin;
	} else if (all_down == STEER_ALL_DOWN_SERVFAIL) {
		return STEER_ESERVFAIL;
	}
	return STEER_OK;
}

static int step_up(steer_view_t *view, const uint8_t *step)
{
	// Mostly it is the beginning of the program, and the first set's check says it all.
	if (view->begin < view->end && !view->listed && steer_up_min_healthy(step) == 0 &&
	    !steer_view_is_traced(view) && steer_view_check_up(view, view->begin) &&
	    !steer_view_has_target(view, view->begin)) {
		view->checked = true;
		return STEER_OK;
	}
	return up_in_full(view, step);
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

/*! Keeps the sets of a tier in the list. \return end of them */
static unsigned keep_tier(steer_view_t *view, uint8_t tier)
{
	unsigned end = 0;
	for (unsigned i = 0; i < view->end; i++) {
		if (steer_view_tier(view, view->list[i]) == tier) {
			view->list[end++] = view->list[i];
		}
	}
	return end;
}

/*! Smallest tier of the candidates, of which there is one. */
static uint8_t best_tier(const steer_view_t *view)
{
	uint8_t best = UINT8_MAX;
	if (!view->listed) {
		return steer_view_tier(view, view->begin);
	}
	for (unsigned i = 0; i < view->end; i++) {
		uint8_t tier = steer_view_tier(view, view->list[i]);
		best = tier < best ? tier : best;
	}
	return best;
}

static void tell_tier(steer_view_t *view, uint8_t tier)
{
	for (unsigned i = view->begin; i < view->end; i++) {
		unsigned set = steer_view_at(view, i);
		bool kept = steer_view_tier(view, set) == tier;
		if (steer_view_counts(view, set)) {
			tell(view, set, kept, kept ? STEER_WHY_TIER : STEER_WHY_OTHER_TIER);
		}
	}
}

static int step_tier(steer_view_t *view, const uint8_t *step)
{
	if (steer_view_is_traced(view)) {
		tell_step(view, step);
	}
	if (view->begin < view->end) {
		uint8_t tier = best_tier(view);
		if (steer_view_is_traced(view)) {
			tell_tier(view, tier);
		}
		view->work += view->listed ? view->end * STEER_COST_SET : 0;
		view->end = view->listed ? keep_tier(view, tier) : end_of_tier(view, tier);
	}
	return STEER_OK;
}

static int step_weighted(steer_view_t *view, const uint8_t *step)
{
	if (steer_view_is_traced(view)) {
		tell_step(view, step);
	}
	view->order = STEER_ORDER_WEIGHTED;
	if (steer_weighted_sticky(step) == STEER_STICKY_CLIENT) {
		view->order = STEER_ORDER_STICKY;
		view->hash = view->policy->client_hash(view->policy->ctx);
	}
	return STEER_OK;
}

static int step_shuffle(steer_view_t *view, const uint8_t *step)
{
	if (steer_view_is_traced(view)) {
		tell_step(view, step);
	}
	view->order = STEER_ORDER_SHUFFLED;
	return STEER_OK;
}

static bool is_listed(const steer_view_t *view, unsigned set)
{
	for (unsigned i = 0; i < view->end; i++) {
		if (view->list[i] == set) {
			return true;
		}
	}
	return false;
}

/*! Candidates to draw: of the last step no more than are wanted. */
static inline unsigned taken(const steer_view_t *view, const uint8_t *step)
{
	unsigned number = steer_take_number(step);
	return number < view->most ? number : view->most;
}

/*! Takes, and tells which ones and which ones not. */
static void take_told(steer_view_t *view, const uint8_t *step)
{
	steer_view_t before = *view;
	steer_view_draw(view, taken(view, step));
	tell_step(view, step);
	for (unsigned i = 0; i < view->end; i++) {
		tell(view, view->list[i], true, STEER_WHY_TAKEN);
	}
	for (unsigned i = before.begin; i < before.end; i++) {
		unsigned set = steer_view_at(&before, i);
		if (steer_view_counts(&before, set) && !is_listed(view, set)) {
			tell(view, set, false, STEER_WHY_NOT_TAKEN);
		}
	}
}

static int step_take(steer_view_t *view, const uint8_t *step)
{
	if (steer_view_is_traced(view)) {
		take_told(view, step);
	} else {
		steer_view_draw(view, taken(view, step));
	}
	return STEER_OK;
}

const steer_step_entry_t steer_steps[] = {
	[STEER_STEP_UP] = { step_up, false },
	[STEER_STEP_TIER] = { step_tier, false },
	[STEER_STEP_WEIGHTED] = { step_weighted, true },
	[STEER_STEP_SHUFFLE] = { step_shuffle, true },
	[STEER_STEP_TAKE] = { step_take, true },
};
