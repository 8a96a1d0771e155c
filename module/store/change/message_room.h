/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief How many bytes of RRs an answer can have at most, and how many a group may give it.
 *
 * Threads:  pure functions; any thread.
 * Rules:    steer-policies(7), G12.
 */
#pragma once

#include "core/node.h"

/*! Bytes of RRs that fit in an answer to a question for a name of so many bytes. */
static inline size_t steer_message_room(size_t name_len)
{
	enum { MESSAGE = 65535, HEADER = 12, TYPE_AND_CLASS = 4, OPT = 11 };
	return MESSAGE - HEADER - (name_len + TYPE_AND_CLASS) - OPT;
}
/*! The same for the name of a valid key. */
size_t steer_message_room_of_key(const uint8_t *key, size_t len);
/*! The same for the longest name: what fits here fits in any answer. */
#define STEER_MESSAGE_ROOM_LEAST (65535 - 12 - (STEER_NAME_MAX + 4) - 11)

/*! Bytes that records take in a message at least: in some types, names can be compressed. */
size_t steer_message_bytes(uint16_t type, size_t bytes, unsigned count);
/*! The same for each record set of a group; 0 for an alias. */
void steer_message_set_bytes(const steer_group_t *group, uint32_t *bytes);

/*! Bytes of the record sets of a group that are chosen together. */
typedef struct {
	uint64_t least; /*!< In every answer; 0: unknown. */
	uint64_t most;  /*!< In any answer, unless two of the sets have a record in common. */
} steer_message_sums_t;

/*! Adds up the bytes of a group's record sets. \param[in] bytes  Of each. */
steer_message_sums_t steer_message_sum(const steer_group_t *group, const uint32_t *bytes);
