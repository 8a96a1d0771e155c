/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/health_table_build.h"

#include <stdlib.h>
#include <string.h>

/*! Slots that the first growth makes room for, at least. */
#define ROOM_MIN 64

/*! Makes room for so many slots. */
static int reserve(steer_health_table_build_t *build, uint32_t count)
{
	if (count <= build->room) {
		return STEER_OK;
	}
	size_t room = count < ROOM_MIN / 2 ? ROOM_MIN : 2 * (size_t)count;
	steer_health_slot_t *slots = realloc(build->slots, room * sizeof(*slots));
	if (slots == NULL) {
		return STEER_ENOMEM;
	}
	build->slots = slots;
	build->table.slots = slots;
	build->room = room;
	return STEER_OK;
}

int steer_health_table_put(steer_health_table_build_t *build, const steer_health_status_t *checked)
{
	uint32_t slot = checked->check.slot, count = build->table.count;
	if (reserve(build, slot + 1) != STEER_OK) {
		return STEER_ENOMEM;
	}
	if (count <= slot) { // Those before it are of no check so far.
		memset(build->slots + count, 0, (slot + 1 - count) * sizeof(*build->slots));
		build->table.count = slot + 1;
	}
	build->slots[slot] = (steer_health_slot_t) {
		.generation = checked->check.generation, .down = !checked->effective.up,
	};
	return STEER_OK;
}

int steer_health_table_copy(steer_health_table_build_t *build, const steer_health_table_t *from)
{
	if (reserve(build, from->count) != STEER_OK) {
		return STEER_ENOMEM;
	}
	if (from->count > 0) {
		memcpy(build->slots, from->slots, from->count * sizeof(*build->slots));
	}
	build->table.count = from->count;
	return STEER_OK;
}

void steer_health_table_free(steer_health_table_build_t *build)
{
	free(build->slots);
	*build = (steer_health_table_build_t) { .room = 0 };
}
