/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names that a reading has met, and in which line.
 *
 * Memory:   for each name its bytes, up to 11 more, and about 16.
 * Threads:  belongs to one thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "steer/error.h"

/*! Zeroed memory is an empty set. */
typedef struct {
	uint8_t *names;
	size_t len, room;  /*!< Bytes of names. */
	struct steer_name_set_slot *slots;
	size_t count, slots_room; /*!< The room is a power of two. */
} steer_name_set_t;

/*!
 * Adds a name.
 *
 * \param[in]  name    Wire name, lower case.
 * \param[out] before  Line in which it was met before; 0: it was not.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int steer_name_set_add(steer_name_set_t *seen, const uint8_t *name, uint32_t line,
                       uint32_t *before);
/*! Bytes of a text that can be added, at most. */
#define STEER_SEEN_TEXT 250
/*! Adds a text as the name that it would be; it stands for no other name. */
int steer_name_set_add_text(steer_name_set_t *seen, const char *text, size_t len, uint32_t line,
                            uint32_t *before);
/*! Forgets all names. */
void steer_name_set_clear(steer_name_set_t *seen);
void steer_name_set_free(steer_name_set_t *seen);
