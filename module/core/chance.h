/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Random numbers, determined by the outermost caller's seed.
 *
 * Threads:  a generator belongs to one thread.
 * Memory:   the caller's.
 * Sources:  xoshiro256++ and its seeding by SplitMix64 (Blackman and Vigna, "Scrambled linear
 *           pseudorandom number generators", 2021); unbiased numbers below a bound (Lemire, "Fast
 *           random integer generation in an interval", 2019).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/mix.h"

/*! A generator. */
typedef struct steer_chance {
	uint64_t state[4];
	/*! Replaces the generator, for tests that choose or list all draws; NULL otherwise. */
	uint64_t (*below)(struct steer_chance *chance, uint64_t bound);
} steer_chance_t;

/*! Seeds a generator; equal seeds give equal numbers. */
static inline void steer_chance_seed(steer_chance_t *chance, uint64_t seed)
{
	for (size_t i = 0; i < 4; i++) {
		chance->state[i] = steer_mix(seed += UINT64_C(0x9e3779b97f4a7c15));
	}
	chance->below = NULL;
}

/*! 64 uniformly distributed bits. */
static inline uint64_t steer_chance_bits(steer_chance_t *chance)
{
	uint64_t *s = chance->state;
	uint64_t sum = s[0] + s[3], result = (sum << 23 | sum >> 41) + s[0], t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = s[3] << 45 | s[3] >> 19;
	return result;
}

/*! A uniformly distributed number from 0 to bound - 1; bound is at least 1. */
static inline uint64_t steer_chance_below(steer_chance_t *chance, uint64_t bound)
{
	if (chance->below != NULL) {
		return chance->below(chance, bound);
	}
	unsigned __int128 product = (unsigned __int128)steer_chance_bits(chance) * bound;
	if ((uint64_t)product < bound) {
		uint64_t unfair = -bound % bound; // This many low halves would occur once too often.
		while ((uint64_t)product < unfair) {
			product = (unsigned __int128)steer_chance_bits(chance) * bound;
		}
	}
	return product >> 64;
}
