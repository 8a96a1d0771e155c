/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Where the client of a question is, as the maps of a store say.
 *
 * A map is looked up when a policy first asks for it. Each lookup adds its scope to that of the
 * answer, whatever becomes of what it found: the scope of an answer is the longest of these.
 *
 * Threads:  a locator belongs to its answer.
 * Memory:   maps are borrowed from a snapshot.
 * Rules:    steer-policies(7), C1, C2, C4 to C6, GP2, GP3.
 */
#pragma once

#include "core/map.h"
#include "steer/reply.h"

/*! The maps that policies use. */
typedef struct steer_maps {
	const steer_map_t *geo, *latency, *asn; /*!< NULL: there is none. */
	const steer_map_place_t *place; /*!< Where each client is, whatever geo says; NULL: as it says. */
	/*! The map of a collection. \return NULL: there is none. */
	const steer_map_t *(*collection)(void *ctx, uint32_t collection);
	/*! Where a region is: as a map says, else as schema/regions.csv does. \return false: unknown */
	bool (*region)(void *ctx, uint32_t region, steer_coordinates_t *point);
	/*!
	 * Receives each lookup of a client in one of the maps, for explain; NULL: nobody does.
	 *
	 * \param[in] map  NULL: there is none of this type, or of the collection asked for last.
	 */
	void (*looked_up)(void *ctx, steer_map_type_t type, const steer_map_t *map,
	                  const steer_network_match_t *match);
	void *ctx;
} steer_maps_t;

/*! The client of an answer, and what the maps say about it. Only steer_locator functions use it. */
typedef struct {
	const steer_maps_t *maps;         /*!< NULL: there are none. */
	const steer_question_t *question;
	uint8_t *scope;                   /*!< Of the answer. */
	steer_client_t client;
	bool subnet;                      /*!< The client is an EDNS client subnet. */
	uint8_t block;                    /*!< As of steer_client_of(). */
	bool has_client, has_hash, has_place, has_latencies, has_asn;
	uint64_t hash;
	steer_map_place_t place;
	steer_map_latencies_t latencies;
	uint32_t asn;
	/*! Bits that these depend on; STEER_BITS_NONE: there is no map. */
	int16_t hash_bits, place_bits, latencies_bits, asn_bits;
	int16_t bits;                     /*!< As of steer_locator_take_bits(). */
} steer_locator_t;

/*! Not even the client's family. */
#define STEER_BITS_NONE (-1)

/*! Begins an answer. \param[in,out] scope  Of the answer: it only grows. */
static inline void steer_locator_begin(steer_locator_t *locator, const steer_maps_t *maps,
                                       const steer_question_t *question, uint8_t *scope)
{
	locator->maps = maps;
	locator->question = question;
	locator->scope = scope;
	locator->has_client = locator->has_hash = false;
	locator->has_place = locator->has_latencies = locator->has_asn = false;
	locator->bits = STEER_BITS_NONE;
}

/*!
 * Tells the longest prefix of the client that anything asked of a locator has depended on since the
 * last call. \return bits; STEER_BITS_NONE: on none
 */
static inline int steer_locator_take_bits(steer_locator_t *locator)
{
	const int bits = locator->bits;
	locator->bits = STEER_BITS_NONE;
	return bits;
}

/*! Adds to the scope something that depends on these first bits of the client (rule C2). */
void steer_locator_add_bits(steer_locator_t *locator, int bits);

/*! As steer_client_number(), of the client. */
uint64_t steer_locator_client(steer_locator_t *locator, uint8_t *bits);

/*! Hash of the client for "sticky" (rule C3). */
uint64_t steer_locator_hash(steer_locator_t *locator);
/*! The client's place; unknown if there is no map. */
const steer_map_place_t *steer_locator_place(steer_locator_t *locator);
/*! The client's coordinates: its own, or those of its country. \return false: unknown */
bool steer_locator_point(steer_locator_t *locator, steer_coordinates_t *point);
/*! Coordinates of a region. \return false: unknown */
bool steer_locator_region(const steer_locator_t *locator, uint32_t region,
                          steer_coordinates_t *point);
/*! The client's latencies; none if there is no map. */
const steer_map_latencies_t *steer_locator_latencies(steer_locator_t *locator);
/*! The client's autonomous system; 0: unknown. */
uint32_t steer_locator_asn(steer_locator_t *locator);

/*! A walk over the blocks of a collection that contain the client, the longest first. */
typedef struct {
	const steer_map_t *map; /*!< NULL: there is none. */
	uint32_t class;
} steer_blocks_walk_t;

steer_blocks_walk_t steer_locator_blocks(steer_locator_t *locator, uint32_t collection);
/*! \return false: there is no other block. */
static inline bool steer_locator_next_block(const steer_locator_t *locator,
                                            steer_blocks_walk_t *walk,
                                            steer_network_block_t *block)
{
	return walk->map != NULL && steer_network_blocks_next(&walk->map->networks, &walk->class,
	                                                      &locator->client, block);
}
