/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Weighted rendezvous hashing: the order of candidates that a client sticks to.
 *
 * Each candidate has a number u from 0 to 1 that the client and its identifier make, and the cost
 * -log2(u) / weight; the cheapest is first. Costs are exponentially distributed with the weight as
 * rate, so each candidate is the first with its share, and none depends on the others: one that
 * goes, comes or changes its weight moves its own clients alone. Weight 0 comes behind all others,
 * by u.
 *
 * All is done in integers, so that every machine finds the same order.
 *
 * Sources:  Thaler and Ravishankar, "A name-based mapping scheme for rendezvous", 1996;
 *           Schindelhauer and Schomaker, "Weighted distributed hash tables", 2005 (the
 *           logarithmic method).
 * Rules:    steer-policies(7), S7, C3.
 */
#pragma once

#include "core/candidates.h"

/*!
 * Lists the first candidates of the client's order.
 *
 * \return Number of them, at most want.
 */
unsigned steer_candidates_rank(steer_candidates_t *candidates, unsigned want);
