/* SPDX-License-Identifier: GPL-3.0-or-later */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/rendezvous.h"

/*! Bits of a logarithm behind the point. The largest one is 64. */
#define DIGITS 48

/*! Candidate with what it costs. */
typedef struct {
	uint64_t cost; /*!< -log2(u) with DIGITS bits behind the point; weight 0: the hash. */
	uint32_t weight;
	uint16_t set;
} ranked_t;

/*!
 * -log2((hash | 1) / 2^64), never too small, and too large by less than 2^(1 - DIGITS).
 *
 * Squaring a number from 1 to 2 gives one digit of its logarithm after the other. Cutting off the
 * i-th square behind its 62nd bit takes less than 2^(-61 - i) from the logarithm, and what is
 * behind the last digit is less than 2^-DIGITS. A share is off by no more than that.
 */
static uint64_t minus_log2(uint64_t hash)
{
	unsigned zeros = __builtin_clzll(hash | 1);
	uint64_t number = (hash | 1) << zeros, digits = 0; // With 63 bits behind the point.
	for (unsigned i = 0; i < DIGITS; i++) {
		uint64_t square = (unsigned __int128)number * number >> 64; // With 62 of them.
		unsigned is_two = square >> 63;
		digits = digits << 1 | is_two;
		number = square << (1 - is_two);
	}
	return ((uint64_t)(zeros + 1) << DIGITS) - digits;
}

/*! Whether a comes before b. */
static inline bool is_before(const ranked_t *a, const ranked_t *b)
{
	if (a->weight == 0 || b->weight == 0) {
		return a->weight != b->weight ? a->weight != 0
		       : a->cost != b->cost   ? a->cost < b->cost : a->set < b->set;
	}
	unsigned __int128 x = (unsigned __int128)a->cost * b->weight;
	unsigned __int128 y = (unsigned __int128)b->cost * a->weight;
	return x != y ? x < y : a->set < b->set;
}

static uint64_t hash_of(const steer_candidates_t *candidates, unsigned set)
{
	const uint8_t *at = steer_candidates_entry(candidates, set);
	return XXH3_64bits_withSeed(candidates->policy->group->node + get_set_id(at),
	                            get_set_id_len(at), candidates->hash);
}

/* The best so far, once there are as many as wanted: a heap with the last of them in front. */

static void sift(ranked_t *heap, unsigned count, unsigned at)
{
	const ranked_t moved = heap[at];
	for (unsigned child; (child = 2 * at + 1) < count; at = child) {
		child += child + 1 < count && is_before(&heap[child], &heap[child + 1]);
		if (!is_before(&moved, &heap[child])) {
			break;
		}
		heap[at] = heap[child];
	}
	heap[at] = moved;
}

static void make_heap(ranked_t *heap, unsigned count)
{
	for (unsigned i = count / 2; i > 0; i--) {
		sift(heap, count, i - 1);
	}
}

/*! Turns a heap into a list, the first one in front. */
static void sort_heap(ranked_t *heap, unsigned count)
{
	for (unsigned end = count; end > 1; end--) {
		ranked_t last = heap[0];
		heap[0] = heap[end - 1];
		heap[end - 1] = last;
		sift(heap, end - 1, 0);
	}
}

/*! Puts a candidate among the best, unless it does not count or there are enough better ones. */
static unsigned consider(steer_candidates_t *candidates, unsigned set, ranked_t *best,
                         unsigned count, unsigned want)
{
	uint64_t hash = hash_of(candidates, set), rest = ~hash >> (64 - DIGITS); // rest: 1 - u.
	// A logarithm takes its time. -log2(u) is at least (1 - u) * log2(e), and 23/16 is less: for
	// most candidates that is too much already.
	ranked_t ranked = { rest * 23 / 16, steer_candidates_weight(candidates, set), set };
	if (ranked.weight == 0) {
		ranked.cost = hash;
	}
	if ((count == want && !is_before(&ranked, &best[0])) ||
	    !steer_candidates_counts(candidates, set)) {
		return count;
	}
	if (ranked.weight > 0) {
		ranked.cost = minus_log2(hash);
	}
	if (count < want) {
		best[count++] = ranked;
		if (count == want) {
			make_heap(best, count);
		}
	} else if (is_before(&ranked, &best[0])) {
		best[0] = ranked;
		sift(best, count, 0);
	}
	return count;
}

unsigned steer_candidates_rank(steer_candidates_t *candidates, unsigned want)
{
	ranked_t best[STEER_SETS_MAX];
	unsigned count = 0;
	candidates->work += (candidates->end - candidates->begin) * STEER_COST_RANKED;
	for (unsigned i = candidates->begin; i < candidates->end; i++) {
		count = consider(candidates, steer_candidates_at(candidates, i), best, count, want);
	}
	if (count < want) {
		make_heap(best, count);
	}
	sort_heap(best, count);
	candidates->work += 4 * count * STEER_COST_DRAWN; // A logarithm each, and the heap's way down.
	for (unsigned i = 0; i < count; i++) {
		candidates->list[i] = best[i].set;
		if (steer_candidates_is_traced(candidates)) {
			const steer_verdict_t verdict = {
				.set = best[i].set, .kept = true, .why = STEER_WHY_DRAWN,
				.weight = best[i].weight,
			};
			steer_candidates_tell(candidates, &verdict);
		}
	}
	return count;
}
