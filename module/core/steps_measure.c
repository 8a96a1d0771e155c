/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/heap.h"
#include "core/measure.h"
#include "core/steps_client.h"

#define UNKNOWN UINT32_MAX /*!< Measure of a candidate that cannot be measured. */
#define FEW     16         /*!< Candidates that are sorted as they come; more by a heap. */

static inline bool is_after(const uint64_t *a, const uint64_t *b)
{
	return *a > *b;
}

STEER_HEAP(keys, uint64_t, is_after)

/* Measuring. */

/*! Measures all candidates by the map of latencies. \return false: it does not cover all. */
static bool measure_latencies(steer_candidates_t *candidates)
{
	const steer_map_latencies_t *latencies =
		steer_locator_latencies(candidates->policy->locator);
	candidates->work += candidates->end * STEER_COST_SET;
	for (unsigned i = 0; i < candidates->end; i++) {
		const unsigned set = candidates->list[i];
		steer_map_latency_t latency;
		if (!steer_map_latency_find(latencies,
		                            get_set_region(steer_candidates_entry(candidates, set)),
		                            &latency)) {
			return false;
		}
		candidates->measure[set] = latency.rtt_us;
	}
	return true;
}

/*!
 * Measures the candidates by their distance from the client.
 *
 * \param[out] all  All could be measured.
 *
 * \return false: it is not known where the client is.
 */
static bool measure_distances(steer_candidates_t *candidates, bool with_bias, bool *all)
{
	steer_locator_t *locator = candidates->policy->locator;
	steer_coordinates_t client;
	if (!steer_locator_point(locator, &client)) {
		return false;
	}
	*all = true;
	candidates->work += candidates->end * STEER_COST_FAR;
	for (unsigned i = 0; i < candidates->end; i++) {
		const unsigned set = candidates->list[i];
		const uint8_t *at = steer_candidates_entry(candidates, set);
		uint32_t distance;
		const bool known = steer_measure_distance(locator, client, at, &distance);
		candidates->measure[set] =
			known ? steer_measure_biased(distance, with_bias ? steer_set_bias(at) : 0) : UNKNOWN;
		*all = *all && known;
	}
	return true;
}

/*! Reports a candidate with its measure, of a distance also that without the bias. */
static void report(const steer_candidates_t *candidates, unsigned set, bool kept, steer_why_t why)
{
	steer_locator_t *locator = candidates->policy->locator;
	steer_coordinates_t client;
	steer_verdict_t verdict = steer_candidates_verdict(candidates, set, kept, why);
	if (verdict.measured == STEER_MEASURE_DISTANCE && steer_locator_point(locator, &client)) {
		(void)steer_measure_distance(locator, client, steer_candidates_entry(candidates, set),
		                             &verdict.distance);
	}
	steer_candidates_report(candidates, &verdict);
}

/* Ordering. */

static void sort_many(uint64_t *keys, unsigned count)
{
	keys_make(keys, count);
	for (unsigned left = count; left-- > 1;) {
		const uint64_t last = keys[0];
		keys[0] = keys[left];
		keys[left] = last;
		keys_sift(keys, left, 0);
	}
}

/*! Orders the candidates by their measure, if they have one, then as the group has them. */
static void sort(steer_candidates_t *candidates)
{
	uint64_t keys[STEER_SETS_MAX];
	const bool measured = candidates->measured != STEER_MEASURE_NONE;
	const unsigned count = candidates->end;
	for (unsigned i = 0; i < count; i++) {
		const unsigned set = candidates->list[i];
		const uint64_t key = (measured ? (uint64_t)candidates->measure[set] << 32 : 0) | set;
		unsigned at = i;
		for (; count <= FEW && at > 0 && keys[at - 1] > key; at--) {
			keys[at] = keys[at - 1];
		}
		keys[at] = key;
	}
	if (count > FEW) {
		sort_many(keys, count);
	}
	for (unsigned i = 0; i < count; i++) {
		candidates->list[i] = keys[i] & UINT32_MAX;
	}
	candidates->order = STEER_ORDER_KEPT;
	candidates->work += count * STEER_COST_SORTED;
}

static void report_order(const steer_candidates_t *candidates)
{
	for (unsigned i = 0; i < candidates->end; i++) {
		const unsigned set = candidates->list[i];
		report(candidates, set, true,
		       candidates->measured == STEER_MEASURE_NONE ? STEER_WHY_IN_ORDER
		       : candidates->measure[set] == UNKNOWN ? STEER_WHY_UNKNOWN
		       : candidates->measured == STEER_MEASURE_LATENCY ? STEER_WHY_LATENCY
		       : STEER_WHY_DISTANCE);
	}
}

static void order(steer_candidates_t *candidates, const uint8_t *step, steer_measure_t measured)
{
	candidates->measured = measured;
	sort(candidates);
	if (steer_candidates_is_traced(candidates)) {
		steer_candidates_report_step(candidates, step);
		report_order(candidates);
	}
}

int steer_step_latency(steer_candidates_t *candidates, const uint8_t *step)
{
	bool all;
	steer_candidates_list(candidates);
	// Latencies and distances are never compared: what covers all candidates is used, or nothing.
	const steer_measure_t measured =
		measure_latencies(candidates) ? STEER_MEASURE_LATENCY
		: measure_distances(candidates, false, &all) && all ? STEER_MEASURE_DISTANCE
		: STEER_MEASURE_NONE;
	order(candidates, step, measured);
	return STEER_OK;
}

int steer_step_nearest(steer_candidates_t *candidates, const uint8_t *step)
{
	bool all;
	steer_candidates_list(candidates);
	order(candidates, step, measure_distances(candidates, true, &all) ? STEER_MEASURE_DISTANCE
	                                                                  : STEER_MEASURE_NONE);
	return STEER_OK;
}

int steer_step_within(steer_candidates_t *candidates, const uint8_t *step)
{
	const uint64_t percent = 100 + steer_within_percent(step);
	uint32_t least = UNKNOWN;
	unsigned count = 0;
	if (steer_candidates_is_traced(candidates)) {
		steer_candidates_report_step(candidates, step);
	}
	if (candidates->measured == STEER_MEASURE_NONE) {
		return STEER_OK;
	}
	for (unsigned i = 0; i < candidates->end; i++) {
		const uint32_t measure = candidates->measure[candidates->list[i]];
		least = measure < least ? measure : least;
	}
	for (unsigned i = 0; i < candidates->end; i++) {
		const unsigned set = candidates->list[i];
		const bool kept = candidates->measure[set] * UINT64_C(100) <= least * percent &&
		                  (candidates->measure[set] != UNKNOWN || least == UNKNOWN);
		if (steer_candidates_is_traced(candidates)) {
			report(candidates, set, kept, kept ? STEER_WHY_WITHIN : STEER_WHY_BEYOND);
		}
		if (kept) {
			candidates->list[count++] = set;
		}
	}
	candidates->work += 2 * candidates->end * STEER_COST_SET;
	candidates->end = count;
	return STEER_OK;
}
