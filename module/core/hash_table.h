/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Hash tables with open addressing and linear probing, over slots that the user allocates.
 *
 * A slot has the hash, so a table grows without a look at what it refers to.
 *
 * Threads:  a table belongs to its user.
 * Memory:   the user's; slots of zero bytes are an empty table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
	uint32_t hash;
	uint32_t number; /*!< Of the entry, from 1; 0: the slot is free. */
} steer_hash_slot_t;

/*! Whether an entry is the one looked for; only entries with its hash are compared. */
typedef bool (*steer_hash_equal_f)(const void *ctx, uint32_t number);

/*!
 * Finds the slot of an entry, or the free one where it belongs.
 *
 * \param[in] room  Number of slots: a power of two; one of them at least is free.
 */
static inline steer_hash_slot_t *steer_hash_find(steer_hash_slot_t *slots, size_t room,
                                                 uint32_t hash, steer_hash_equal_f equal,
                                                 const void *ctx)
{
	size_t at = hash & (room - 1);
	while (slots[at].number != 0 && (slots[at].hash != hash || !equal(ctx, slots[at].number))) {
		at = (at + 1) & (room - 1);
	}
	return &slots[at];
}

/*! Moves all entries to a larger table, which is empty. */
static inline void steer_hash_move(steer_hash_slot_t *slots, size_t room,
                                   const steer_hash_slot_t *old, size_t old_room)
{
	for (size_t i = 0; i < old_room; i++) {
		size_t at = old[i].hash & (room - 1);
		while (old[i].number != 0 && slots[at].number != 0) {
			at = (at + 1) & (room - 1);
		}
		if (old[i].number != 0) {
			slots[at] = old[i];
		}
	}
}
