/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief All numbers that a run may draw, one run after the other.
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

/*! Begins with the first run. */
void draws_begin(draws_t *draws);
/*! Goes on to the next run; false: all have been. */
bool draws_next(draws_t *draws);

/*! Of how many runs that are as likely this is one; 0: of more than can be counted. */
uint64_t draws_runs(const draws_t *draws);
