/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/client.h"
#include "unit/test.h"

/*! What a host says of a client. */
typedef struct {
	steer_client_t subnet, source;
} host_t;

static void tell(void *host, bool subnet, steer_client_t *client)
{
	*client = subnet ? ((host_t *)host)->subnet : ((host_t *)host)->source;
}

#define V4(bits, ...) { .family = 4, .length = (bits), .address = { __VA_ARGS__ } }
#define V6(bits, ...) { .family = 6, .length = (bits), .address = { __VA_ARGS__ } }

static void a_subnet_counts_unless_it_is_private(void **state)
{
	(void)state;
	static const struct {
		const char *what; /*!< Rule C1. */
		steer_client_t subnet;
		bool counts;
		uint8_t block;
	} cases[] = {
		{ "a public one",             V4(24, 198, 51, 100), true, 0 },
		{ "none",                     { 0 }, false, 0 },
		{ "one of no bits",           V4(0, 0), false, 0 },
		{ "10/8",                     V4(24, 10, 1, 2), false, 8 },
		{ "all of 10/8",              V4(8, 10), false, 8 },
		{ "more than 10/8",           V4(7, 10), true, 0 },
		{ "the first of 172.16/12",   V4(24, 172, 16, 0), false, 12 },
		{ "the last of it",           V4(24, 172, 31, 255), false, 12 },
		{ "the one after it",        V4(24, 172, 32, 0), true, 0 },
		{ "192.168/16",               V4(24, 192, 168, 1), false, 16 },
		{ "shared addresses",         V4(24, 100, 127, 0), false, 10 },
		{ "after them",              V4(24, 100, 128, 0), true, 0 },
		{ "link-local",               V4(24, 169, 254, 3), false, 16 },
		{ "loopback",                 V4(32, 127, 0, 0, 1), false, 8 },
		{ "a public one of IPv6",     V6(56, 0x20, 0x01, 0x0d, 0xb8), true, 0 },
		{ "unique local",             V6(56, 0xfd, 0x12), false, 7 },
		{ "link-local of IPv6",       V6(64, 0xfe, 0x80), false, 10 },
		{ "after it",                V6(64, 0xfe, 0xc0), true, 0 },
		{ "loopback of IPv6",         V6(128, 0), false, 8 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		host_t host = { cases[i].subnet, V4(32, 203, 0, 113, 1) };
		const steer_question_t question = { .client = tell, .host = &host };
		bool subnet;
		uint8_t block;
		const steer_client_t client = steer_client_of(&question, &subnet, &block);
		const steer_client_t *want = cases[i].counts ? &host.subnet : &host.source;
		assert_int_equal(subnet, cases[i].counts);
		assert_int_equal(block, cases[i].block);
		assert_memory_equal(&client, want, sizeof(client));
	}
}

static void a_client_that_nobody_knows_is_of_no_family(void **state)
{
	(void)state;
	const steer_question_t question = { .client = NULL };
	bool subnet;
	uint8_t block, bits;
	const steer_client_t client = steer_client_of(&question, &subnet, &block);
	assert_int_equal(client.family, 0);
	assert_false(subnet);
	(void)steer_client_hash(&client, &bits);
	assert_int_equal(bits, 0);
}

static void the_hash_is_of_24_or_56_bits(void **state)
{
	(void)state;
	static const struct {
		const char *what; /*!< Rule C3. */
		steer_client_t one, other;
		bool same;
		uint8_t bits;
	} cases[] = {
		{ "the last byte of IPv4",   V4(32, 192, 0, 2, 1), V4(32, 192, 0, 2, 254), true, 24 },
		{ "the one before it",       V4(32, 192, 0, 2, 1), V4(32, 192, 0, 3, 1), false, 24 },
		{ "a prefix and an address", V4(24, 192, 0, 2), V4(32, 192, 0, 2, 9), true, 24 },
		{ "the eighth byte of IPv6", V6(128, 32, 1, 13, 184, 0, 0, 1, 1),
		  V6(128, 32, 1, 13, 184, 0, 0, 1, 2), true, 56 },
		{ "the one before it",       V6(128, 32, 1, 13, 184, 0, 0, 1),
		  V6(128, 32, 1, 13, 184, 0, 0, 2), false, 56 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		uint8_t bits;
		uint64_t one = steer_client_hash(&cases[i].one, &bits);
		assert_int_equal(bits, cases[i].bits);
		assert_int_equal(one == steer_client_hash(&cases[i].other, &bits), cases[i].same);
	}
}

static void a_number_tells_clients_apart_by_what_is_hashed_and_their_length(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		steer_client_t one, other;
		bool same;
		uint8_t bits;
	} cases[] = {
		{ "the last byte of IPv4",   V4(32, 192, 0, 2, 1), V4(32, 192, 0, 2, 254), true, 24 },
		{ "the one before it",       V4(32, 192, 0, 2, 1), V4(32, 192, 0, 3, 1), false, 24 },
		{ "a prefix and an address", V4(24, 192, 0, 2), V4(32, 192, 0, 2), false, 24 },
		{ "the eighth byte of IPv6", V6(128, 32, 1, 13, 184, 0, 0, 1, 1),
		  V6(128, 32, 1, 13, 184, 0, 0, 1, 2), true, 56 },
		{ "the one before it",       V6(128, 32, 1, 13, 184, 0, 0, 1),
		  V6(128, 32, 1, 13, 184, 0, 0, 2), false, 56 },
		{ "a prefix of IPv6",        V6(56, 32, 1, 13, 184), V6(57, 32, 1, 13, 184), false, 56 },
		{ "the families",            V6(0, 0), V4(32, 0), false, 56 },
		{ "a client of no family",   { 0 }, V4(0, 0), false, 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		uint8_t bits, others;
		uint64_t one = steer_client_number(&cases[i].one, &bits);
		assert_int_equal(bits, cases[i].bits);
		assert_int_equal(one == steer_client_number(&cases[i].other, &others), cases[i].same);
		assert_int_equal(one == 0, bits == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_subnet_counts_unless_it_is_private),
		cmocka_unit_test(a_client_that_nobody_knows_is_of_no_family),
		cmocka_unit_test(the_hash_is_of_24_or_56_bits),
		cmocka_unit_test(a_number_tells_clients_apart_by_what_is_hashed_and_their_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
