/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a policy chose for a client, to be remembered by who runs it.
 *
 * A choice is that of a policy which draws no random number and whose sets have values: it follows
 * from the group, the states of health checks, the maps and the client, and holds until one of
 * these changes.
 *
 * Threads:  plain data.
 * Rules:    steer-policies(7), C2, C3, C5, A8.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/node.h"
#include "core/program.h"

/*! Most sets of a choice that is remembered. */
#define STEER_CHOICE_SETS 8

/*! Whether it pays to remember the choices of a group, if that is known. */
typedef enum {
	STEER_MEMORABLE_UNKNOWN,
	STEER_MEMORABLE_NO,
	STEER_MEMORABLE_YES,
} steer_memorable_t;

/*! Finds it out, which takes as long as the program. */
static inline steer_memorable_t steer_choice_memorable(const steer_group_t *group)
{
	return (steer_group_flags(group) & STEER_POLICY_ALIASES) == 0 &&
	       steer_program_is_memorable(group->program, group->program_len)
	       ? STEER_MEMORABLE_YES : STEER_MEMORABLE_NO;
}

/*! Whose choice it is. */
typedef struct {
	const uint8_t *group; /*!< Entry of the group in the store. */
	uint64_t client;      /*!< steer_client_number(). */
	bool strict;          /*!< As in steer_policy_run(). */
} steer_choice_key_t;

/*! The choice. */
typedef struct {
	uint32_t work;                      /*!< Of its run: STEER_COST_*. */
	uint16_t most;                      /*!< Candidates that were wanted. */
	uint8_t bits;                       /*!< Of the client that it depends on. */
	uint8_t count;                      /*!< Of the sets that answer. */
	uint16_t chosen[STEER_CHOICE_SETS]; /*!< Their positions, in order. */
} steer_choice_t;

/*! Whether a run that wants this many candidates would make the same choice. */
static inline bool steer_choice_serves(const steer_choice_t *choice, unsigned most)
{
	return most == choice->most || (choice->count < choice->most && choice->count <= most);
}
