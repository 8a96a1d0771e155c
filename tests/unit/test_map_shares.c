/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/network_blocks.h"
#include "ctl/map_shares.h"
#include "formats/network_text.h"
#include "formats/place_text.h"
#include "unit/maps.h"
#include "unit/networks.h"
#include "unit/test.h"

#define NUMBERS_MAX 8

/* Small worlds, compared with a scan of their addresses. */

/*! What the classes of a world say, from 1: of places, one in no table and one of no place, too. */
static const char *const rows[][NUMBERS_MAX] = {
	[STEER_MAP_GEO] = { ",NO,,", ",NO,03,", ",US,NY,", ",US,CA,", "EU,,,", "AF,EH,,", ",,,1" },
	[STEER_MAP_CIDR] = { "a", "b", "c", "d" },
	[STEER_MAP_ASN] = { "64500", "64501", "64502", "64503" },
};
static const char *const headers[] = {
	[STEER_MAP_GEO] = "prefix,continent,country,subdivision,anycast",
	[STEER_MAP_CIDR] = "prefix,location", [STEER_MAP_ASN] = "prefix,asn",
};
/*! What record sets name. */
static const char *const set_places[NUMBERS_MAX] = {
	"country:NO", "country:NO/03", "country:US/NY", "country:US", "continent:EU", "continent:NA",
	"continent:AF", "country:EH",
};

typedef struct {
	steer_map_type_t type;
	const place_t *where;
	uint8_t *value;
	steer_map_t map;
	uint32_t numbers[NUMBERS_MAX]; /*!< Rising. */
	unsigned count;
} world_t;

static int rising(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/*! Writes the map as CSV. Locations come in order first, where no client of the world is. */
static void world_write(FILE *out, const world_t *world, const steer_classed_network_t *networks,
                        uint32_t count)
{
	char text[STEER_NETWORK_TEXT];
	fprintf(out, "%s\n", headers[world->type]);
	for (unsigned i = 0; world->type == STEER_MAP_CIDR && rows[world->type][i] != NULL; i++) {
		fprintf(out, world->where->family == 4 ? "2001:db8:%u::/48,%s\n" : "192.0.%u.0/24,%s\n", i,
		        rows[world->type][i]);
	}
	for (uint32_t i = 0; i < count; i++) {
		const char *row = networks[i].class > 0 ? rows[world->type][networks[i].class - 1]
		                  : world->type == STEER_MAP_GEO ? ",,," : "";
		if (networks[i].class > 0 || world->type != STEER_MAP_CIDR) {
			fprintf(out, "%s,%s\n", steer_network_print(&networks[i].network, text), row);
		}
	}
}

static void world_make(world_t *world, steer_map_type_t type, const place_t *where)
{
	steer_classed_network_t networks[WORLD_MAX];
	uint32_t around, classes = 0;
	char *csv = NULL;
	size_t size;
	*world = (world_t) { .type = type, .where = where };
	while (classes < NUMBERS_MAX && rows[type][classes] != NULL) {
		classes++;
	}
	uint32_t count = world_draw(networks, where, classes, &around);
	FILE *out = open_memstream(&csv, &size);
	world_write(out, world, networks, count);
	fclose(out);
	world->value = map_make(type, csv, 1, &size);
	assert_int_equal(steer_map_open(&world->map, world->value, size), STEER_OK);
	free(csv);
	world->count = type == STEER_MAP_GEO ? NUMBERS_MAX : classes;
	for (unsigned i = 0; i < world->count; i++) {
		world->numbers[i] = type == STEER_MAP_ASN ? 64500 + i : 2 + i; // After the collection.
		assert_true(type != STEER_MAP_GEO || steer_geo_parse(set_places[i], &world->numbers[i]));
	}
	qsort(world->numbers, world->count, sizeof(*world->numbers), rising);
}

/*! Whether a set for a place is for a client in another, by their texts. */
static bool contains(steer_geo_t place, steer_geo_t client)
{
	char set[STEER_GEO_TEXT], own[STEER_GEO_TEXT], continent[STEER_GEO_CODE_TEXT];
	steer_geo_print(place, set);
	steer_geo_print(client, own);
	if (strncmp(set, "continent:", 10) == 0) {
		return strcmp(set + 10, steer_geo_continent_print(client, continent)) == 0;
	}
	const size_t len = strlen(set);
	return strncmp(set, own, len) == 0 && (own[len] == '\0' || own[len] == '/');
}

/*! Whether a map says a number of a client. \param[in] number  0: anything */
static bool says(const world_t *world, const steer_client_t *client, uint32_t number)
{
	uint32_t class = steer_network_map_find(&world->map.networks, client).class;
	steer_network_block_t block;
	if (number == 0) {
		return world->type == STEER_MAP_GEO ? steer_map_place(&world->map, class).geo != 0
		                                    : class != 0;
	}
	switch (world->type) {
	case STEER_MAP_GEO:
		return contains(number, steer_map_place(&world->map, class).geo);
	case STEER_MAP_ASN:
		return steer_map_asn(&world->map, class) == number;
	default:
		while (steer_network_blocks_next(&world->map.networks, &class, client, &block)) {
			if (block.location == number) {
				return true;
			}
		}
		return false;
	}
}

static bool says_one(const world_t *world, const steer_client_t *client, const uint32_t *numbers,
                     unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (says(world, client, numbers[i])) {
			return true;
		}
	}
	return false;
}

typedef unsigned __int128 count_t;

/*! Counts the addresses of the world's family: each value, and the rest, where all say the same. */
static count_t scan(const world_t *world, const uint32_t *numbers, unsigned count)
{
	steer_client_t client = { .family = world->where->family };
	const unsigned bits = client.length = steer_network_bits(&client), begin = world->where->begin;
	const count_t one = 1, all = bits < 128 ? one << bits : ~(one - one);
	count_t sum = 0;
	unsigned values = 0;
	for (unsigned value = 0; value < 256; value++) {
		place_address(client.address, world->where, value);
		values += says_one(world, &client, numbers, count);
	}
	sum = begin == 0 && values == 256 ? all : values * (one << (bits - begin - 8));
	if (begin > 0) {
		client.address[0] ^= 0x80;
		const count_t rest = all - (one << (bits - begin)) + (bits == 128);
		sum = !says_one(world, &client, numbers, count) ? sum : sum > all - rest ? all : sum + rest;
	}
	return sum;
}

static count_t of_world(const world_t *world, map_addresses_t addresses)
{
	return world->where->family == 4 ? addresses.v4 : addresses.v6;
}

static void check_choices(const world_t *world, map_shares_t *shares)
{
	static const uint32_t anything = 0;
	assert_true(of_world(world, map_shares_known(shares)) == scan(world, &anything, 1));
	for (unsigned turn = 0; turn < 2 * NUMBERS_MAX; turn++) {
		const unsigned choice = turn < world->count ? 1u << turn
		                        : networks_draw(1u << world->count);
		uint32_t numbers[NUMBERS_MAX];
		unsigned count = 0;
		map_addresses_t addresses;
		for (unsigned i = 0; i < world->count; i++) {
			if (choice >> i & 1) {
				numbers[count++] = world->numbers[i];
			}
		}
		assert_true(map_shares_of(shares, numbers, count, &addresses));
		const count_t want = scan(world, numbers, count);
		assert_true(of_world(world, addresses) == want);
		if (count == 1 && world->type != STEER_MAP_CIDR) {
			assert_int_equal(map_shares_have(shares, numbers[0]), want > 0);
		}
	}
}

static void shares_are_those_of_a_scan(void **state)
{
	static const steer_map_type_t types[] = { STEER_MAP_GEO, STEER_MAP_CIDR, STEER_MAP_ASN };
	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		for (unsigned place = 0; place < PLACES; place++) {
			for (unsigned turn = 0; turn < 10; turn++) {
				world_t world;
				world_make(&world, types[i], &places[place]);
				map_shares_t *shares = map_shares_new(&world.map);
				assert_non_null(shares);
				check_choices(&world, shares);
				map_shares_free(shares);
				free(world.value);
			}
		}
	}
}

/* What the map has. */

static map_shares_t *make(steer_map_type_t type, const char *csv, steer_map_t *map, uint8_t **value)
{
	size_t size;
	*value = map_make(type, csv, 1, &size);
	assert_int_equal(steer_map_open(map, *value, size), STEER_OK);
	map_shares_t *shares = map_shares_new(map);
	assert_non_null(shares);
	return shares;
}

static void a_map_has_numbers(void **state)
{
	static const struct {
		const char *what;
		steer_map_type_t type;
		const char *csv;
		bool has[5]; /*!< Numbers from 0. */
	} cases[] = {
		{ "regions of latencies", STEER_MAP_LATENCY, "prefix,region,rtt_ms\n"
		  "192.0.2.0/24,x,1\n192.0.2.0/24,y,1\n2001:db8::/32,z,1\n",
		  { false, true, true, true, false } },
		{ "locations, after the collection", STEER_MAP_CIDR, "prefix,location\n"
		  "192.0.2.0/24,x\n192.0.2.0/25,y\n2001:db8::/32,z\n",
		  { false, false, true, true, true } },
		{ "one that others cover", STEER_MAP_ASN, "prefix,asn\n"
		  "192.0.2.0/24,1\n192.0.2.0/25,2\n192.0.2.128/25,3\n",
		  { false, false, true, true, false } },
		{ "nothing", STEER_MAP_ASN, "prefix,asn\n192.0.2.0/24,0\n", { false } },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_map_t map;
		uint8_t *value;
		map_shares_t *shares = make(cases[i].type, cases[i].csv, &map, &value);
		print_message("  %s\n", cases[i].what);
		for (uint32_t number = 0; number < COUNT(cases[i].has); number++) {
			assert_int_equal(map_shares_have(shares, number), cases[i].has[number]);
		}
		map_shares_free(shares);
		free(value);
	}
}

/*! Blocks inside others are looked at one by one, so there is an end to it. */
static void nested_blocks_are_bounded(void **state)
{
	static const uint32_t number = 2;
	char *csv = NULL;
	size_t size;
	uint8_t *value;
	steer_map_t map;
	map_addresses_t addresses;
	unsigned counts = 0;
	FILE *out = open_memstream(&csv, &size);
	(void)state;
	fprintf(out, "prefix,location\n");
	for (unsigned length = 1; length <= 128; length++) {
		fprintf(out, "8000::/%u,%s\n", length, length % 2 ? "x" : "y");
	}
	fclose(out);
	map_shares_t *shares = make(STEER_MAP_CIDR, csv, &map, &value);
	while (counts < 1000000 && map_shares_of(shares, &number, 1, &addresses)) {
		assert_true(addresses.v6 == (count_t)1 << 127);
		counts++;
	}
	assert_in_range(counts, 10000, 999999);
	assert_false(map_shares_of(shares, &number, 1, &addresses));
	map_shares_free(shares);
	free(value);
	free(csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_those_of_a_scan),
		cmocka_unit_test(a_map_has_numbers),
		cmocka_unit_test(nested_blocks_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
