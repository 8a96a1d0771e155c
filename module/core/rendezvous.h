/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Weighted rendezvous hashing: an order of the candidates that stays the same for a client.
 *
 * Each candidate has a number u between 0 and 1, a hash of the client and the set identifier, and
 * the cost -log2(u) / weight; the cheapest comes first. Costs are exponentially distributed with
 * the weight as their rate, so each candidate comes first with the probability of its share, and
 * its cost does not depend on the others: a candidate that is removed, added or reweighted moves
 * only its own clients. Candidates of weight 0 come after all others, ordered by u.
 *
 * Only integers are used, so that every machine finds the same order.
 *
 * Sources:  Thaler and Ravishankar, "A name-based mapping scheme for rendezvous", 1996;
 *           Schindelhauer and Schomaker, "Weighted distributed hash tables", 2005 (the
 *           logarithmic method).
 * Rules:    steer-policies(7), S7, C3.
 */
#pragma once

#include "core/candidates.h"

/*!
 * Lists the first candidates in the client's order.
 *
 * \return Number of them, at most want.
 */
unsigned steer_candidates_rank(steer_candidates_t *candidates, unsigned want);
