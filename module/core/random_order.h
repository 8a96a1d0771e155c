/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Drawing candidates in the order that is pending.
 *
 * A draw from a large range takes any set and tries again if that one is down or was drawn before,
 * so the health of the others need not be looked up. After a few tries, all remaining sets are
 * looked at and the draw is made among them. Either way each candidate has its share among those
 * left (rules W1, W4).
 *
 * Sources:  Fisher and Yates' shuffle in Durstenfeld's form.
 * Rules:    steer-policies(7), S6 to S8, W1 to W4.
 */
#pragma once

#include "core/candidates.h"

#define STEER_TRIES_MAX 8

/*! Number of tries for a draw from a range, at least 1. \param[in] size  Of the range. */
static inline unsigned steer_draw_tries(unsigned size)
{
	unsigned tries = 1 + size / STEER_TRIES_MAX;
	return tries < STEER_TRIES_MAX ? tries : STEER_TRIES_MAX;
}

/*!
 * Draws the first candidates of the pending order. They become the candidates: a list, in their
 * order.
 *
 * \param[in] want  Number of them, at least 1; if there are fewer, all.
 */
void steer_candidates_draw(steer_candidates_t *candidates, unsigned want);
