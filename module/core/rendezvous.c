/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/heap.h"
#include "core/mix.h"
#include "core/rendezvous.h"

/*! Fractional bits of a logarithm. The largest logarithm is 64. */
#define DIGITS 48

/*! Candidate with its rank: the lower rank comes first, and of equal ones the earlier set. */
typedef struct {
	uint64_t rank;
	uint16_t set;
} ranked_t;

/* Logarithms. */

#define ONE   (UINT64_C(1) << 63) /* With 63 fractional bits. */
#define SQRT2 UINT64_C(0xb504f333f9de6484)

/*! 2 / ((2k + 1) * ln(2)) for k from 9 down to 0, with 62 fractional bits. */
static const uint64_t series[] = {
	0x09b81e0fa687ff32, 0x0adcd64dba1f86a1, 0x0c4f9d8b4a67fefb, 0x0e347ab4698bb00e,
	0x10c9a84994022d28, 0x1484b13d7c02a8f8, 0x1a61762a7aded93f, 0x24eed8a1df37fcf2,
	0x3d8e13b87407fae9, 0xb8aa3b295c17f0bb,
};

static inline uint64_t high_half(uint64_t a, uint64_t b)
{
	return (unsigned __int128)a * b >> 64;
}

/*!
 * -log2((hash | 1) / 2^64), never too small, and too large by less than 2^(1 - DIGITS).
 *
 * For a number y from 1 to 2, log2(y) = 2 / ln(2) * atanh(z) with z = (y - 1) / (y + 1); above the
 * square root of 2, 1 - log2(2 / y). So z is below 0.172, the terms of its series after the tenth
 * are below 2^-55 in sum, and so is the loss by truncation: both make the result smaller.
 */
static uint64_t minus_log2(uint64_t hash)
{
	unsigned zeros = __builtin_clzll(hash | 1);
	uint64_t number = (hash | 1) << zeros;
	bool high = number > SQRT2;
	uint64_t over = high ? -number : number - ONE;               // 2 - y, or y - 1.
	uint64_t half = (high ? ONE : ONE / 2) + number / 2;         // Half of 2 + y, or of y + 1.
	uint64_t z = ((unsigned __int128)over << 63) / half, square = high_half(z, z), sum = 0;
	for (unsigned i = 0; i < sizeof(series) / sizeof(*series); i++) {
		sum = high_half(sum, square) + series[i];
	}
	uint64_t log2 = high_half(z, sum) >> (62 - DIGITS);
	return high ? ((uint64_t)zeros << DIGITS) + log2 + 1 : ((uint64_t)(zeros + 1) << DIGITS) - log2;
}

/* Ranks. */

/*! Bits of a rank that hold the mantissa of a number; the bits above them hold its exponent. */
#define MANTISSA 57
#define SIZE_ZERO 64 /* The size of a number from 2^31 to 2^32. */
#define SIZE_LAST 127 /* Candidates without weight. */

/*! Rank of a candidate: its cost divided by its weight, as a floating-point number. */
static uint64_t rank_of(uint64_t hash, uint32_t weight)
{
	if (weight == 0) {
		return (uint64_t)SIZE_LAST << MANTISSA | hash >> (64 - MANTISSA);
	}
	uint64_t cost = minus_log2(hash);
	unsigned up = __builtin_clzll(cost), weight_up = __builtin_clz(weight);
	uint64_t dividend = cost << up >> 1, divisor = (uint64_t)weight << weight_up;
	uint64_t quotient = dividend / divisor << 32 | (dividend % divisor << 32) / divisor;
	unsigned short_by = quotient < ONE;
	unsigned size = SIZE_ZERO + weight_up - up - short_by;
	return (uint64_t)size << MANTISSA | (quotient << short_by << 1) >> (64 - MANTISSA);
}

/*! Upper bound for the cost of a candidate of weight 1 that has this rank. */
static uint64_t cost_at(uint64_t rank)
{
	unsigned size = rank >> MANTISSA, down = SIZE_ZERO + 31 - size;
	if (size == SIZE_LAST) {
		return UINT64_MAX;
	}
	return (down < 64 ? (ONE | rank << (64 - MANTISSA) >> 1) >> down : 0) + 1;
}

/*! Whether a comes before b. */
static inline bool is_before(const ranked_t *a, const ranked_t *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a->set < b->set;
}

/*! The number that a candidate has for a client, in place of a random one. */
static inline uint64_t hash_of(const uint8_t *entry, uint64_t client)
{
	return steer_mix(get_set_id_hash(entry) ^ client);
}

/* The best so far: once there are as many as wanted, a heap with the worst of them at the front. */

static inline bool is_behind(const ranked_t *a, const ranked_t *b)
{
	return is_before(b, a);
}

STEER_HEAP(ranked, ranked_t, is_behind)

/*! Turns a heap into a list, best first. */
static void sort_heap(ranked_t *heap, unsigned count)
{
	for (unsigned end = count; end > 1; end--) {
		ranked_t last = heap[0];
		heap[0] = heap[end - 1];
		heap[end - 1] = last;
		ranked_sift(heap, end - 1, 0);
	}
}

/*! The best candidates so far. */
typedef struct {
	ranked_t heap[STEER_SETS_MAX];
	unsigned count, want;
	uint64_t limit; /*!< A candidate that costs more than this for weight 1 is not among them. */
} best_t;

/*! Adds a candidate to the best, unless there are enough better ones. */
static void add(best_t *best, const ranked_t *ranked)
{
	if (best->count < best->want) {
		best->heap[best->count++] = *ranked;
		if (best->count == best->want) {
			ranked_make(best->heap, best->count);
		}
	} else if (is_before(ranked, best->heap)) {
		best->heap[0] = *ranked;
		ranked_sift(best->heap, best->count, 0);
	}
	if (best->count == best->want) {
		best->limit = cost_at(best->heap[0].rank);
	}
}

/*! Ranks a candidate that may be among the best; out of line, as few are. \return the limit */
static __attribute__((noinline)) uint64_t consider(steer_candidates_t *candidates, unsigned set,
                                                   uint64_t hash, best_t *best)
{
	if (steer_candidates_counts(candidates, set)) {
		const ranked_t ranked = { rank_of(hash, steer_candidates_weight(candidates, set)), set };
		add(best, &ranked);
	}
	return best->limit;
}

/*! Finds the best candidates. */
static void find_best(steer_candidates_t *candidates, best_t *best)
{
	const uint64_t client = candidates->hash;
	const uint8_t *sets = candidates->sets;
	uint64_t limit = best->limit;
	for (unsigned i = candidates->begin, end = candidates->end; i < end; i++) {
		unsigned set = steer_candidates_at(candidates, i);
		const uint8_t *entry = sets + set * STEER_SET_SIZE;
		uint64_t hash = hash_of(entry, client), rest = ~hash >> (64 - DIGITS), most;
		uint32_t weight = get_set_weight(entry);
		// Logarithms are slow. -log2(u) is at least (1 - u) * log2(e), and 23/16 is less than
		// log2(e): for most candidates even that bound is above the limit. rest: 1 - u.
		if (weight == 0 || __builtin_mul_overflow(limit, weight, &most) || rest * 23 / 16 <= most) {
			limit = consider(candidates, set, hash, best);
		}
	}
}

unsigned steer_candidates_rank(steer_candidates_t *candidates, unsigned want)
{
	best_t best;
	best.count = 0;
	best.want = want;
	best.limit = UINT64_MAX;
	find_best(candidates, &best);
	unsigned count = best.count;
	if (count < want) {
		ranked_make(best.heap, count);
	}
	sort_heap(best.heap, count);
	candidates->work +=
		(candidates->end - candidates->begin) * STEER_COST_SET + count * STEER_COST_RANKED;
	for (unsigned i = 0; i < count; i++) {
		candidates->list[i] = best.heap[i].set;
		if (steer_candidates_is_traced(candidates)) {
			const steer_verdict_t verdict = {
				.set = best.heap[i].set, .kept = true, .why = STEER_WHY_DRAWN,
				.weight = steer_candidates_weight(candidates, best.heap[i].set),
			};
			steer_candidates_report(candidates, &verdict);
		}
	}
	return count;
}
