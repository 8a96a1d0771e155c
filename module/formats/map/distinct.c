/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/distinct.h"

#include <stdlib.h>
#include <string.h>

#include "steer/error.h"

#define SLOTS_MIN 64
#define UNITS_MIN 64

/*! An item that is looked for. */
typedef struct {
	const steer_distinct_t *distinct;
	const void *item;
	uint32_t units;
} wanted_t;

static bool equal(const void *ctx, uint32_t number)
{
	const wanted_t *wanted = ctx;
	const steer_distinct_t *distinct = wanted->distinct;
	return wanted->units <= distinct->units - (number - 1) &&
	       memcmp(steer_distinct_at(distinct, number), wanted->item,
	              wanted->units * distinct->unit) == 0;
}

static uint32_t hash_of(const uint8_t *at, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325; // FNV-1a.
	for (size_t i = 0; i < len; i++) {
		hash = (hash ^ at[i]) * 0x100000001b3;
	}
	return hash ^ hash >> 32;
}

static bool grow_slots(steer_distinct_t *distinct)
{
	const size_t room = distinct->slots_room > 0 ? 2 * distinct->slots_room : SLOTS_MIN;
	steer_hash_slot_t *slots = calloc(room, sizeof(*slots));
	if (slots == NULL) {
		return false;
	}
	steer_hash_move(slots, room, distinct->slots, distinct->slots_room);
	free(distinct->slots);
	distinct->slots = slots;
	distinct->slots_room = room;
	return true;
}

/*! Makes room for another item. \return false: out of memory */
static bool reserve(steer_distinct_t *distinct, uint32_t units)
{
	if ((distinct->items + (size_t)1) * 4 > distinct->slots_room * 3 && !grow_slots(distinct)) {
		return false;
	}
	if (distinct->room - distinct->units >= units) {
		return true;
	}
	const uint64_t room = distinct->room + distinct->room / 2 + (uint64_t)units + UNITS_MIN;
	uint8_t *bytes = room <= UINT32_MAX ? realloc(distinct->bytes, room * distinct->unit) : NULL;
	if (bytes != NULL) {
		distinct->bytes = bytes;
		distinct->room = room;
	}
	return bytes != NULL;
}

int steer_distinct_add(steer_distinct_t *distinct, const void *item, uint32_t units,
                       uint32_t *number)
{
	const wanted_t wanted = { distinct, item, units };
	const uint32_t hash = hash_of(item, units * distinct->unit);
	if (!reserve(distinct, units)) {
		return STEER_ENOMEM;
	}
	steer_hash_slot_t *slot = steer_hash_find(distinct->slots, distinct->slots_room, hash, equal,
	                                          &wanted);
	if (slot->number == 0) {
		*slot = (steer_hash_slot_t) { hash, distinct->units + 1 };
		memcpy(distinct->bytes + distinct->units * distinct->unit, item, units * distinct->unit);
		distinct->units += units;
		distinct->items++;
	}
	*number = slot->number;
	return STEER_OK;
}

void steer_distinct_free(steer_distinct_t *distinct)
{
	free(distinct->slots);
	free(distinct->bytes);
	*distinct = (steer_distinct_t) { .unit = distinct->unit };
}
