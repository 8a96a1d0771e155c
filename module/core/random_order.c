/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/random_order.h"
#include "core/rendezvous.h"

/*! Number of sets whose weights share a sum, so that a draw looks at only a few one by one. */
#define BLOCK 32

static inline uint64_t entry(const uint8_t *table, unsigned i)
{
	uint64_t sum;
	memcpy(&sum, table + i * STEER_TABLE_ENTRY, sizeof(sum));
	return steer_le_u64(sum);
}

/*! A number below bound; with a bound of 1 nothing is drawn. */
static inline uint64_t number_below(const steer_candidates_t *candidates, uint64_t bound)
{
	return bound > 1 ? steer_chance_below(candidates->policy->chance, bound) : 0;
}

/*! The weight that an order draws by. */
static inline uint64_t share_of(const steer_candidates_t *candidates, unsigned set)
{
	return candidates->order == STEER_ORDER_WEIGHTED ? steer_candidates_weight(candidates, set) : 1;
}

/*! Out of line, like everything rare here, so that it costs the common path no registers. */
static __attribute__((noinline))
void report_drawn(const steer_candidates_t *candidates, unsigned set, uint64_t number,
                  uint64_t bound, bool kept)
{
	const steer_verdict_t verdict = {
		.set = set, .kept = kept, .why = kept ? STEER_WHY_DRAWN : STEER_WHY_DRAWN_PAST,
		.draw = number, .bound = bound, .weight = share_of(candidates, set),
	};
	steer_candidates_report(candidates, &verdict);
}

/* Drawing from a range that may contain sets that are down. */

/*! Sum of the weights of a range. */
static uint64_t range_weight(const steer_candidates_t *candidates)
{
	const steer_group_t *group = candidates->policy->group;
	uint64_t sum = 0;
	if (group->table_len > 0) {
		return entry(group->table, candidates->end - 1) -
		       (candidates->begin > 0 ? entry(group->table, candidates->begin - 1) : 0);
	}
	for (unsigned i = candidates->begin; i < candidates->end; i++) {
		sum += steer_candidates_weight(candidates, i);
	}
	return sum;
}

/*! Set of a range to which a number below the sum of its weights belongs. */
static unsigned range_find(const steer_candidates_t *candidates, uint64_t number)
{
	const steer_group_t *group = candidates->policy->group;
	unsigned at = candidates->begin;
	if (group->table_len == 0) {
		for (uint64_t weight; number >= (weight = steer_candidates_weight(candidates, at)); at++) {
			number -= weight;
		}
		return at;
	}
	number += at > 0 ? entry(group->table, at - 1) : 0;
	for (unsigned left = candidates->end - at; left > 1;) {
		unsigned half = left / 2;
		at += entry(group->table, at + half - 1) <= number ? half : 0;
		left -= half;
	}
	return at;
}

/*! Sets that were drawn. */
typedef struct {
	uint64_t words[STEER_SETS_WORDS];
} drawn_t;

/*! Whether a set was drawn. \param[in] drawn  NULL if none was. */
static inline bool drawn_has(const drawn_t *drawn, unsigned set)
{
	return drawn != NULL && drawn->words[set / 64] >> set % 64 & 1;
}

/*!
 * Draws from a range: any of its sets, and again if that one is down or was drawn before.
 *
 * \param[in,out] drawn  Sets drawn before; may be NULL if only one is wanted.
 *
 * \return Number of sets drawn, in the list; fewer than wanted if the tries were used up.
 */
static inline __attribute__((always_inline))
unsigned draw_range(steer_candidates_t *candidates, unsigned want, drawn_t *drawn)
{
	unsigned size = candidates->end - candidates->begin, count = 0;
	if (size < 2 * want) { // Many draws would hit a set that was drawn before.
		return 0;
	}
	uint64_t bound = candidates->order == STEER_ORDER_WEIGHTED ? range_weight(candidates) : 0;
	if (bound == 0) {
		candidates->order = STEER_ORDER_SHUFFLED; // It was already, or none has weight (rule W3).
		bound = size;
	}
	unsigned most = steer_draw_tries(size);
	for (unsigned tries = most; tries > 0 && count < want;) {
		uint64_t number = number_below(candidates, bound);
		unsigned set = candidates->order == STEER_ORDER_WEIGHTED
		               ? range_find(candidates, number) : candidates->begin + number;
		bool kept = !drawn_has(drawn, set) && steer_candidates_counts(candidates, set);
		if (steer_candidates_is_traced(candidates)) {
			report_drawn(candidates, set, number, bound, kept);
		}
		if (!kept) {
			tries--;
			continue;
		}
		candidates->list[count++] = set;
		candidates->work += STEER_COST_DRAWN;
		tries = most;
		if (drawn != NULL) {
			drawn->words[set / 64] |= UINT64_C(1) << set % 64;
		}
	}
	return count;
}

/* Drawing among the candidates that are left. */

/*! Lists the remaining candidates after those that were drawn. \return end of the list */
static unsigned gather(steer_candidates_t *candidates, unsigned count, const drawn_t *drawn)
{
	unsigned end = count;
	candidates->work += (candidates->end - candidates->begin) * STEER_COST_SET;
	for (unsigned i = candidates->begin; i < candidates->end; i++) {
		unsigned set = steer_candidates_at(candidates, i);
		if (!drawn_has(drawn, set) && steer_candidates_counts(candidates, set)) {
			candidates->list[end++] = set;
		}
	}
	return end;
}

static void swap(uint16_t *list, unsigned a, unsigned b)
{
	uint16_t set = list[a];
	list[a] = list[b];
	list[b] = set;
}

/*! Draws by weight in a part of the list, while any weight is left. \return start of the rest */
static unsigned draw_weighted(steer_candidates_t *candidates, unsigned begin, unsigned end,
                              unsigned want)
{
	uint64_t sums[STEER_SETS_MAX / BLOCK + 1] = { 0 }, left = 0;
	for (unsigned i = begin; i < end; i++) {
		uint64_t weight = steer_candidates_weight(candidates, candidates->list[i]);
		sums[i / BLOCK] += weight;
		left += weight;
	}
	for (; begin < want && left > 0; begin++) {
		uint64_t bound = end - begin > 1 ? left : 1, number = number_below(candidates, bound);
		uint64_t rest = number, weight,
				 first = steer_candidates_weight(candidates, candidates->list[begin]);
		unsigned block = begin / BLOCK;
		for (; rest >= sums[block]; block++) {
			rest -= sums[block];
		}
		unsigned at = block == begin / BLOCK ? begin : block * BLOCK;
		for (; rest >= (weight = steer_candidates_weight(candidates, candidates->list[at])); at++) {
			rest -= weight;
		}
		swap(candidates->list, begin, at);
		sums[block] += first - weight;
		sums[begin / BLOCK] -= first;
		left -= weight;
		if (steer_candidates_is_traced(candidates)) {
			report_drawn(candidates, candidates->list[begin], number, bound, true);
		}
	}
	return begin;
}

/*! Draws from the remaining candidates up to the number wanted. \return number drawn */
static __attribute__((noinline)) unsigned draw_rest(steer_candidates_t *candidates, unsigned count,
                                                    unsigned want, const drawn_t *drawn)
{
	unsigned end = gather(candidates, count, drawn);
	want = want < end ? want : end;
	candidates->work += (want - count) * STEER_COST_DRAWN;
	if (candidates->order == STEER_ORDER_WEIGHTED) {
		count = draw_weighted(candidates, count, end, want);
		candidates->order = STEER_ORDER_SHUFFLED; // None of the rest has weight (rules W2, W3).
	}
	for (; count < want; count++) {
		uint64_t number = number_below(candidates, end - count);
		swap(candidates->list, count, count + number);
		if (steer_candidates_is_traced(candidates)) {
			report_drawn(candidates, candidates->list[count], number, end - count, true);
		}
	}
	return count;
}

/*! Draws several candidates of a range. */
static __attribute__((noinline)) unsigned draw_several(steer_candidates_t *candidates,
                                                       unsigned want)
{
	drawn_t drawn;
	memset(&drawn, 0, (candidates->policy->group->count + 63) / 64 * sizeof(*drawn.words));
	unsigned count = draw_range(candidates, want, &drawn);
	return count < want ? draw_rest(candidates, count, want, &drawn) : count;
}

/*! Takes the first candidates in their present order. */
static unsigned take_first(steer_candidates_t *candidates, unsigned want)
{
	if (candidates->listed) {
		return candidates->end < want ? candidates->end : want;
	}
	unsigned count = 0;
	for (unsigned i = candidates->begin; i < candidates->end && count < want; i++) {
		if (steer_candidates_counts(candidates, i)) {
			candidates->list[count++] = i;
		}
	}
	candidates->work += (candidates->end - candidates->begin) * STEER_COST_SET;
	return count;
}

void steer_candidates_draw(steer_candidates_t *candidates, unsigned want)
{
	unsigned count;
	switch (candidates->order) {
	case STEER_ORDER_KEPT:
		count = take_first(candidates, want);
		break;
	case STEER_ORDER_STICKY:
		count = steer_candidates_rank(candidates, want);
		break;
	default:
		if (want > 1 && !candidates->listed) {
			count = draw_several(candidates, want);
			break;
		}
		count = candidates->listed ? 0 : draw_range(candidates, 1, NULL);
		if (count == 0) {
			count = draw_rest(candidates, 0, want, NULL);
		}
		break;
	}
	candidates->begin = 0;
	candidates->end = count;
	candidates->listed = true;
	candidates->order = STEER_ORDER_KEPT;
}
