/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/health_state.h"

#include <string.h>

#include "core/node.h"

int steer_health_state_open(steer_health_state_t *state, const void *value, size_t size)
{
	const uint8_t *at = value;
	if (size < STEER_STATUS_SIZE || get_status_format(at) != STEER_STATE_FORMAT ||
	    get_status_sum(at) != steer_value_sum(at, size)) {
		return STEER_EDAMAGED;
	}
	size_t who_len = get_status_who_len(at), reason_len = get_status_reason_len(at);
	if (get_status_up(at) > STEER_STATE_CLEARED || get_status_reserved(at) != 0 ||
	    get_status_reserved2(at) != 0 || who_len > STEER_LOG_TEXT_MAX ||
	    reason_len > STEER_LOG_TEXT_MAX || STEER_STATUS_SIZE + who_len + reason_len != size) {
		return STEER_EDAMAGED;
	}
	const char *text = (const char *)at + STEER_STATUS_SIZE;
	*state = (steer_health_state_t) {
		.up = get_status_up(at) == 1, .cleared = get_status_up(at) == STEER_STATE_CLEARED,
		.created = get_status_created(at),
		.since = get_status_since(at), .until = get_status_until(at),
		.since_boot = get_status_since_boot(at), .until_boot = get_status_until_boot(at),
		.boot = { get_status_boot_low(at), get_status_boot_high(at) },
		.who = text, .who_len = who_len, .reason = text + who_len, .reason_len = reason_len,
	};
	return STEER_OK;
}

size_t steer_health_state_write(uint8_t *buf, const steer_health_state_t *state)
{
	size_t size = STEER_STATUS_SIZE;
	put_status_format(buf, STEER_STATE_FORMAT);
	put_status_up(buf, state->cleared ? STEER_STATE_CLEARED : state->up);
	put_status_reserved(buf, 0);
	put_status_created(buf, state->created);
	put_status_who_len(buf, state->who_len);
	put_status_reason_len(buf, state->reason_len);
	put_status_since(buf, state->since);
	put_status_until(buf, state->until);
	put_status_since_boot(buf, state->since_boot);
	put_status_until_boot(buf, state->until_boot);
	put_status_boot_low(buf, state->boot[0]);
	put_status_boot_high(buf, state->boot[1]);
	put_status_reserved2(buf, 0);
	if (state->who_len > 0) {
		memcpy(buf + size, state->who, state->who_len);
		size += state->who_len;
	}
	if (state->reason_len > 0) {
		memcpy(buf + size, state->reason, state->reason_len);
		size += state->reason_len;
	}
	put_status_sum(buf, steer_value_sum(buf, size));
	return size;
}

uint64_t steer_health_state_left(const steer_health_state_t *state, const steer_now_t *now)
{
	if (state->until == 0) {
		return UINT64_MAX;
	}
	const steer_now_t until = {
		.wall = state->until, .boot_ms = state->until_boot,
		.boot = { state->boot[0], state->boot[1] },
	};
	int64_t left = steer_now_until(now, &until);
	return left > 0 ? left : 0;
}

/*! Takes a state if there is one of the check's creation that has not ended. */
static bool decides(steer_effective_health_t *effective, steer_state_by_t by, uint32_t created,
                    const steer_health_state_t *state, const steer_now_t *now)
{
	uint64_t left = state != NULL && state->created == created
	                ? steer_health_state_left(state, now) : 0;
	if (left == 0) {
		return false;
	}
	*effective = (steer_effective_health_t) {
		.up = state->up, .by = by, .state = state, .left_ms = left,
	};
	return true;
}

/*! The state of a check that is probed; it is decided again when steerd becomes silent. */
static void decide_probed(steer_effective_health_t *effective, uint32_t created,
                          const steer_health_known_t *known, const steer_now_t *now)
{
	if (!decides(effective, STEER_BY_PROBE, created, known->probed, now)) {
		effective->by = STEER_BY_NOTHING;
	}
	if (known->silence->up && known->silence->left_ms < effective->left_ms) {
		effective->left_ms = known->silence->left_ms;
	}
}

steer_effective_health_t steer_health_decide(uint8_t type, uint8_t flags, uint32_t created,
                                             const steer_health_known_t *known,
                                             const steer_now_t *now)
{
	steer_effective_health_t effective = {
		.up = true, .by = STEER_BY_UNDEFINED, .left_ms = UINT64_MAX,
	};
	if (type == STEER_CHECK_NONE ||
	    decides(&effective, STEER_BY_FORCE, created, known->force, now)) {
		return effective;
	}
	if ((flags & STEER_CHECK_DISABLED) != 0) {
		effective.by = STEER_BY_DISABLED;
	} else if (type == STEER_CHECK_CALCULATED) {
		effective = (steer_effective_health_t) {
			.up = known->children->up >= known->children->threshold, .by = STEER_BY_CHILDREN,
			.left_ms = known->children->left_ms,
		};
	} else if (type == STEER_CHECK_MANUAL) {
		if (!decides(&effective, STEER_BY_REPORT, created, known->report, now)) {
			effective.by = STEER_BY_NOTHING;
		}
	} else if (known->silence->silent && known->silence->up) {
		effective.by = STEER_BY_STALE;
		effective.left_ms = known->silence->left_ms;
		return effective; // Whether inverted or not.
	} else {
		decide_probed(&effective, created, known, now);
	}
	effective.up ^= (flags & STEER_CHECK_INVERTED) != 0;
	return effective;
}
