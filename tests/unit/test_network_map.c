/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/network_map.h"
#include "unit/damage.h"
#include "unit/networks.h"
#include "unit/seeds.h"
#include "unit/test.h"

#define CLASSES 9

static const uint32_t table[CLASSES] = { 10, 20, 30, 40, 50, 60, 70, 80, 90 };

/*! Makes a map in memory of its exact size, which is the caller's to free, and opens it. */
static uint8_t *make(steer_network_map_t *map, size_t *size, steer_classed_network_t *networks,
                     uint32_t count)
{
	const steer_network_map_model_t model = { networks, count, 1, CLASSES, sizeof(*table), table };
	uint32_t at;
	*size = 0;
	assert_int_equal(steer_network_map_build(NULL, size, &model, &at), STEER_OK);
	uint8_t *bytes = malloc(*size);
	assert_non_null(bytes);
	assert_int_equal(steer_network_map_build(bytes, size, &model, &at), STEER_OK);
	assert_int_equal(steer_network_map_open(map, bytes, *size), STEER_OK);
	return bytes;
}

/*! The class of the longest network that contains a client's first address, by looking at all. */
static uint32_t scan(const steer_classed_network_t *networks, uint32_t count,
                     const steer_client_t *client)
{
	int longest = -1;
	uint32_t class = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (networks[i].network.family == client->family && networks[i].network.length > longest &&
		    steer_bits_equal(networks[i].network.address, client->address,
		                     networks[i].network.length)) {
			longest = networks[i].network.length;
			class = networks[i].class;
		}
	}
	return class;
}

/* Small worlds. */

/*!
 * The scope by its definition: the shortest prefix around a value such that all clients in it, of
 * this length or longer, have the same class; so no resolver that caches by it gives one of them
 * the answer of another.
 *
 * \param classes  For each value, the class of the client that begins with it.
 * \param around   Class of all addresses that are not in the world.
 */
static unsigned scope_of(const uint32_t classes[256], uint32_t around, const place_t *where,
                         unsigned value)
{
	unsigned bits = 9;
	bool same = true;
	while (bits > 0 && same) {
		bits--;
		const unsigned first = value & 0xff00 >> bits;
		for (unsigned i = 0; i < 1u << (8 - bits); i++) {
			same = same && classes[first + i] == classes[value];
		}
		if (!same) {
			bits++;
		}
	}
	return bits == 0 && (where->begin == 0 || classes[value] == around) ? 0 : where->begin + bits;
}

/*! Compares what a map says of all clients of a world, of each length, with a scan. */
static void compare_world(steer_classed_network_t *networks, uint32_t count, const place_t *where,
                          uint32_t around)
{
	steer_network_map_t map;
	size_t size;
	uint8_t *bytes = make(&map, &size, networks, count);
	uint32_t classes[256];
	steer_client_t client = { .family = where->family, .length = where->begin + 8 };
	for (unsigned value = 0; value < 256; value++) {
		place_address(client.address, where, value);
		classes[value] = scan(networks, count, &client);
	}
	for (unsigned value = 0; value < 256; value++) {
		for (unsigned bits = 0; bits <= 8; bits++) {
			if ((value & 0xff >> bits) != 0) {
				continue; // No client has bits after its length.
			}
			place_address(client.address, where, value);
			client.length = where->begin + bits;
			const steer_network_match_t match = steer_network_map_find(&map, &client);
			assert_int_equal(match.class, classes[value]);
			assert_int_equal(match.scope, scope_of(classes, around, where, value));
		}
	}
	free(bytes);
}

static void small_worlds_are_as_a_scan_says(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 300 * PLACES; i++) {
		steer_classed_network_t networks[WORLD_MAX];
		const place_t *where = &places[i % PLACES];
		uint32_t around, count = world_draw(networks, where, 3, &around);
		compare_world(networks, count, where, around);
	}
}

#define LAST6 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"

static void the_ends_of_the_address_space(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		const char *networks[4]; /*!< Their classes are 1, 2, 3 and 4. */
		const char *client;
		uint32_t class;
		uint8_t scope;
	} cases[] = {
		{ "no network", { NULL }, "192.0.2.1/32", 0, 0 },
		{ "no network of IPv6", { "0.0.0.0/0" }, "2001:db8::/32", 0, 0 },
		{ "everything", { "0.0.0.0/0" }, "192.0.2.1/32", 1, 0 },
		{ "everything of IPv6", { "::/0" }, "2001:db8::/56", 1, 0 },
		{ "a half", { "128.0.0.0/1" }, "192.0.2.1/32", 1, 1 },
		{ "the other half", { "128.0.0.0/1" }, "1.2.3.4/32", 0, 1 },
		{ "the first address", { "0.0.0.0/32" }, "0.0.0.0/32", 1, 32 },
		{ "the one after it", { "0.0.0.0/32" }, "0.0.0.1/32", 0, 32 },
		{ "far from it", { "0.0.0.0/32" }, "255.255.255.255/32", 0, 1 },
		{ "the last address", { "255.255.255.255/32" }, "255.255.255.255/32", 1, 32 },
		{ "the one before it", { "255.255.255.255/32" }, "255.255.255.254/32", 0, 32 },
		{ "far from it", { "255.255.255.255/32" }, "0.0.0.0/32", 0, 1 },
		{ "the first address of IPv6", { "::/128" }, "::/128", 1, 128 },
		{ "the one after it", { "::/128" }, "::1/128", 0, 128 },
		{ "the half after it", { "::/128" }, "0:0:0:1::/128", 0, 64 },
		{ "the last address of IPv6", { LAST6 "/128" }, LAST6 "/128", 1, 128 },
		{ "the one before it", { LAST6 "/128" }, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/128", 0,
		  128 },
		{ "the half before it", { LAST6 "/128" }, "ffff:ffff:ffff:fffe::/64", 0, 64 },
		{ "both", { "::/128", LAST6 "/128" }, "8000::/1", 0, 2 },
		{ "a client that is shorter than the network", { "192.0.2.0/24" }, "192.0.0.0/16", 0, 23 },
		{ "one that begins with it", { "192.0.0.0/24" }, "192.0.0.0/16", 1, 24 },
		{ "nested networks", { "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24" }, "10.1.2.3/32", 3, 24 },
		{ "the one around", { "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24" }, "10.1.3.0/24", 2, 24 },
		{ "all around", { "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24" }, "10.2.0.0/24", 1, 15 },
		{ "a client of no bits", { "128.0.0.0/1" }, "0.0.0.0/0", 0, 1 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		steer_classed_network_t networks[4];
		steer_network_map_t map;
		steer_client_t client;
		uint32_t count = 0;
		for (; count < 4 && cases[i].networks[count] != NULL; count++) {
			networks[count] = network_parse(cases[i].networks[count], count + 1);
		}
		size_t size;
		uint8_t *bytes = make(&map, &size, networks, count);
		client = client_parse(cases[i].client);
		const steer_network_match_t match = steer_network_map_find(&map, &client);
		assert_int_equal(match.class, cases[i].class);
		assert_int_equal(match.scope, cases[i].scope);
		free(bytes);
	}
}

static void a_client_of_no_family_has_no_class(void **state)
{
	(void)state;
	steer_classed_network_t networks[] = {
		network_parse("0.0.0.0/0", 1), network_parse("::/0", 2)
	};
	steer_network_map_t map;
	size_t size;
	uint8_t *bytes = make(&map, &size, networks, COUNT(networks));
	const steer_network_match_t match = steer_network_map_find(&map, &(steer_client_t) { 0 });
	assert_int_equal(match.class, 0);
	assert_int_equal(match.scope, 0);
	free(bytes);
}

static void classes_name_entries_of_the_table(void **state)
{
	(void)state;
	steer_classed_network_t networks[] = { network_parse("192.0.2.0/24", CLASSES) };
	steer_network_map_t map;
	size_t size;
	uint8_t *bytes = make(&map, &size, networks, COUNT(networks));
	assert_null(steer_network_map_class(&map, 0));
	assert_memory_equal(steer_network_map_class(&map, 1), &table[0], sizeof(*table));
	assert_memory_equal(steer_network_map_class(&map, CLASSES), &table[CLASSES - 1],
	                    sizeof(*table));
	assert_int_equal(map.type, 1);
	assert_int_equal(map.networks, 1);
	free(bytes);
}

static void neighbours_of_one_class_are_one_range(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		const char *networks[4];
		uint32_t classes[4];
		uint32_t v4, v6; /*!< Ranges. */
	} cases[] = {
		{ "none",                  { NULL }, { 0 }, 1, 1 },
		{ "one",                   { "192.0.2.0/24" }, { 1 }, 3, 1 },
		{ "two halves",            { "192.0.2.0/25", "192.0.2.128/25" }, { 1, 1 }, 3, 1 },
		{ "of other classes",      { "192.0.2.0/25", "192.0.2.128/25" }, { 1, 2 }, 4, 1 },
		{ "a network in its like", { "192.0.2.0/24", "192.0.2.128/25" }, { 1, 1 }, 3, 1 },
		{ "a hole",                { "192.0.2.0/24", "192.0.2.64/26" }, { 1, 0 }, 5, 1 },
		{ "a hole in nothing",     { "192.0.2.64/26" }, { 0 }, 1, 1 },
		{ "unaligned ones",        { "192.0.2.128/25", "192.0.3.0/24" }, { 1, 1 }, 3, 1 },
		{ "of IPv6",               { "2001:db8::/33", "2001:db8:8000::/33" }, { 1, 1 }, 1, 3 },
		{ "at the end",            { "255.0.0.0/8", "254.0.0.0/8" }, { 1, 1 }, 2, 1 },
		{ "all of it",             { "0.0.0.0/1", "128.0.0.0/1" }, { 1, 1 }, 1, 1 },
		{ "in a low half",         { "::1/128", "::/64" }, { 1, 1 }, 1, 2 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		steer_classed_network_t networks[4];
		steer_network_map_t map;
		uint32_t count = 0;
		for (; count < 4 && cases[i].networks[count] != NULL; count++) {
			networks[count] = network_parse(cases[i].networks[count], cases[i].classes[count]);
		}
		size_t size;
		uint8_t *bytes = make(&map, &size, networks, count);
		assert_int_equal(map.v4.count, cases[i].v4);
		assert_int_equal(map.v6.count, cases[i].v6);
		free(bytes);
	}
}

static void networks_that_cannot_be_are_named(void **state)
{
	(void)state;
	const steer_classed_network_t good = network_parse("192.0.2.0/24", 1);
	steer_classed_network_t cases[] = {
		good, good, good, good, good, network_parse("2001:db8::/32", 1)
	};
	static const int wanted[] = {
		STEER_EEXIST, STEER_EINVAL, STEER_EINVAL, STEER_EINVAL, STEER_EINVAL, STEER_EINVAL
	};
	cases[1].network.family = 5;
	cases[2].network.length = 33;
	cases[3].network.length = 23;
	cases[3].network.address[2] = 3;
	cases[4].class = CLASSES + 1;
	cases[5].network.length = 129;
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_classed_network_t networks[] = { cases[i], good, network_parse("10.0.0.0/8", 1) };
		networks[0].line = 77;
		const steer_network_map_model_t model = { networks, 3, 1, CLASSES, sizeof(*table), table };
		size_t size = 5;
		uint32_t at = 9;
		assert_int_equal(steer_network_map_build(NULL, &size, &model, &at), wanted[i]);
		assert_int_equal(size, 5);
		assert_true(networks[at].line == 77 ||
		            (wanted[i] == STEER_EEXIST && networks[at - 1].line == 77));
	}
}

static void a_map_needs_its_room(void **state)
{
	(void)state;
	steer_classed_network_t networks[] = { network_parse("192.0.2.0/24", 1) };
	const steer_network_map_model_t model = { networks, 1, 1, CLASSES, sizeof(*table), table };
	size_t size = 0;
	uint32_t at;
	assert_int_equal(steer_network_map_build(NULL, &size, &model, &at), STEER_OK);
	uint8_t *bytes = malloc(size);
	size--;
	assert_int_equal(steer_network_map_build(bytes, &size, &model, &at), STEER_ESPACE);
	free(bytes);
	steer_network_map_model_t many = model;
	many.networks_count = STEER_NETWORKS_MAX + 1;
	assert_int_equal(steer_network_map_build(NULL, &size, &many, &at), STEER_ESPACE);
}

/* Many networks. */

static void draw_networks(steer_classed_network_t *networks, uint32_t count)
{
	for (uint32_t i = 0; i < count;) {
		steer_network_t network = { .family = networks_draw(2) == 0 ? 4 : 6 };
		network.length = networks_draw(steer_network_bits(&network) + 1);
		if (i > 0 && networks_draw(2) == 0) { // Near another one.
			network = networks[networks_draw(i)].network;
			network.length /= 2;
			network.length += networks_draw(steer_network_bits(&network) - network.length + 1);
		}
		for (unsigned bit = 0; bit < 128; bit++) {
			network.address[bit / 8] ^= networks_draw(8) == 0 ? 0x80 >> bit % 8 : 0;
			network.address[bit / 8] &= bit < network.length ? 0xff : ~(0x80 >> bit % 8);
		}
		bool twice = false;
		for (uint32_t k = 0; k < i; k++) {
			twice |= memcmp(&networks[k].network, &network, sizeof(network)) == 0;
		}
		if (!twice) {
			networks[i++] = (steer_classed_network_t) { network, networks_draw(CLASSES + 1), 0 };
		}
	}
}

#define MANY 3000

/*! A client near a border of a network. */
static steer_client_t draw_client(const steer_classed_network_t *networks, uint32_t count)
{
	const steer_network_t *near = &networks[networks_draw(count)].network;
	steer_client_t client = { near->family, near->family == 4 ? 32 : 128, { 0 } };
	memcpy(client.address, near->address, sizeof(client.address));
	const bool ones = networks_draw(2);
	for (unsigned bit = near->length; bit < client.length; bit++) {
		client.address[bit / 8] |= ones ? 0x80 >> bit % 8 : 0;
	}
	const unsigned flip = networks_draw(client.length);
	client.address[flip / 8] ^= networks_draw(2) ? 0x80 >> flip % 8 : 0;
	return client;
}

static void many_networks_are_as_a_scan_says(void **state)
{
	(void)state;
	static steer_classed_network_t networks[MANY];
	steer_network_map_t map;
	size_t size;
	draw_networks(networks, MANY);
	uint8_t *bytes = make(&map, &size, networks, MANY);
	for (unsigned i = 0; i < 5000; i++) {
		const steer_client_t client = draw_client(networks, MANY);
		const steer_network_match_t match = steer_network_map_find(&map, &client);
		assert_int_equal(match.class, scan(networks, MANY, &client));
	}
	free(bytes);
}

static void the_order_of_networks_does_not_matter(void **state)
{
	(void)state;
	static steer_classed_network_t networks[MANY];
	steer_network_map_t map;
	size_t size, again_size;
	draw_networks(networks, MANY);
	uint8_t *bytes = make(&map, &size, networks, MANY);
	for (uint32_t i = MANY - 1; i > 0; i--) {
		const uint32_t other = networks_draw(i + 1);
		const steer_classed_network_t network = networks[i];
		networks[i] = networks[other];
		networks[other] = network;
	}
	uint8_t *again = make(&map, &again_size, networks, MANY);
	assert_int_equal(again_size, size);
	assert_memory_equal(again, bytes, size);
	free(again);
	free(bytes);
}

/* Damage. */

static int open_map(const void *value, size_t size)
{
	steer_network_map_t map;
	return steer_network_map_open(&map, value, size);
}

static uint8_t *make_for_damage(steer_network_map_t *map, size_t *size)
{
	steer_classed_network_t networks[] = {
		network_parse("192.0.2.0/24", 1), network_parse("198.51.100.0/24", 2),
		network_parse("198.51.100.7/32", 3), network_parse("2001:db8::/32", 4),
		network_parse("2001:db8::1/128", 5), network_parse("2001:db8:1::/48", 6),
		network_parse(LAST6 "/128", 7),
	};
	return make(map, size, networks, COUNT(networks));
}

static void each_bit_of_a_map_matters(void **state)
{
	(void)state;
	steer_network_map_t map;
	size_t size;
	uint8_t *bytes = make_for_damage(&map, &size);
	seeds_write("network_map", "few", 0, 1, bytes, size);
	assert_bits_matter(bytes, size, open_map);
	assert_length_matters(bytes, size, open_map);
	free(bytes);
}

/*! A flipped bit whose sum is right: the map is refused, or all that is found is inside. */
static void forged_maps_are_refused_or_harmless(void **state)
{
	(void)state;
	steer_network_map_t map;
	size_t size;
	uint8_t *bytes = make_for_damage(&map, &size);
	unsigned opened = 0;
	for (size_t bit = 8 * STEER_SUM_SIZE; bit < 8 * size; bit++) {
		bytes[bit / 8] ^= 1 << bit % 8;
		sum_up(bytes, size);
		if (steer_network_map_open(&map, bytes, size) == STEER_OK) {
			opened++;
			for (unsigned i = 0; i < 64; i++) {
				steer_client_t client = { i % 2 == 0 ? 4 : 6, 0, { 0x20, 1, 0xd, 0xb8 } };
				for (unsigned k = 0; k < 16 && i > 8; k++) {
					client.address[k] = i > 16 ? networks_draw(256) : 0xff;
				}
				const uint32_t class = steer_network_map_find(&map, &client).class;
				assert_true(class <= map.classes_count);
			}
		}
		bytes[bit / 8] ^= 1 << bit % 8;
	}
	assert_true(opened > 0); // Classes and starts, among others, can be anything.
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_worlds_are_as_a_scan_says),
		cmocka_unit_test(the_ends_of_the_address_space),
		cmocka_unit_test(a_client_of_no_family_has_no_class),
		cmocka_unit_test(classes_name_entries_of_the_table),
		cmocka_unit_test(neighbours_of_one_class_are_one_range),
		cmocka_unit_test(networks_that_cannot_be_are_named),
		cmocka_unit_test(a_map_needs_its_room),
		cmocka_unit_test(many_networks_are_as_a_scan_says),
		cmocka_unit_test(the_order_of_networks_does_not_matter),
		cmocka_unit_test(each_bit_of_a_map_matters),
		cmocka_unit_test(forged_maps_are_refused_or_harmless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
