/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief All sequences of numbers that a run may draw, one run after the other.
 *
 * The first run draws 0 each time; after it the numbers are counted up, the last one first.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/chance.h"

#define DRAWS_MAX 4096 /*!< Numbers drawn in one run. */

/*! Draws, each a number and the bound that it is drawn below. */
typedef struct {
	steer_chance_t chance; /*!< First: the hook is given this. */
	unsigned at, count;
	struct {
		uint64_t number, bound;
	} drawn[DRAWS_MAX];
} draws_t;

/*! Starts with the first run. */
void draws_begin(draws_t *draws);
/*! Moves on to the next run; false: there are no more. */
bool draws_next(draws_t *draws);

/*! Number of equally likely runs of which this is one; 0: more than can be counted. */
uint64_t draws_runs(const draws_t *draws);
