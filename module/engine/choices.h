/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A worker's memory of what policies chose lately: a client that comes back gets the same.
 *
 * A choice holds as long as the snapshot has the page of its group, and neither a health table nor
 * a set of maps was made since.
 *
 * Threads:  the memory belongs to one worker.
 * Memory:   a fixed number of choices; new ones take the places of others.
 */
#pragma once

#include "core/choice.h"
#include "engine/snapshot.h"

/*! Number of choices, in pairs. */
#define STEER_CHOICES 16384

/*! A choice that was made. */
typedef struct {
	steer_choice_key_t key; /*!< Its group is NULL: empty. */
	uint64_t serial;        /*!< Of the snapshot in which it was made. */
	uint64_t policy_serial; /*!< Likewise. */
	steer_choice_t choice;
} steer_made_choice_t;

typedef struct {
	steer_made_choice_t made[STEER_CHOICES];
} steer_choices_t;

/*! Finds a choice that still holds in a snapshot; NULL: there is none. */
const steer_choice_t *steer_choices_find(const steer_choices_t *choices,
                                         const steer_snapshot_t *snapshot,
                                         const steer_choice_key_t *key);

/*! Remembers a choice that was made in a snapshot. */
void steer_choices_remember(steer_choices_t *choices, const steer_snapshot_t *snapshot,
                            const steer_choice_key_t *key, const steer_choice_t *choice);
