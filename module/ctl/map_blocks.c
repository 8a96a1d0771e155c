/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/map.h"
#include "ctl/options.h"

typedef struct {
	const view_t *view;
	const steer_map_t *map;
	map_block_f take;
	void *ctx;
	uint32_t block; /*!< The last one that was taken. */
} blocks_t;

/*! The first address of a network as a client. */
static steer_client_t client_of(const steer_network_t *network)
{
	steer_client_t client = *network;
	client.length = steer_network_bits(network);
	return client;
}

/*! Takes the block around a network. */
static int take_block(const blocks_t *blocks, const steer_network_t *network,
                      const steer_network_block_t *block)
{
	char location[MAP_NAME_TEXT];
	steer_network_t around = *network;
	around.length = block->length;
	steer_network_clear_rest(&around);
	int ret = map_view_name(blocks->view, STEER_DICTIONARY_LOCATION, block->location, location);
	return ret == GO_ON ? blocks->take(blocks->ctx, &around, location) : ret;
}

/*! Takes the blocks around a network that have not been taken: those after the last one. */
static int take_around(blocks_t *blocks, const steer_network_t *network, uint32_t class)
{
	const steer_client_t client = client_of(network);
	const uint32_t last = class;
	steer_network_block_t around[128 + 1]; // One for each length.
	unsigned count = 0;
	int ret = GO_ON;
	while (class > blocks->block &&
	       steer_network_blocks_next(&blocks->map->networks, &class, &client, &around[count])) {
		count++;
	}
	while (count > 0 && ret == GO_ON) {
		ret = take_block(blocks, network, &around[--count]);
	}
	blocks->block = last > blocks->block ? last : blocks->block;
	return ret;
}

int map_each_block(const view_t *view, const steer_map_t *map, map_block_f take, void *ctx)
{
	static const uint8_t families[] = { 4, 6 };
	blocks_t blocks = { view, map, take, ctx, 0 };
	int ret = GO_ON;
	for (size_t i = 0; i < sizeof(families); i++) {
		steer_network_walk_t walk = { .network.family = families[i] };
		while (ret == GO_ON && steer_network_map_next(&map->networks, &walk)) {
			if (walk.class != 0) {
				ret = take_around(&blocks, &walk.network, walk.class);
			}
		}
	}
	return ret;
}
