/* SPDX-License-Identifier: GPL-3.0-or-later */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/sticky.h"

/*! Bits of a logarithm behind the point: with the 64 that is the largest one it fits 64 bits. */
#define DIGITS 57

/*! Candidate with what it costs. */
typedef struct {
	uint64_t cost; /*!< -log2(u) with DIGITS bits behind the point; weight 0: the hash. */
	uint32_t weight;
	uint16_t set;
} ranked_t;

/*!
 * -log2((hash | 1) / 2^64), never too small, and too large by less than 2^-56.
 *
 * Squaring a number from 1 to 2 gives one digit of its logarithm after the other. Cutting off the
 * i-th square behind its 63rd bit takes less than 2^(-62 - i) from the logarithm, and what is
 * behind the last digit is less than 2^-57.
 */
static uint64_t minus_log2(uint64_t hash)
{
	unsigned zeros = __builtin_clzll(hash | 1);
	uint64_t number = (hash | 1) << zeros, digits = 0; // With 63 bits behind the point.
	for (unsigned i = 0; i < DIGITS; i++) {
		unsigned __int128 square = (unsigned __int128)number * number;
		unsigned is_two = square >> 127;
		digits = digits << 1 | is_two;
		number = square >> (63 + is_two);
	}
	return ((uint64_t)(zeros + 1) << DIGITS) - digits;
}

/*! Whether a comes before b; equal ones stay as they stand. */
static inline bool is_before(const ranked_t *a, const ranked_t *b)
{
	if (a->weight == 0 || b->weight == 0) {
		return a->weight == b->weight ? a->cost < b->cost : a->weight != 0;
	}
	return (unsigned __int128)a->cost * b->weight < (unsigned __int128)b->cost * a->weight;
}

static uint64_t hash_of(const steer_view_t *view, unsigned set)
{
	const uint8_t *at = view->sets + set * STEER_SET_SIZE;
	return XXH3_64bits_withSeed(view->policy->group->node + get_set_id(at), get_set_id_len(at),
	                            view->hash);
}

static void insert(ranked_t *best, unsigned count, const ranked_t *ranked)
{
	for (; count > 0 && is_before(ranked, &best[count - 1]); count--) {
		best[count] = best[count - 1];
	}
	best[count] = *ranked;
}

/*! Puts a candidate among the best, unless it does not count or there are so many better ones. */
static unsigned consider(steer_view_t *view, unsigned set, ranked_t *best, unsigned count,
                         unsigned want)
{
	uint64_t hash = hash_of(view, set);
	// A logarithm takes its time, and -log2(u) is never less than 1 - u, which says it of most.
	ranked_t ranked = { ~hash >> (64 - DIGITS), steer_view_weight(view, set), set };
	if (ranked.weight == 0) {
		ranked.cost = hash;
	}
	if ((count == want && !is_before(&ranked, &best[count - 1])) ||
	    !steer_view_counts(view, set)) {
		return count;
	}
	if (ranked.weight > 0) {
		ranked.cost = minus_log2(hash);
	}
	if (count < want) {
		insert(best, count, &ranked);
		return count + 1;
	}
	if (is_before(&ranked, &best[count - 1])) {
		insert(best, count - 1, &ranked);
	}
	return count;
}

unsigned steer_view_rank(steer_view_t *view, unsigned want)
{
	ranked_t best[STEER_SETS_MAX];
	unsigned count = 0;
	for (unsigned i = view->begin; i < view->end; i++) {
		count = consider(view, steer_view_at(view, i), best, count, want);
	}
	for (unsigned i = 0; i < count; i++) {
		view->list[i] = best[i].set;
		if (steer_view_is_traced(view)) {
			const steer_verdict_t verdict = {
				.set = best[i].set, .kept = true, .why = STEER_WHY_DRAWN,
				.weight = best[i].weight,
			};
			steer_view_tell(view, &verdict);
		}
	}
	return count;
}
