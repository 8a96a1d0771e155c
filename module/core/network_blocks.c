/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/network_blocks.h"

/*! Whether the second of two networks, as they are sorted, is inside the first. */
static bool is_inside(const steer_network_t *around, const steer_network_t *network)
{
	return around->family == network->family &&
	       steer_bits_equal(around->address, network->address, around->length);
}

static uint32_t location_of(const uint8_t *table, uint32_t class)
{
	return class == 0 ? 0 : get_block_location(table + (size_t)(class - 1) * STEER_BLOCK_SIZE);
}

static void entry_write(uint8_t *at, uint32_t location, uint32_t parent, uint8_t length)
{
	put_block_location(at, location);
	put_block_parent(at, parent);
	put_block_length(at, length);
	put_block_reserved(at, 0);
	put_block_reserved2(at, 0);
}

int steer_network_blocks_make(steer_classed_network_t *networks, uint32_t count, uint8_t *table,
                              uint32_t *entries, uint32_t *at)
{
	const steer_classed_network_t *around[129]; // The networks that contain the current one.
	unsigned depth = 0;
	uint32_t made = 0;
	int ret = steer_networks_sort(networks, count, UINT32_MAX, at);
	for (uint32_t i = 0; ret == STEER_OK && i < count; i++) {
		while (depth > 0 && !is_inside(&around[depth - 1]->network, &networks[i].network)) {
			depth--;
		}
		const uint32_t parent = depth > 0 ? around[depth - 1]->class : 0;
		const uint32_t location = networks[i].class;
		if (location == 0 || location == location_of(table, parent)) {
			networks[i].class = parent;
		} else {
			entry_write(table + (size_t)made * STEER_BLOCK_SIZE, location, parent,
			            networks[i].network.length);
			networks[i].class = ++made;
		}
		around[depth++] = &networks[i];
	}
	if (ret == STEER_OK) {
		*entries = made;
	}
	return ret;
}

int steer_network_blocks_open(const steer_network_map_t *map)
{
	if (map->class_size != STEER_BLOCK_SIZE) {
		return STEER_EDAMAGED;
	}
	for (uint32_t i = 1; i <= map->classes_count; i++) {
		const uint8_t *entry = steer_network_map_class(map, i);
		const uint32_t parent = get_block_parent(entry);
		// A parent is before its children, and shorter, so that each walk ends.
		if (get_block_location(entry) == 0 || parent >= i || get_block_length(entry) > 128 ||
		    get_block_reserved(entry) != 0 || get_block_reserved2(entry) != 0 ||
		    (parent != 0 &&
		     get_block_length(steer_network_map_class(map, parent)) >= get_block_length(entry))) {
			return STEER_EDAMAGED;
		}
	}
	return STEER_OK;
}
