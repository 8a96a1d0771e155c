/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/child_states.h"

#include <stdlib.h>
#include <string.h>

#include "core/node.h"

#define ROOM_MIN 64

static uint32_t hash_of(const char *id, size_t len)
{
	uint64_t hash = steer_name_hash((const uint8_t *)id, len);
	return hash ^ hash >> 32;
}

/*! An id that is looked for. */
typedef struct {
	const steer_child_states_t *states;
	const char *id;
	size_t len;
} wanted_t;

static bool equal(const void *ctx, uint32_t number)
{
	const wanted_t *wanted = ctx;
	const steer_child_state_t *state = &wanted->states->states[number - 1];
	return state->id_len == wanted->len && memcmp(state->id, wanted->id, wanted->len) == 0;
}

static steer_hash_slot_t *find_slot(const steer_child_states_t *states, uint32_t hash,
                                    const char *id, size_t len)
{
	const wanted_t wanted = { states, id, len };
	return steer_hash_find(states->slots, states->slots_room, hash, equal, &wanted);
}

/*! Makes room for twice as many states, and for twice as many slots as those. */
static int grow(steer_child_states_t *states)
{
	uint32_t room = states->room > 0 ? 2 * states->room : ROOM_MIN;
	steer_child_state_t *grown = realloc(states->states, room * sizeof(*grown));
	if (grown == NULL) {
		return STEER_ENOMEM;
	}
	states->states = grown;
	steer_hash_slot_t *slots = calloc(2 * (size_t)room, sizeof(*slots));
	if (slots == NULL) {
		return STEER_ENOMEM;
	}
	steer_hash_move(slots, 2 * (size_t)room, states->slots, states->slots_room);
	free(states->slots);
	states->slots = slots;
	states->slots_room = 2 * (size_t)room;
	states->room = room;
	return STEER_OK;
}

int steer_child_states_add(steer_child_states_t *states, const char *id, size_t len,
                           const steer_effective_health_t *effective)
{
	if (states->count == states->room && grow(states) != STEER_OK) {
		return STEER_ENOMEM;
	}
	uint32_t hash = hash_of(id, len);
	states->states[states->count++] = (steer_child_state_t) {
		.id = id, .left_ms = effective->left_ms, .id_len = len, .up = effective->up,
	};
	*find_slot(states, hash, id, len) = (steer_hash_slot_t) { hash, states->count };
	return STEER_OK;
}

static steer_child_state_t *find(const steer_child_states_t *states, const char *id, size_t len)
{
	if (states->count == 0) {
		return NULL;
	}
	const steer_hash_slot_t *slot = find_slot(states, hash_of(id, len), id, len);
	return slot->number > 0 ? &states->states[slot->number - 1] : NULL;
}

void steer_child_states_count(const steer_child_states_t *states,
                              const steer_health_check_t *check,
                              steer_health_children_t *children)
{
	const char *id;
	size_t at = 0, len;
	*children = (steer_health_children_t) {
		.threshold = steer_health_check_number(check, "threshold"), .left_ms = UINT64_MAX,
	};
	while (steer_health_check_next_child(check, &at, &id, &len)) {
		const steer_child_state_t *child = find(states, id, len);
		steer_health_children_add(children, child == NULL || child->up,
		                          child != NULL ? child->left_ms : UINT64_MAX);
	}
}

static int add_parent(steer_child_states_t *states, steer_child_state_t *child, const char *id,
                      size_t len)
{
	if (states->parents_count == states->parents_room) {
		uint32_t room = states->parents_room > 0 ? 2 * states->parents_room : ROOM_MIN;
		steer_child_parent_t *grown = realloc(states->parents, room * sizeof(*grown));
		if (grown == NULL) {
			return STEER_ENOMEM;
		}
		states->parents = grown;
		states->parents_room = room;
	}
	states->parents[states->parents_count++] = (steer_child_parent_t) {
		.id = id, .id_len = len, .next = child->parents,
	};
	child->parents = states->parents_count;
	return STEER_OK;
}

int steer_child_states_adopt(steer_child_states_t *states, const char *id, size_t len,
                             const steer_health_check_t *check)
{
	const char *child_id;
	size_t at = 0, child_len;
	int ret = STEER_OK;
	while (ret == STEER_OK && steer_health_check_next_child(check, &at, &child_id, &child_len)) {
		steer_child_state_t *child = find(states, child_id, child_len);
		ret = child != NULL ? add_parent(states, child, id, len) : STEER_OK;
	}
	return ret;
}

const steer_child_parent_t *steer_child_states_set(steer_child_states_t *states, const char *id,
                                                   size_t len,
                                                   const steer_effective_health_t *effective)
{
	steer_child_state_t *child = find(states, id, len);
	if (child == NULL) {
		return NULL; // It is calculated itself, or no check is.
	}
	child->up = effective->up;
	child->left_ms = effective->left_ms;
	return child->parents > 0 ? &states->parents[child->parents - 1] : NULL;
}

void steer_child_states_free(steer_child_states_t *states)
{
	free(states->parents);
	free(states->states);
	free(states->slots);
	*states = (steer_child_states_t) { 0 };
}
