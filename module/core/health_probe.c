/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/health_probe.h"

#include <string.h>

#include "core/node.h"

/*! Whether results that were good in a row bring a check up. */
static bool rises(const steer_probe_state_t *state, const steer_probe_rule_t *rule, uint64_t now)
{
	bool waited = state->probed != STEER_PROBED_DOWN || now - state->since >= rule->up_delay;
	return state->in_a_row >= rule->rise && waited;
}

bool steer_probe_result(steer_probe_state_t *state, const steer_probe_rule_t *rule, bool ok,
                        uint64_t now)
{
	if (state->in_a_row == 0 || state->ok != ok) {
		state->ok = ok;
		state->in_a_row = 0;
		state->since = now;
	}
	state->in_a_row += state->in_a_row < UINT32_MAX;
	steer_probed_t next = ok ? STEER_PROBED_UP : STEER_PROBED_DOWN;
	if (state->probed == next ||
	    !(ok ? rises(state, rule, now) : state->in_a_row >= rule->fall)) {
		return false;
	}
	state->probed = next;
	return true;
}

uint64_t steer_probe_wait(const char *id, uint64_t interval, uint64_t now)
{
	uint64_t place = steer_name_hash((const uint8_t *)id, strlen(id)) % interval;
	return interval - (now % interval + interval - place) % interval;
}
