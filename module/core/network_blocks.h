/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Maps of blocks: all networks that contain a client, from the longest to the shortest.
 *
 * Each block belongs to a location. Whoever uses some locations alone takes the longest block of
 * these, so for an address the map has all blocks around it: its classes are blocks, and each names
 * the one around it. What a client finds is decided by the block that is its class and by its own
 * length, so the scope of the match is right whichever locations are used: a resolver that caches
 * by it gives no client what another block or another length would have given it. It is the
 * shortest such one for all choices of locations together; for one of them a shorter one may do.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 * Trust:    a map from the store is opened by steer_network_map_open(), then by
 *           steer_network_blocks_open(), before anything else of it is used.
 * Rules:    steer-policies(7), C5, IP1, IP2.
 */
#pragma once

#include "core/network_map.h"

/*! A block. */
typedef struct {
	uint32_t location; /*!< That it belongs to, at least 1. */
	uint8_t length;    /*!< Of its prefix. */
} steer_network_block_t;

/*!
 * Makes blocks the classes of their networks.
 *
 * \param[in,out] networks  Networks with their locations as classes; 0: the block is not there.
 *                          They are sorted, and have classes of the table.
 * \param[in]     count     Their number.
 * \param[out]    table     Room for count entries of STEER_BLOCK_SIZE bytes.
 * \param[out]    entries   Number of entries written.
 * \param[out]    at        As for steer_networks_sort().
 *
 * \return As steer_networks_sort().
 */
int steer_network_blocks_make(steer_classed_network_t *networks, uint32_t count, uint8_t *table,
                              uint32_t *entries, uint32_t *at);

/*! Checks the classes of an open map. \retval STEER_OK, STEER_EDAMAGED */
int steer_network_blocks_open(const steer_network_map_t *map);

/*!
 * Walks the blocks that contain a client and are not longer than its prefix, the longest first.
 *
 * \param[in,out] class  First the class of the client, then where the walk is.
 *
 * \return false: there is no other block.
 */
static inline bool steer_network_blocks_next(const steer_network_map_t *map, uint32_t *class,
                                             const steer_client_t *client,
                                             steer_network_block_t *block)
{
	while (*class != 0) {
		const uint8_t *entry = steer_network_map_class(map, *class);
		*class = get_block_parent(entry);
		if (get_block_length(entry) <= client->length) {
			*block = (steer_network_block_t) {
				get_block_location(entry), get_block_length(entry)
			};
			return true;
		}
	}
	return false;
}
