/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any bytes as a map of networks: refused, or whatever is looked up is inside; any networks:
 *        refused, or the map made of them says what a scan says.
 *
 * The first byte says what the rest is. With 2 in it: networks, each a byte for its family and its
 * class, one for its length, and the bytes of its address. Else a map; if 1 is in it, the size and
 * the sum are corrected first, since otherwise almost every change would end at them.
 */
#include <stdlib.h>
#include <string.h>

#include "core/network_blocks.h"
#include "core/node.h"
#include "tests/fuzz/target.h"

#define LOOKS        64 /*!< Ranges of each family whose borders are looked up. */
#define NETWORKS_MAX 64
#define CLASSES      16

static void find(const steer_network_map_t *map, bool blocks, const steer_client_t *client)
{
	const steer_network_match_t match = steer_network_map_find(map, client);
	require(match.class <= map->classes_count);
	require(match.scope <= (client->family == 4 ? 32 : 128));
	if (match.class != 0) {
		touch(steer_network_map_class(map, match.class), map->class_size);
	}
	steer_network_block_t block;
	uint32_t class = match.class, steps = 0;
	while (blocks && steer_network_blocks_next(map, &class, client, &block)) {
		require(block.length <= client->length && ++steps <= 129);
	}
}

/*! Looks up an address, given by the bytes that it begins with, and the one before it. */
static void find_around(const steer_network_map_t *map, bool blocks, uint8_t family, uint64_t start)
{
	for (unsigned i = 0; i < 2; i++, start--) {
		steer_client_t client = { family, family == 4 ? 32 : 128, { 0 } };
		const unsigned bytes = family == 4 ? 4 : 8;
		for (unsigned k = 0; k < bytes; k++) {
			client.address[k] = start >> 8 * (bytes - 1 - k);
		}
		find(map, blocks, &client);
		memset(client.address + bytes, 0xff, sizeof(client.address) - bytes);
		find(map, blocks, &client);
	}
}

static void try_map(const uint8_t *bytes, size_t size)
{
	steer_network_map_t map;
	if (steer_network_map_open(&map, bytes, size) != STEER_OK) {
		return;
	}
	const bool blocks = steer_network_blocks_open(&map) == STEER_OK;
	for (uint32_t i = 0; i < map.v4.count && i < LOOKS; i++) {
		find_around(&map, blocks, 4, get_range_start(map.v4.ranges + i * STEER_RANGE_SIZE));
	}
	for (uint32_t i = 0; i < map.v6.count && i < LOOKS; i++) {
		find_around(&map, blocks, 6, get_half_start(map.v6.ranges + i * STEER_HALF_SIZE));
	}
}

static uint32_t scan(const steer_classed_network_t *networks, uint32_t count,
                     const steer_client_t *client)
{
	int longest = -1;
	uint32_t class = 0;
	for (uint32_t i = 0; i < count; i++) {
		const steer_network_t *network = &networks[i].network;
		if (network->family == client->family && network->length > longest &&
		    steer_bits_equal(network->address, client->address, network->length)) {
			longest = network->length;
			class = networks[i].class;
		}
	}
	return class;
}

/*! Compares what a map says of the first and of the last address of each network. */
static void compare(const steer_network_map_t *map, const steer_classed_network_t *networks,
                    uint32_t count)
{
	for (uint32_t i = 0; i < 2 * count; i++) {
		const steer_network_t *network = &networks[i / 2].network;
		steer_client_t client = { network->family, steer_network_bits(network), { 0 } };
		memcpy(client.address, network->address, sizeof(client.address));
		for (unsigned bit = network->length; i % 2 == 1 && bit < client.length; bit++) {
			client.address[bit / 8] |= 0x80 >> bit % 8;
		}
		require(steer_network_map_find(map, &client).class == scan(networks, count, &client));
		find(map, false, &client);
	}
}

static void try_networks(const uint8_t *bytes, size_t size)
{
	static const uint8_t table[CLASSES];
	steer_classed_network_t networks[NETWORKS_MAX];
	steer_network_map_model_t model = { networks, 0, 0, CLASSES - 1, 1, table };
	uint32_t at;
	for (const uint8_t *end = bytes + size; model.networks_count < NETWORKS_MAX; ) {
		const size_t len = end - bytes >= 2 ? 2 + (bytes[1] + 7) / 8 : 0;
		if (len == 0 || (size_t)(end - bytes) < len || len > 18) {
			break;
		}
		steer_classed_network_t *network = &networks[model.networks_count++];
		*network = (steer_classed_network_t) {
			{ bytes[0] >= 0x80 ? 6 : 4, bytes[1], { 0 } }, bytes[0] % CLASSES, 0
		};
		memcpy(network->network.address, bytes + 2, len - 2);
		bytes += len;
	}
	size_t needed = 0;
	if (steer_network_map_build(NULL, &needed, &model, &at) != STEER_OK) {
		require(at < model.networks_count);
		return;
	}
	uint8_t *map = malloc(needed);
	steer_network_map_t view;
	if (map == NULL) {
		return;
	}
	require(steer_network_map_build(map, &needed, &model, &at) == STEER_OK);
	require(steer_network_map_open(&view, map, needed) == STEER_OK);
	compare(&view, networks, model.networks_count);
	free(map);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	size--;
	uint8_t *exact = malloc(size);
	if (exact == NULL) {
		return 0;
	}
	memcpy(exact, data + 1, size);
	if ((data[0] & 2) != 0) {
		try_networks(exact, size);
	} else {
		if ((data[0] & 1) != 0 && size >= STEER_MAP_HEADER) {
			put_map_size(exact, size);
			put_map_sum(exact, steer_value_sum(exact, size));
		}
		try_map(exact, size);
	}
	free(exact);
	return 0;
}
