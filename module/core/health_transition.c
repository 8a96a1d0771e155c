/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/health_transition.h"

#include <string.h>

#include "core/node.h"

static bool is_kind(uint8_t kind)
{
	return kind == STEER_STATUS_FORCE || kind == STEER_STATUS_REPORT || kind == STEER_STATUS_STATE;
}

int steer_health_transition_open(steer_health_transition_t *transition, const void *value,
                                 size_t size)
{
	const uint8_t *at = value;
	steer_health_state_t state;
	if (size < STEER_TRANSITION_SIZE || get_transition_format(at) != STEER_TRANSITION_FORMAT ||
	    get_transition_sum(at) != steer_value_sum(at, size)) {
		return STEER_EDAMAGED;
	}
	size_t id_len = get_transition_id_len(at), before = STEER_TRANSITION_SIZE + id_len;
	if (!is_kind(get_transition_kind(at)) || get_transition_reserved(at) != 0 || id_len < 1 ||
	    id_len > STEER_CHECK_ID_MAX || before > size ||
	    steer_health_state_open(&state, at + before, size - before) != STEER_OK) {
		return STEER_EDAMAGED;
	}
	*transition = (steer_health_transition_t) {
		.kind = get_transition_kind(at), .id_len = id_len,
		.id = (const char *)at + STEER_TRANSITION_SIZE, .state = state,
	};
	return STEER_OK;
}

size_t steer_health_transition_write(uint8_t *buf, uint8_t kind, const void *id, uint8_t id_len,
                                     const void *state, size_t state_len)
{
	size_t before = STEER_TRANSITION_SIZE + id_len, size = before + state_len;
	put_transition_format(buf, STEER_TRANSITION_FORMAT);
	put_transition_kind(buf, kind);
	put_transition_id_len(buf, id_len);
	put_transition_reserved(buf, 0);
	memcpy(buf + STEER_TRANSITION_SIZE, id, id_len);
	memcpy(buf + before, state, state_len);
	put_transition_sum(buf, steer_value_sum(buf, size));
	return size;
}
