/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/candidates.h"

#include <string.h>

static inline bool has_bit(const uint64_t *words, unsigned i)
{
	return words[i / 64] >> i % 64 & 1;
}

bool steer_candidates_target_up(steer_candidates_t *candidates, unsigned set)
{
	const steer_policy_t *policy = candidates->policy;
	if (!candidates->remembers) {
		size_t size = (policy->group->count + 63) / 64 * sizeof(*candidates->known);
		memset(candidates->known, 0, size);
		memset(candidates->up, 0, size);
		candidates->remembers = true;
	}
	if (!has_bit(candidates->known, set)) {
		bool up = policy->target_up(policy->ctx, policy->group, set);
		candidates->known[set / 64] |= UINT64_C(1) << set % 64;
		candidates->up[set / 64] |= (uint64_t)up << set % 64;
	}
	return has_bit(candidates->up, set);
}

void steer_candidates_list(steer_candidates_t *candidates)
{
	unsigned count = 0;
	if (candidates->listed) {
		return;
	}
	candidates->work += (candidates->end - candidates->begin) * STEER_COST_SET;
	for (unsigned i = candidates->begin; i < candidates->end; i++) {
		if (steer_candidates_counts(candidates, i)) {
			candidates->list[count++] = i;
		}
	}
	candidates->begin = 0;
	candidates->end = count;
	candidates->listed = true;
}

/* Reports to explain. */

void steer_candidates_report_step(const steer_candidates_t *candidates, const uint8_t *at)
{
	steer_step_t step;
	steer_program_next(&at, NULL, &step);
	if (step.number == STEER_STEP_UP && candidates->strict) {
		step.all_down = STEER_ALL_DOWN_NONE;
	}
	candidates->policy->trace->step(candidates->policy->trace->ctx, &step);
}

steer_verdict_t steer_candidates_verdict(const steer_candidates_t *candidates, unsigned set,
                                         bool kept, steer_why_t why)
{
	const bool measured = candidates->measured != STEER_MEASURE_NONE &&
	                      candidates->measure[set] != UINT32_MAX;
	return (steer_verdict_t) {
		.set = set, .kept = kept, .why = why,
		.measured = measured ? candidates->measured : STEER_MEASURE_NONE,
		.measure = measured ? candidates->measure[set] : 0,
	};
}

void steer_candidates_report_why(const steer_candidates_t *candidates, unsigned set, bool kept,
                                 steer_why_t why)
{
	const steer_verdict_t verdict = steer_candidates_verdict(candidates, set, kept, why);
	steer_candidates_report(candidates, &verdict);
}
