/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/shares.h"

#include <math.h>

#include "unit/test.h"

/*! Largest chi-square that comes once in a million (Wilson and Hilferty). */
static double chi_square_max(double degrees)
{
	double part = 2 / (9 * degrees);
	return degrees * pow(1 - part + 4.753 * sqrt(part), 3);
}

void check_shares(const sets_t *sets, const unsigned *hits, bool weighted)
{
	double sum = 0, chi = 0, degrees = -1;
	for (unsigned i = 0; i < sets->count; i++) {
		sum += sets->down[i] ? 0 : weighted ? sets->sets[i].weight : 1;
	}
	for (unsigned i = 0; i < sets->count; i++) {
		double want = sets->down[i] ? 0 : (weighted ? sets->sets[i].weight : 1) / sum * SAMPLES;
		if (want > 0) {
			chi += (hits[i] - want) * (hits[i] - want) / want;
			degrees++;
		} else {
			assert_int_equal(hits[i], 0);
		}
	}
	print_message("  %u sets: chi-square %.1f, at most %.1f\n", sets->count, chi,
	              chi_square_max(degrees));
	assert_true(chi < chi_square_max(degrees));
}
