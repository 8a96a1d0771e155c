/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of sticky clients, against logarithms in floating point and the shares of many. */

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/client.h"
#include "core/mix.h"
#include "core/node.h"
#include "unit/policies.h"
#include "unit/shares.h"
#include "unit/test.h"

/*!
 * By how much the cost of a set may be off: it has 48 fractional bits, and is at most 64.
 *
 * A logarithm in long double is off by 2^-57 if it has 64 bits, which is negligible, and by 2^-46
 * if it has only the 53 of a double.
 */
#define COST_ERROR (LDBL_MANT_DIG >= 64 ? 0x1p-47L : 0x1p-45L)

/*! Cost of a set for a client: -log2(u) divided by the weight; with weight 0 a number by itself. */
static long double cost_of(const steer_set_t *set, uint64_t client)
{
	uint64_t hash = steer_mix(steer_id_hash(set->id, set->id_len) ^ client);
	return set->weight == 0 ? (long double)hash
	                        : (64 - log2l((long double)(hash | 1))) / set->weight;
}

/*! Checks that a set comes before another one. \return whether they are too close to tell */
static bool check_pair(const steer_set_t *first, const steer_set_t *second, uint64_t client)
{
	long double before = cost_of(first, client), after = cost_of(second, client);
	if (second->weight == 0) {
		assert_true(first->weight > 0 || before < after);
		return false;
	}
	assert_true(first->weight > 0);
	long double error = COST_ERROR / first->weight + COST_ERROR / second->weight;
	assert_true(before < after + error);
	return after < before + error;
}

/*! Compares one client's order with the costs. \return pairs too close to tell */
static unsigned check_order(group_t *group, const sets_t *sets, unsigned most)
{
	uint16_t chosen[STEER_SETS_MAX];
	unsigned count, close = 0, left = 0;
	bool listed[STEER_SETS_MAX] = { 0 };
	assert_int_equal(steer_policy_run(&group->policy, false, most, chosen, &count), STEER_OK);
	for (unsigned i = 0; i < count; i++) {
		assert_false(listed[chosen[i]] || sets->down[chosen[i]]);
		listed[chosen[i]] = true;
		close += i > 0 && check_pair(&sets->sets[chosen[i - 1]], &sets->sets[chosen[i]],
		                             group->hash);
	}
	for (unsigned i = 0; i < sets->count; i++) {
		if (!listed[i] && !sets->down[i]) {
			left++;
			close += check_pair(&sets->sets[chosen[count - 1]], &sets->sets[i], group->hash);
		}
	}
	assert_true(left == 0 || count == most);
	return close;
}

/*! Weights that are often equal, of all sizes, or none. */
static uint32_t weight_of(unsigned kind, unsigned i, uint64_t *seed)
{
	switch (kind) {
	case 0:  return 1;
	case 1:  return i % 10;
	default: return next_number(seed) >> (32 + next_number(seed) % 32);
	}
}

static void orders_are_those_of_exact_logarithms(void **state)
{
	(void)state;
	static const unsigned sizes[] = { 2, 3, 10, 64, 65, 1000 };
	static const unsigned mosts[] = { 1, 2, 8, 63, STEER_SETS_MAX };
	static sets_t sets;
	static group_t group;
	uint64_t seed = 5;
	for (unsigned i = 0; i < 3 * COUNT(sizes); i++) {
		unsigned size = sizes[i / 3], close = 0, clients = 0;
		sets.count = 0;
		while (sets.count < size) {
			sets_add(&sets, weight_of(i % 3, sets.count, &seed), 0, sets.count % 5 == 1);
		}
		group_make(&group, &sets, "up, weighted sticky=client", false);
		for (; clients < 200000 / (size + 200); clients++) {
			group.hash = next_number(&seed);
			close += check_order(&group, &sets, mosts[clients % COUNT(mosts)]);
		}
		print_message("  %u sets, %u clients\n", size, clients);
		assert_in_range(close, 0, 1); // Otherwise the comparison would prove nothing.
		group_free(&group);
	}
}

static void many_client_prefixes_have_the_shares_of_the_weights(void **state)
{
	(void)state;
	static const unsigned sizes[] = { 2, 64, 1000 };
	static sets_t sets;
	static group_t group;
	for (unsigned i = 0; i < 2 * COUNT(sizes); i++) {
		unsigned hits[STEER_SETS_MAX] = { 0 };
		bool six = i % 2 == 1;
		sets.count = 0;
		while (sets.count < sizes[i / 2]) {
			sets_add(&sets, 1 + sets.count % 7, 0, sets.count % 10 == 3);
		}
		group_make(&group, &sets, "up, weighted sticky=client, take 1", false);
		for (unsigned k = 0; k < SAMPLES; k++) { // Consecutive networks.
			steer_client_t client = { .family = six ? 6 : 4, .length = six ? 56 : 24 };
			uint8_t *at = client.address, bits;
			uint16_t chosen[STEER_SETS_MAX];
			unsigned count;
			if (six) {
				memcpy(at, "\x20\x01\x0d\xb8", 4);
				at += 4;
			}
			at[0] = (six ? 0 : 20) + (k >> 16);
			at[1] = k >> 8;
			at[2] = k;
			group.hash = steer_client_hash(&client, &bits);
			steer_policy_run(&group.policy, false, 1, chosen, &count);
			assert_int_equal(count, 1);
			hits[chosen[0]]++;
		}
		check_shares(&sets, hits, true);
		group_free(&group);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_are_those_of_exact_logarithms),
		cmocka_unit_test(many_client_prefixes_have_the_shares_of_the_weights),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
