/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/steps.h"

#include <string.h>

#include "core/random_order.h"
#include "core/steps_client.h"

/*! Why a set that is not healthy is not. */
static steer_why_t down_by(const steer_candidates_t *candidates, unsigned set)
{
	return steer_candidates_check_up(candidates, set) ? STEER_WHY_TARGET_DOWN
	                                                  : STEER_WHY_CHECK_DOWN;
}

/*! Reports each candidate that enters "up". \param[in] all_down  What happens if not satisfied. */
static void report_up(steer_candidates_t *candidates, bool satisfied, uint8_t all_down)
{
	for (unsigned i = candidates->begin; i < candidates->end; i++) {
		unsigned set = steer_candidates_at(candidates, i);
		bool up = steer_candidates_up(candidates, set);
		if (!steer_candidates_counts(candidates, set)) {
			continue; // It was dropped earlier.
		}
		if (!satisfied && all_down != STEER_ALL_DOWN_ALL) {
			steer_candidates_report_why(candidates, set, false, STEER_WHY_ALL_DOWN);
		} else if (up) {
			steer_candidates_report_why(candidates, set, true, STEER_WHY_UP);
		} else if (!satisfied) {
			steer_candidates_report_why(candidates, set, true, STEER_WHY_RESTORED);
		} else {
			steer_candidates_report_why(candidates, set, false, down_by(candidates, set));
		}
	}
}

/* The steps. */

/*! Position of the first healthy candidate; end if there is none. */
static unsigned first_up(steer_candidates_t *candidates)
{
	unsigned at = candidates->begin;
	while (at < candidates->end &&
	       !steer_candidates_up(candidates, steer_candidates_at(candidates, at))) {
		at++;
	}
	candidates->work += (at - candidates->begin) * STEER_COST_SET;
	return at;
}

/*! Whether at least this percentage of the candidates is healthy. */
static bool enough_are_up(steer_candidates_t *candidates, unsigned percent)
{
	unsigned up = 0;
	for (unsigned i = candidates->begin; i < candidates->end; i++) {
		up += steer_candidates_up(candidates, steer_candidates_at(candidates, i));
	}
	candidates->work += (candidates->end - candidates->begin) * STEER_COST_SET;
	return up * 100 >= percent * (candidates->end - candidates->begin);
}

/*! Keeps the healthy candidates. \param[in] first  Position of the first of them. */
static void keep_up(steer_candidates_t *candidates, unsigned first)
{
	candidates->checked = true;
	if (!candidates->listed) {
		candidates->begin = first;
		return;
	}
	unsigned count = 0;
	candidates->work += (candidates->end - first) * STEER_COST_SET;
	for (unsigned i = first; i < candidates->end; i++) {
		if (steer_candidates_up(candidates, candidates->list[i])) {
			candidates->list[count++] = candidates->list[i];
		}
	}
	candidates->end = count;
}

/*! Whether there are healthy candidates, and enough. \param[out] first  Position of the first. */
static bool is_satisfied(steer_candidates_t *candidates, unsigned percent, unsigned *first)
{
	*first = candidates->checked ? candidates->begin : first_up(candidates);
	return *first < candidates->end &&
	       (candidates->checked || percent == 0 || enough_are_up(candidates, percent));
}

/*! Reports the candidates of the levels that "up" has not chosen. */
static void report_levels(steer_candidates_t *candidates, unsigned begin, unsigned end)
{
	for (unsigned i = 0, last = candidates->level_end[candidates->levels - 1]; i < last; i++) {
		const unsigned set = candidates->list[i];
		if (i < begin || (i >= end && !steer_candidates_up(candidates, set))) {
			steer_candidates_report_why(candidates, set, false, down_by(candidates, set));
		} else if (i >= end) {
			steer_candidates_report_why(candidates, set, false, STEER_WHY_LESS_SPECIFIC);
		}
	}
}

/*! Keeps the first level that satisfies "up", the most specific one; if none does, the first. */
static void climb(steer_candidates_t *candidates, unsigned percent)
{
	unsigned first, level = 0;
	candidates->begin = 0;
	candidates->end = candidates->level_end[0];
	while (!is_satisfied(candidates, percent, &first) && ++level < candidates->levels) {
		candidates->begin = candidates->level_end[level - 1];
		candidates->end = candidates->level_end[level];
	}
	if (level == candidates->levels) {
		candidates->begin = 0;
		candidates->end = candidates->level_end[0];
	}
	if (steer_candidates_is_traced(candidates)) {
		report_levels(candidates, candidates->begin, candidates->end);
	}
	candidates->end -= candidates->begin;
	memmove(candidates->list, candidates->list + candidates->begin,
	        candidates->end * sizeof(*candidates->list));
	candidates->begin = 0;
	candidates->levels = 0;
}

static __attribute__((noinline)) int filter_healthy(steer_candidates_t *candidates,
                                                    const uint8_t *step)
{
	uint8_t all_down = candidates->strict ? STEER_ALL_DOWN_NONE : steer_up_all_down(step);
	unsigned percent = steer_up_min_healthy(step), first;
	if (steer_candidates_is_traced(candidates)) {
		steer_candidates_report_step(candidates, step);
	}
	if (candidates->levels > 0) {
		climb(candidates, percent);
	}
	bool satisfied = is_satisfied(candidates, percent, &first);
	if (steer_candidates_is_traced(candidates)) {
		report_up(candidates, satisfied, all_down);
	}
	if (satisfied) {
		if (!candidates->checked) {
			keep_up(candidates, first);
		}
	} else if (all_down == STEER_ALL_DOWN_NONE) {
		candidates->end = candidates->begin;
	} else if (all_down == STEER_ALL_DOWN_SERVFAIL) {
		return STEER_ESERVFAIL;
	}
	return STEER_OK;
}

/*! Whether a set is healthy, and only its check decides. */
static inline bool is_surely_up(const steer_candidates_t *candidates, unsigned set)
{
	return steer_candidates_check_up(candidates, set) &&
	       !steer_candidates_has_target(candidates, set);
}

static int step_up(steer_candidates_t *candidates, const uint8_t *step)
{
	// In most programs it is the first step, and the first set's check is up: that is enough. So it
	// is among levels, if the most specific one is this set.
	const bool alone = candidates->levels > 0 && candidates->level_end[0] == 1;
	if (candidates->begin < candidates->end && (!candidates->listed || alone) &&
	    steer_up_min_healthy(step) == 0 && !steer_candidates_is_traced(candidates) &&
	    is_surely_up(candidates, steer_candidates_at(candidates, candidates->begin))) {
		candidates->end = alone ? 1 : candidates->end;
		candidates->levels = 0;
		candidates->checked = true;
		return STEER_OK;
	}
	return filter_healthy(candidates, step);
}

/*! End of the sets of a tier in a range that begins with them; ranges are sorted by tier. */
static unsigned end_of_tier(const steer_candidates_t *candidates, uint8_t tier)
{
	unsigned begin = candidates->begin, end = candidates->end;
	while (begin < end) {
		unsigned middle = (begin + end) / 2;
		if (steer_candidates_tier(candidates, middle) == tier) {
			begin = middle + 1;
		} else {
			end = middle;
		}
	}
	return end;
}

/*! Keeps the sets of a tier in the list. \return their end */
static unsigned keep_tier(steer_candidates_t *candidates, uint8_t tier)
{
	unsigned end = 0;
	for (unsigned i = 0; i < candidates->end; i++) {
		if (steer_candidates_tier(candidates, candidates->list[i]) == tier) {
			candidates->list[end++] = candidates->list[i];
		}
	}
	return end;
}

/*! Smallest tier of the candidates, of which there is at least one. */
static uint8_t best_tier(const steer_candidates_t *candidates)
{
	uint8_t best = UINT8_MAX;
	if (!candidates->listed) {
		return steer_candidates_tier(candidates, candidates->begin);
	}
	for (unsigned i = 0; i < candidates->end; i++) {
		uint8_t tier = steer_candidates_tier(candidates, candidates->list[i]);
		best = tier < best ? tier : best;
	}
	return best;
}

static void report_tier(steer_candidates_t *candidates, uint8_t tier)
{
	for (unsigned i = candidates->begin; i < candidates->end; i++) {
		unsigned set = steer_candidates_at(candidates, i);
		bool kept = steer_candidates_tier(candidates, set) == tier;
		if (steer_candidates_counts(candidates, set)) {
			steer_candidates_report_why(candidates, set, kept,
			                            kept ? STEER_WHY_TIER : STEER_WHY_OTHER_TIER);
		}
	}
}

static int step_tier(steer_candidates_t *candidates, const uint8_t *step)
{
	if (steer_candidates_is_traced(candidates)) {
		steer_candidates_report_step(candidates, step);
	}
	if (candidates->begin < candidates->end) {
		uint8_t tier = best_tier(candidates);
		if (steer_candidates_is_traced(candidates)) {
			report_tier(candidates, tier);
		}
		candidates->work += candidates->listed ? candidates->end * STEER_COST_SET : 0;
		candidates->end =
			candidates->listed ? keep_tier(candidates, tier) : end_of_tier(candidates, tier);
	}
	return STEER_OK;
}

static int step_weighted(steer_candidates_t *candidates, const uint8_t *step)
{
	if (steer_candidates_is_traced(candidates)) {
		steer_candidates_report_step(candidates, step);
	}
	candidates->order = STEER_ORDER_WEIGHTED;
	if (steer_weighted_sticky(step) == STEER_STICKY_CLIENT) {
		candidates->order = STEER_ORDER_STICKY;
		candidates->hash = candidates->policy->client_hash(candidates->policy->ctx);
	}
	return STEER_OK;
}

static int step_shuffle(steer_candidates_t *candidates, const uint8_t *step)
{
	if (steer_candidates_is_traced(candidates)) {
		steer_candidates_report_step(candidates, step);
	}
	candidates->order = STEER_ORDER_SHUFFLED;
	return STEER_OK;
}

static bool is_listed(const steer_candidates_t *candidates, unsigned set)
{
	for (unsigned i = 0; i < candidates->end; i++) {
		if (candidates->list[i] == set) {
			return true;
		}
	}
	return false;
}

/*! Number of candidates to draw: in the last step, no more than are wanted. */
static inline unsigned taken(const steer_candidates_t *candidates, const uint8_t *step)
{
	unsigned number = steer_take_number(step);
	return number < candidates->most ? number : candidates->most;
}

/*! Takes, and reports which candidates were taken and which were not. */
static void take_reported(steer_candidates_t *candidates, const uint8_t *step)
{
	steer_candidates_t before = *candidates;
	steer_candidates_draw(candidates, taken(candidates, step));
	steer_candidates_report_step(candidates, step);
	for (unsigned i = 0; i < candidates->end; i++) {
		steer_candidates_report_why(candidates, candidates->list[i], true, STEER_WHY_TAKEN);
	}
	for (unsigned i = before.begin; i < before.end; i++) {
		unsigned set = steer_candidates_at(&before, i);
		if (steer_candidates_counts(&before, set) && !is_listed(candidates, set)) {
			steer_candidates_report_why(candidates, set, false, STEER_WHY_NOT_TAKEN);
		}
	}
}

static int step_take(steer_candidates_t *candidates, const uint8_t *step)
{
	if (steer_candidates_is_traced(candidates)) {
		take_reported(candidates, step);
	} else {
		steer_candidates_draw(candidates, taken(candidates, step));
	}
	return STEER_OK;
}

const steer_step_entry_t steer_steps[] = {
	[STEER_STEP_UP] = { step_up, false },
	[STEER_STEP_TIER] = { step_tier, false },
	[STEER_STEP_WEIGHTED] = { step_weighted, true },
	[STEER_STEP_SHUFFLE] = { step_shuffle, true },
	[STEER_STEP_TAKE] = { step_take, true },
	[STEER_STEP_LATENCY] = { steer_step_latency, true },
	[STEER_STEP_WITHIN] = { steer_step_within, true },
	[STEER_STEP_GEO] = { steer_step_geo, false },
	[STEER_STEP_NEAREST] = { steer_step_nearest, true },
	[STEER_STEP_CIDR] = { steer_step_cidr, false },
	[STEER_STEP_ASN] = { steer_step_asn, false },
};
