/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief How many addresses a map says what of: for check, which tells for how many clients a
 *        policy has no answer.
 *
 * What a map says is a number: a place (type geo), an autonomous system (asn), a location (cidr),
 * or a region (latency), of which no addresses are counted.
 *
 * Memory:   a few dozen bytes for each class of the map, which is borrowed.
 */
#pragma once

#include "core/map.h"

/*! Numbers of addresses of either IP version; all of IPv6 are one less. */
typedef struct {
	uint64_t v4;
	unsigned __int128 v6;
} map_addresses_t;

typedef struct map_shares map_shares_t;

/*! Counts all addresses of a map. \return NULL: out of memory */
map_shares_t *map_shares_new(const steer_map_t *map);
/*! May be NULL. */
void map_shares_free(map_shares_t *shares);

/*! Addresses of which the map says something. */
map_addresses_t map_shares_known(const map_shares_t *shares);
/*! Whether the map says this number of any address. */
bool map_shares_have(const map_shares_t *shares, uint32_t number);
/*!
 * Counts the addresses of which the map says one of some numbers: those in these places, of these
 * autonomous systems, or in blocks of these locations.
 *
 * \param[in]  numbers    Rising.
 * \param[out] addresses  Of these.
 *
 * \return false: it would take too long, since very many blocks are inside others. This takes all
 *         counts of the map together.
 */
bool map_shares_of(map_shares_t *shares, const uint32_t *numbers, size_t count,
                   map_addresses_t *addresses);
