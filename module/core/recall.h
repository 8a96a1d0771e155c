/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Asking a memory of choices (core/choice.h) before a policy runs, and telling it after.
 *
 * Threads:  belongs to its run.
 * Rules:    steer-policies(7), C2, C3, C5.
 */
#pragma once

#include "core/find.h"
#include "core/locate.h"

typedef struct {
	steer_choice_key_t key;
	uint8_t bits; /*!< Of the client, on which the key depends. */
} steer_recall_t;

/*!
 * Begins a run, before it asks the locator anything.
 *
 * \param[in] group  The group's entry.
 *
 * \return false: there is nothing to remember the choice by, as the client is of no family.
 */
static inline bool steer_recall_begin(steer_recall_t *recall, steer_locator_t *locator,
                                      const uint8_t *group, bool strict)
{
	recall->key = (steer_choice_key_t) {
		group, steer_locator_client(locator, &recall->bits), strict,
	};
	(void)steer_locator_take_bits(locator);
	return recall->key.client != 0;
}

/*! Finds what the run would choose; NULL: that is not known. */
static inline const steer_choice_t *steer_recall_find(const steer_recall_t *recall,
                                                      const steer_lookup_t *lookup,
                                                      steer_locator_t *locator, unsigned most)
{
	const steer_choice_t *known = lookup->choice(lookup->ctx, &recall->key);
	if (known == NULL || !steer_choice_serves(known, most)) {
		return NULL;
	}
	steer_locator_add_bits(locator, known->bits);
	return known;
}

/*! Remembers what the run has chosen, if that depends on no more of the client than the key. */
static inline void steer_recall_keep(const steer_recall_t *recall, const steer_lookup_t *lookup,
                                     steer_locator_t *locator, unsigned most, unsigned work,
                                     const uint16_t *chosen, unsigned count)
{
	const int used = steer_locator_take_bits(locator);
	if (used > recall->bits || used == STEER_BITS_NONE || count > STEER_CHOICE_SETS) {
		return;
	}
	steer_choice_t choice = { .work = work, .most = most, .bits = used, .count = count };
	for (unsigned i = 0; i < count; i++) { // Usually one.
		choice.chosen[i] = chosen[i];
	}
	lookup->remember(lookup->ctx, &recall->key, &choice);
}
