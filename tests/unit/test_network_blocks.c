/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/network_blocks.h"
#include "unit/damage.h"
#include "unit/networks.h"
#include "unit/seeds.h"
#include "unit/test.h"

/*! Makes a map of blocks in memory of its exact size, which is the caller's to free; opens it. */
static uint8_t *make(steer_network_map_t *map, size_t *size, steer_classed_network_t *networks,
                     uint32_t count)
{
	uint8_t table[WORLD_MAX * STEER_BLOCK_SIZE];
	steer_network_map_model_t model = {
		.networks = networks, .networks_count = count, .type = 2,
		.class_size = STEER_BLOCK_SIZE, .classes = table,
	};
	uint32_t at;
	assert_int_equal(steer_network_blocks_make(networks, count, table, &model.classes_count, &at),
	                 STEER_OK);
	assert_int_equal(steer_network_map_build(NULL, size, &model, &at), STEER_OK);
	uint8_t *bytes = malloc(*size);
	assert_non_null(bytes);
	assert_int_equal(steer_network_map_build(bytes, size, &model, &at), STEER_OK);
	assert_int_equal(steer_network_map_open(map, bytes, *size), STEER_OK);
	assert_int_equal(steer_network_blocks_open(map), STEER_OK);
	return bytes;
}

/* Small worlds with three locations. What a client finds depends on which of them are used. */

#define LOCATIONS 3
#define CHOICES   (1 << LOCATIONS) /*!< Bit i: location i + 1 is used. */

static bool is_used(unsigned choice, uint32_t location)
{
	return location > 0 && (choice >> (location - 1) & 1) != 0;
}

/*! What a client finds with each choice; 0: nothing. */
typedef struct {
	uint8_t locations[CHOICES];
} finds_t;

/*! By looking at all networks. */
static finds_t scan(const steer_classed_network_t *networks, uint32_t count,
                    const steer_client_t *client)
{
	finds_t finds = { { 0 } };
	for (unsigned choice = 0; choice < CHOICES; choice++) {
		int longest = -1;
		for (uint32_t i = 0; i < count; i++) {
			const steer_network_t *block = &networks[i].network;
			if (is_used(choice, networks[i].class) && block->length > longest &&
			    block->length <= client->length && block->family == client->family &&
			    steer_bits_equal(block->address, client->address, block->length)) {
				longest = block->length;
				finds.locations[choice] = networks[i].class;
			}
		}
	}
	return finds;
}

/*! By walking the blocks around the client. */
static finds_t walk(const steer_network_map_t *map, const steer_client_t *client, uint8_t *scope)
{
	finds_t finds = { { 0 } };
	const steer_network_match_t match = steer_network_map_find(map, client);
	*scope = match.scope;
	for (unsigned choice = 0; choice < CHOICES; choice++) {
		steer_network_block_t block = { 0, 129 };
		uint32_t class = match.class;
		unsigned before = 129;
		while (!is_used(choice, block.location) &&
		       steer_network_blocks_next(map, &class, client, &block)) {
			assert_true(block.length < before);
			before = block.length;
		}
		finds.locations[choice] = is_used(choice, block.location) ? block.location : 0;
	}
	return finds;
}

/*! What all clients of a world find, by length and value. */
typedef struct {
	finds_t finds[9][256];
	finds_t around; /*!< What all others find. */
	const place_t *where;
} world_t;

/*!
 * The scope by its definition: the shortest prefix around a value such that all clients in it, of
 * this length or longer, find the same, whatever the choice.
 */
static unsigned scope_of(const world_t *world, unsigned value)
{
	unsigned scope = 0;
	bool same = false;
	while (!same) {
		const unsigned first = value & 0xff00 >> scope;
		const finds_t *finds = &world->finds[scope][first];
		same = true;
		for (unsigned bits = scope; bits <= 8; bits++) {
			for (unsigned i = 0; i < 0x100u >> scope; i += 0x100 >> bits) {
				same = same && memcmp(finds, &world->finds[bits][first + i], sizeof(*finds)) == 0;
			}
		}
		scope += !same;
	}
	const bool everywhere = world->where->begin == 0 ||
	                        memcmp(&world->finds[0][0], &world->around, sizeof(finds_t)) == 0;
	return scope == 0 && everywhere ? 0 : world->where->begin + scope;
}

/*! Calls a function with each client of a world. */
static void each_client(world_t *world, const void *ctx,
                        void (*take)(world_t *, const void *, const steer_client_t *, unsigned bits,
                                     unsigned value))
{
	for (unsigned bits = 0; bits <= 8; bits++) {
		for (unsigned value = 0; value < 256; value += 0x100 >> bits) {
			steer_client_t client = { world->where->family, world->where->begin + bits, { 0 } };
			place_address(client.address, world->where, value);
			take(world, ctx, &client, bits, value);
		}
	}
}

typedef struct {
	steer_classed_network_t networks[WORLD_MAX];
	uint32_t count;
} blocks_t;

static void scan_client(world_t *world, const void *ctx, const steer_client_t *client,
                        unsigned bits, unsigned value)
{
	const blocks_t *blocks = ctx;
	world->finds[bits][value] = scan(blocks->networks, blocks->count, client);
}

static void compare_client(world_t *world, const void *ctx, const steer_client_t *client,
                           unsigned bits, unsigned value)
{
	uint8_t scope;
	const finds_t finds = walk(ctx, client, &scope);
	assert_memory_equal(&finds, &world->finds[bits][value], sizeof(finds));
	assert_int_equal(scope, scope_of(world, value));
}

static void small_worlds_are_as_a_scan_says(void **state)
{
	(void)state;
	static world_t world;
	for (unsigned i = 0; i < 60 * PLACES; i++) {
		blocks_t blocks;
		uint32_t around;
		world.where = &places[i % PLACES];
		blocks.count = world_draw(blocks.networks, world.where, LOCATIONS, &around);
		for (unsigned choice = 0; choice < CHOICES; choice++) {
			world.around.locations[choice] = is_used(choice, around) ? around : 0;
		}
		each_client(&world, &blocks, scan_client);
		steer_network_map_t map;
		size_t size;
		uint8_t *bytes = make(&map, &size, blocks.networks, blocks.count);
		each_client(&world, &map, compare_client);
		free(bytes);
	}
}

static void blocks_around_a_client(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		const char *client;
		const char *locations; /*!< Of the blocks, the longest first. */
		uint8_t scope;
	} cases[] = {
		{ "an address",                 "10.1.2.3/32", "321", 24 },
		{ "a client as long as it",     "10.1.2.0/24", "321", 24 },
		{ "one bit shorter",            "10.1.2.0/23", "21", 24 },
		{ "shorter than two",           "10.1.0.0/15", "1", 23 },
		{ "shorter than all",           "10.0.0.0/7", "", 16 },
		{ "beside the inner one",       "10.1.3.0/24", "21", 24 },
		{ "in the outer one alone",     "10.2.0.0/16", "1", 15 },
		{ "in none",                    "11.0.0.0/8", "", 8 },
		{ "in one of the same location", "10.128.7.7/32", "1", 9 },
		{ "in half of a location",      "192.0.2.3/32", "4", 25 },
		{ "in the other half",          "192.0.2.200/32", "4", 25 },
		{ "in both halves",             "192.0.2.0/24", "", 25 },
		{ "in no location inside one",  "10.192.0.0/16", "1", 9 },
		{ "of the other family",        "2001:db8::/32", "", 0 },
	};
	steer_classed_network_t networks[] = {
		network_parse("10.0.0.0/8", 1), network_parse("10.1.0.0/16", 2),
		network_parse("10.1.2.0/24", 3), network_parse("10.128.0.0/9", 1),
		network_parse("10.192.0.0/10", 0), network_parse("192.0.2.0/25", 4),
		network_parse("192.0.2.128/25", 4),
	};
	steer_network_map_t map;
	size_t size;
	uint8_t *bytes = make(&map, &size, networks, COUNT(networks));
	assert_int_equal(map.classes_count, 5);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const steer_client_t client = client_parse(cases[i].client);
		const steer_network_match_t match = steer_network_map_find(&map, &client);
		steer_network_block_t block;
		uint32_t class = match.class;
		for (const char *wanted = cases[i].locations; *wanted != '\0'; wanted++) {
			assert_true(steer_network_blocks_next(&map, &class, &client, &block));
			assert_int_equal(block.location, *wanted - '0');
		}
		assert_false(steer_network_blocks_next(&map, &class, &client, &block));
		assert_int_equal(match.scope, cases[i].scope);
	}
	free(bytes);
}

static void blocks_that_cannot_be_are_named(void **state)
{
	(void)state;
	steer_classed_network_t networks[] = {
		network_parse("10.0.0.0/8", 1), network_parse("192.0.2.0/24", 1),
		network_parse("10.0.0.0/8", 2),
	};
	uint8_t table[COUNT(networks) * STEER_BLOCK_SIZE];
	uint32_t entries = 7, at = 7;
	assert_int_equal(steer_network_blocks_make(networks, COUNT(networks), table, &entries, &at),
	                 STEER_EEXIST);
	assert_int_equal(at, 1);
	assert_int_equal(entries, 7);
}

/* Damage: the classes begin at the first byte of the first entry in a map of two blocks. */

static int open_blocks(const void *value, size_t size)
{
	steer_network_map_t map;
	int ret = steer_network_map_open(&map, value, size);
	return ret == STEER_OK ? steer_network_blocks_open(&map) : ret;
}

static void damaged_blocks_are_refused(void **state)
{
	(void)state;
	steer_classed_network_t networks[] = {
		network_parse("2001:db8::/32", 1), network_parse("2001:db8:1::/48", 2),
	};
	steer_network_map_t map;
	size_t size;
	uint8_t *bytes = make(&map, &size, networks, COUNT(networks));
	const size_t first = map.classes - bytes, second = first + STEER_BLOCK_SIZE;
	const damage_t cases[] = {
		{ "no location",                first + 0, 0 },
		{ "its own parent",             first + 4, 1 },
		{ "a parent after it",          first + 4, 2 },
		{ "a parent that is not there", first + 5, 4 },
		{ "a length of 129",            second + 8, 129 },
		{ "as long as its parent",      second + 8, 32 },
		{ "a reserved field",           second + 9, 1 },
		{ "the other",                  second + 11, 1 },
		{ "entries of another size",    32, STEER_BLOCK_SIZE / 2 },
	};
	seeds_write("network_map", "blocks", 0, 1, bytes, size);
	assert_bits_matter(bytes, size, open_blocks);
	assert_damage_is_seen(bytes, size, open_blocks, cases, COUNT(cases));
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_worlds_are_as_a_scan_says),
		cmocka_unit_test(blocks_around_a_client),
		cmocka_unit_test(blocks_that_cannot_be_are_named),
		cmocka_unit_test(damaged_blocks_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
