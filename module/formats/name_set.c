/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/name_set.h"

#include <stdlib.h>
#include <string.h>

#include "core/name.h"

#define UNIT       8 /*!< Entries begin at multiples of it, so that a slot can address 32 GiB. */
#define SLOTS_MIN  64
#define SLOTS_KEPT 1024
#define NAMES_MIN  4096
#define LABEL_MAX  63

static uint32_t hash_of(const uint8_t *name, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325; // FNV-1a.
	for (size_t i = 0; i < len; i++) {
		hash = (hash ^ name[i]) * 0x100000001b3;
	}
	return hash ^ hash >> 32;
}

/*! An entry is the line and the name. */
static const uint8_t *entry_of(const steer_name_set_t *set, uint32_t number)
{
	return set->names + (size_t)(number - 1) * UNIT;
}

/*! A name that is looked for. */
typedef struct {
	const steer_name_set_t *set;
	const uint8_t *name;
	size_t len;
} wanted_t;

static bool equal(const void *ctx, uint32_t number)
{
	const wanted_t *wanted = ctx;
	const uint8_t *other = entry_of(wanted->set, number) + sizeof(uint32_t);
	return steer_name_len(other) == wanted->len && memcmp(other, wanted->name, wanted->len) == 0;
}

static int grow_slots(steer_name_set_t *set)
{
	size_t room = set->slots_room > 0 ? 2 * set->slots_room : SLOTS_MIN;
	steer_hash_slot_t *slots = calloc(room, sizeof(*slots));
	if (slots == NULL) {
		return STEER_ENOMEM;
	}
	steer_hash_move(slots, room, set->slots, set->slots_room);
	free(set->slots);
	set->slots = slots;
	set->slots_room = room;
	return STEER_OK;
}

static int reserve(steer_name_set_t *set, size_t len)
{
	if ((set->count + 1) * 4 > set->slots_room * 3 && grow_slots(set) != STEER_OK) {
		return STEER_ENOMEM;
	}
	if (set->len + len > set->room) {
		size_t room = set->room > 0 ? 2 * set->room : NAMES_MIN;
		uint8_t *names = realloc(set->names, room);
		if (names == NULL || set->len / UNIT >= UINT32_MAX) {
			set->names = names != NULL ? names : set->names;
			return STEER_ENOMEM;
		}
		set->names = names;
		set->room = room;
	}
	return STEER_OK;
}

int steer_name_set_add(steer_name_set_t *set, const uint8_t *name, uint32_t line, uint32_t *before)
{
	size_t len = steer_name_len(name);
	size_t size = (sizeof(line) + len + UNIT - 1) / UNIT * UNIT;
	if (reserve(set, size) != STEER_OK) {
		return STEER_ENOMEM;
	}
	uint32_t hash = hash_of(name, len);
	const wanted_t wanted = { set, name, len };
	steer_hash_slot_t *slot = steer_hash_find(set->slots, set->slots_room, hash, equal, &wanted);
	if (slot->number != 0) {
		memcpy(before, entry_of(set, slot->number), sizeof(*before));
		return STEER_OK;
	}
	*slot = (steer_hash_slot_t) { hash, set->len / UNIT + 1 };
	memcpy(set->names + set->len, &line, sizeof(line));
	memcpy(set->names + set->len + sizeof(line), name, len);
	set->len += size;
	set->count++;
	*before = 0;
	return STEER_OK;
}

int steer_name_set_add_text(steer_name_set_t *set, const char *text, size_t len, uint32_t line,
                            uint32_t *before)
{
	uint8_t name[STEER_NAME_MAX], *at = name;
	while (len > 0) {
		size_t label = len < LABEL_MAX ? len : LABEL_MAX;
		*at++ = label;
		memcpy(at, text, label);
		at += label;
		text += label;
		len -= label;
	}
	*at = 0;
	return steer_name_set_add(set, name, line, before);
}

void steer_name_set_clear(steer_name_set_t *set)
{
	if (set->slots_room > SLOTS_KEPT) {
		steer_name_set_free(set); // Small zones after a large one need not pay for it.
	} else if (set->count > 0) {
		memset(set->slots, 0, set->slots_room * sizeof(*set->slots));
	}
	set->len = 0;
	set->count = 0;
}

void steer_name_set_free(steer_name_set_t *set)
{
	free(set->names);
	free(set->slots);
	*set = (steer_name_set_t) { 0 };
}
