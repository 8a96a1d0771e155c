/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The attributes of record sets that steps of a policy read.
 *
 * Several of them are the sum of their STEER_KEEP_*, as those that steer_program_reads().
 *
 * Rules:    steer-policies(7), G4.
 */
#pragma once

#include "store/change/groups.h"

#define STEER_SET_ATTRIBUTES 8

/*! One of them, in messages. */
typedef struct {
	uint16_t bit;        /*!< STEER_KEEP_*. */
	const char *one;     /*!< "a weight". */
	const char *several; /*!< "weights". */
	const char *steps;   /*!< Those that read it. */
} steer_set_attribute_t;

extern const steer_set_attribute_t steer_set_attributes[STEER_SET_ATTRIBUTES];

/*! Which of them a set of a group that reads all has, other than by default. */
uint16_t steer_set_attributes_of(const steer_set_t *set);
/*! Gives a set some of another one's, except what is in its list of attributes. */
void steer_set_attributes_copy(const steer_set_t *from, uint16_t which, steer_set_t *set);
/*!
 * Gives a set the list of attributes that consists of those of others.
 *
 * \param[in,out] groups  Has room.
 * \param[in]     health  The set whose health check it has.
 * \param[in]     asns    The set whose autonomous systems it has; NULL: it has none.
 */
void steer_set_attributes_join(steer_groups_t *groups, const steer_set_t *health,
                               const steer_set_t *asns, steer_set_t *set);
