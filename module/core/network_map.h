/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Maps of networks: which class an address has by the longest network that contains it.
 *
 * A map is made of networks, which may be nested, and each has a class: a number that names an
 * entry of the map's table, or 0. Compiled, it has disjoint ranges of addresses instead, and two
 * tables by which one of them is found with few comparisons. No two ranges that follow each other
 * have the same class, so they also tell the shortest prefix around an address on which the map is
 * constant, which is the scope of an answer (RFC 7871).
 *
 * Threads:  pure functions; any thread.
 * Memory:   an open map borrows its bytes, at any address. To sort the networks that it is made
 *           of needs as much memory again as they have.
 * Trust:    steer_network_map_open() checks all that a look into the map relies on, once, in time
 *           proportional to its size.
 * Rules:    steer-policies(7), C5.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/network.h"
#include "core/network_ranges.h"
#include "schema/layout.h"
#include "steer/error.h"
#include "steer/reply.h"

/*! A network and its class. */
typedef struct {
	steer_network_t network;
	uint32_t class; /*!< Number of an entry in the table of classes, from 1; 0: none. */
	uint32_t line;  /*!< The caller's, for its messages. */
} steer_classed_network_t;

/*! An open map. */
typedef struct {
	steer_network_ranges_t v4, v6;
	const uint8_t *groups, *lows;
	const uint8_t *classes;
	uint32_t classes_count, class_size;
	uint32_t networks; /*!< That the map was made of. */
	uint8_t type;
} steer_network_map_t;

/*! What a map says of a client. */
typedef struct {
	uint32_t class; /*!< 0: none. */
	/*!
	 * Length of the shortest prefix around the client's first address on which the map is constant;
	 * it can be longer than the client's own.
	 */
	uint8_t scope;
} steer_network_match_t;

/*!
 * Opens a stored value as a map.
 *
 * \retval STEER_OK
 * \retval STEER_EDAMAGED  Wrong checksum, size, format, order or bound, or a reserved field in use.
 */
int steer_network_map_open(steer_network_map_t *map, const void *value, size_t size);

/*!
 * Finds the class of a client: that of its first address, where its prefix is shorter than the
 * networks in it. A client of no family has none, and its scope is 0.
 */
steer_network_match_t steer_network_map_find(const steer_network_map_t *map,
                                             const steer_client_t *client);

/*! A walk over all addresses of a family. */
typedef struct {
	steer_network_t network; /*!< The largest one on which the map says the same. */
	uint32_t class;          /*!< What it says; 0: none. */
	bool begun;
} steer_network_walk_t;

/*!
 * Goes to the next network, or the first one.
 *
 * \param[in,out] walk  First zero with the family of its network.
 *
 * \return false: there are no more.
 */
bool steer_network_map_next(const steer_network_map_t *map, steer_network_walk_t *walk);

/*! Entry of a class in the table; NULL: the class is 0. */
static inline const uint8_t *steer_network_map_class(const steer_network_map_t *map, uint32_t class)
{
	return class == 0 ? NULL : map->classes + (size_t)(class - 1) * map->class_size;
}

/*!
 * Views the parts of a map with this header, for its writer. \return the size that the header says
 */
uint64_t steer_network_map_view(steer_network_map_t *map, const uint8_t *at);

/*!
 * Sorts networks: those of IPv4 first, each before those inside it.
 *
 * \param[in]  classes  Largest class.
 * \param[out] at       On an error: position of the network, as sorted.
 *
 * \retval STEER_OK
 * \retval STEER_EINVAL  A network with a wrong family, length or class, or with bits after its
 *                       length.
 * \retval STEER_EEXIST  A network is there twice; the one before it is the same.
 */
int steer_networks_sort(steer_classed_network_t *networks, uint32_t count, uint32_t classes,
                        uint32_t *at);

/*! What a map is to be made of. */
typedef struct {
	steer_classed_network_t *networks; /*!< In any order; they are sorted. */
	uint32_t networks_count;
	uint8_t type;
	uint32_t classes_count;
	uint32_t class_size;               /*!< Bytes of an entry of the table. */
	const void *classes;               /*!< The table. */
} steer_network_map_model_t;

/*!
 * Makes a map.
 *
 * \param[out]    buf    Buffer, or NULL to learn the size.
 * \param[in,out] size   Size of buf; then the bytes written or needed.
 * \param[in]     model  Networks and classes.
 * \param[out]    at     As for steer_networks_sort().
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE  buf is too small, or the map would exceed STEER_NETWORKS_MAX or 4 GiB.
 * \retval STEER_EINVAL, STEER_EEXIST  As for steer_networks_sort().
 */
int steer_network_map_build(uint8_t *buf, size_t *size, const steer_network_map_model_t *model,
                            uint32_t *at);
