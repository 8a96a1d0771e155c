/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names that a reader has met, each with its line.
 *
 * Memory:   for each name its bytes, up to 11 beside them, and about 16 of slots.
 * Threads:  belongs to one thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/hash_table.h"
#include "steer/error.h"

/*! Zeroed memory is an empty set. */
typedef struct {
	uint8_t *names;
	size_t len, room;  /*!< Bytes of names. */
	steer_hash_slot_t *slots;
	size_t count, slots_room; /*!< The room is a power of two. */
} steer_name_set_t;

/*!
 * Adds a name.
 *
 * \param[in]  name    Wire name, lower case.
 * \param[out] before  Line of the same name if it was added before; 0: it was not.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int steer_name_set_add(steer_name_set_t *set, const uint8_t *name, uint32_t line,
                       uint32_t *before);
/*! Longest text that can be added, in bytes. */
#define STEER_NAME_SET_TEXT 250
/*! Adds a text, cut into labels; different texts make different names. */
int steer_name_set_add_text(steer_name_set_t *set, const char *text, size_t len, uint32_t line,
                            uint32_t *before);
/*! Forgets all names. */
void steer_name_set_clear(steer_name_set_t *set);
void steer_name_set_free(steer_name_set_t *set);
