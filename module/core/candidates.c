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
