/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/draws.h"

#include <stdio.h>
#include <stdlib.h>

static void fail(const char *what)
{
	fprintf(stderr, "draws: %s\n", what);
	abort();
}

static uint64_t below(steer_chance_t *chance, uint64_t bound)
{
	draws_t *draws = (draws_t *)chance;
	if (bound <= 1) {
		fail("there is nothing to draw");
	}
	if (draws->at == draws->count) {
		if (draws->count == DRAWS_MAX) {
			fail("a run draws too many numbers");
		}
		draws->drawn[draws->count].number = 0;
		draws->drawn[draws->count++].bound = bound;
	}
	if (draws->drawn[draws->at].bound != bound) {
		fail("the same numbers led to another draw");
	}
	return draws->drawn[draws->at++].number;
}

void draws_begin(draws_t *draws)
{
	draws->chance.below = below;
	draws->at = draws->count = 0;
}

bool draws_next(draws_t *draws)
{
	if (draws->at != draws->count) {
		fail("the same numbers led to fewer draws");
	}
	draws->at = 0;
	while (draws->count > 0) {
		if (++draws->drawn[draws->count - 1].number < draws->drawn[draws->count - 1].bound) {
			return true;
		}
		draws->count--;
	}
	return false;
}

uint64_t draws_runs(const draws_t *draws)
{
	uint64_t product = 1;
	for (unsigned i = 0; i < draws->at; i++) {
		if (__builtin_mul_overflow(product, draws->drawn[i].bound, &product)) {
			return 0;
		}
	}
	return product;
}
