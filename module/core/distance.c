/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/distance.h"

#define DIGITS 30 /*!< Fractional bits. */
#define ONE    (INT64_C(1) << DIGITS)

#define EARTH_DIAMETER 12742018 /*!< Twice the mean radius, 6,371,008.8 m (IUGG). */
#define RIGHT_ANGLE    18000    /*!< In units of half a hundredth of a degree. */
#define HALF_PI        1686629713

/*! Coefficients of x, x^3, ...: polynomials through Chebyshev nodes, wrong by less than 2^-34. */
static const int64_t sine_terms[] = {
	1686629713, -693598666, 85569282, -5026892, 172072, -3685, /* sin(x * pi / 2), x to 1 */
};
static const int64_t arcsine_terms[] = {
	1073741824, 178956978, 80530013, 47954533, 32322321, 26468659, 7946779, 37310828, /* x to 1/2 */
};
#define COUNT(terms) (sizeof(terms) / sizeof(*(terms)))

static int64_t odd_polynomial(const int64_t *terms, unsigned count, int64_t x)
{
	const int64_t square = x * x >> DIGITS;
	int64_t sum = 0;
	while (count-- > 0) {
		sum = (sum * square >> DIGITS) + terms[count];
	}
	return x * sum >> DIGITS;
}

/*! Sine of an angle up to RIGHT_ANGLE. */
static int64_t sine(int32_t angle)
{
	return odd_polynomial(sine_terms, COUNT(sine_terms), angle * ONE / RIGHT_ANGLE);
}

/*! Square root, rounded down, of a number with twice the digits. */
static int64_t root_of(uint64_t number)
{
	if (number == 0) {
		return 0;
	}
	// Newton's method from above falls until it is there.
	uint64_t next = UINT64_C(1) << (65 - __builtin_clzll(number)) / 2, root;
	do {
		root = next;
		next = (root + number / root) / 2;
	} while (next < root);
	return root;
}

static int64_t arcsine(int64_t x)
{
	if (x <= ONE / 2) {
		return odd_polynomial(arcsine_terms, COUNT(arcsine_terms), x);
	}
	const int64_t half = root_of((uint64_t)(ONE - x) << (DIGITS - 1));
	return HALF_PI - 2 * odd_polynomial(arcsine_terms, COUNT(arcsine_terms), half);
}

static int32_t between(int32_t a, int32_t b)
{
	return a < b ? b - a : a - b;
}

static int64_t cosine_of_latitude(int16_t lat)
{
	return sine(RIGHT_ANGLE - 2 * between(lat, 0));
}

uint32_t steer_distance(steer_coordinates_t a, steer_coordinates_t b)
{
	// The haversine formula, which is exact for small distances as well.
	int32_t turn = between(a.lon, b.lon);
	turn = turn <= 18000 ? turn : 36000 - turn;
	const uint64_t north = sine(between(a.lat, b.lat)), east = sine(turn);
	const uint64_t shrunk = cosine_of_latitude(a.lat) * cosine_of_latitude(b.lat);
	const uint64_t sum =
		north * north + (uint64_t)((unsigned __int128)shrunk * (east * east) >> (2 * DIGITS));
	const int64_t root = root_of(sum);
	return (arcsine(root < ONE ? root : ONE) * EARTH_DIAMETER + ONE / 2) >> DIGITS;
}
