/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/view.h"

#include <string.h>

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
