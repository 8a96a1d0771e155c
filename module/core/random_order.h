/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Drawing candidates in the order that is pending.
 *
 * A draw among many takes any set of the range and tries again if that one is down or was drawn
 * before: so nothing is asked of the others. After a few tries all that are left are looked at, and
 * the draw is among them. Either way each candidate has its share of those left (rules W1, W4).
 *
 * Sources:  Fisher and Yates' shuffle in Durstenfeld's form.
 * Rules:    steer-policies(7), S6 to S8, W1 to W4.
 */
#pragma once

#include "core/candidates.h"

/*!
 * Draws the first candidates of the pending order and makes them the candidates: a list of
 * candidates that count, in their order.
 *
 * \param[in] want  Number of them, if there are so many; at least 1.
 */
void steer_candidates_draw(steer_candidates_t *candidates, unsigned want);
