/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/locate.h"

#include "core/client.h"

static const steer_client_t *client_of(steer_locator_t *locator)
{
	if (!locator->has_client) {
		locator->client = steer_client_of(locator->question, &locator->subnet, &locator->block);
		locator->has_client = true;
	}
	return &locator->client;
}

void steer_locator_add_bits(steer_locator_t *locator, int bits)
{
	if (bits != STEER_BITS_NONE) {
		const uint8_t scope = locator->subnet ? bits : locator->block;
		*locator->scope = scope > *locator->scope ? scope : *locator->scope;
		locator->bits = bits > locator->bits ? bits : locator->bits;
	}
}

/*!
 * Finds the client's class.
 *
 * \param[in]  map   NULL: there is none.
 * \param[out] bits  What it depends on.
 */
static uint32_t class_of(steer_locator_t *locator, steer_map_type_t type, const steer_map_t *map,
                         int16_t *bits)
{
	const steer_maps_t *maps = locator->maps;
	steer_network_match_t match = { 0 };
	*bits = STEER_BITS_NONE;
	if (map != NULL) {
		match = steer_network_map_find(&map->networks, client_of(locator));
		*bits = match.scope;
	}
	if (maps != NULL && maps->looked_up != NULL) {
		maps->looked_up(maps->ctx, type, map, &match);
	}
	return match.class;
}

uint64_t steer_locator_client(steer_locator_t *locator, uint8_t *bits)
{
	return steer_client_number(client_of(locator), bits);
}

uint64_t steer_locator_hash(steer_locator_t *locator)
{
	if (!locator->has_hash) {
		uint8_t bits;
		locator->hash = steer_client_hash(client_of(locator), &bits);
		locator->hash_bits = bits;
		locator->has_hash = true;
	}
	steer_locator_add_bits(locator, locator->hash_bits);
	return locator->hash;
}

const steer_map_place_t *steer_locator_place(steer_locator_t *locator)
{
	if (!locator->has_place) {
		const steer_maps_t *maps = locator->maps;
		const steer_map_t *map = maps != NULL ? maps->geo : NULL;
		const uint32_t class = class_of(locator, STEER_MAP_GEO, map, &locator->place_bits);
		locator->place = maps != NULL && maps->place != NULL ? *maps->place
		                 : class != 0 ? steer_map_place(map, class) : (steer_map_place_t) { 0 };
		locator->has_place = true;
	}
	steer_locator_add_bits(locator, locator->place_bits);
	return &locator->place;
}

bool steer_locator_point(steer_locator_t *locator, steer_coordinates_t *point)
{
	const steer_map_place_t *place = steer_locator_place(locator);
	if (place->has_point) {
		*point = place->point;
		return true;
	}
	const steer_country_t *country = steer_country_of(place->geo);
	if (country != NULL) {
		*point = country->middle;
	}
	return country != NULL;
}

bool steer_locator_region(const steer_locator_t *locator, uint32_t region,
                          steer_coordinates_t *point)
{
	const steer_maps_t *maps = locator->maps;
	return region != 0 && maps != NULL && maps->region(maps->ctx, region, point);
}

const steer_map_latencies_t *steer_locator_latencies(steer_locator_t *locator)
{
	if (!locator->has_latencies) {
		const steer_map_t *map = locator->maps != NULL ? locator->maps->latency : NULL;
		const uint32_t class = class_of(locator, STEER_MAP_LATENCY, map,
		                                &locator->latencies_bits);
		locator->latencies =
			class != 0 ? steer_map_latencies(map, class) : (steer_map_latencies_t) { 0 };
		locator->has_latencies = true;
	}
	steer_locator_add_bits(locator, locator->latencies_bits);
	return &locator->latencies;
}

uint32_t steer_locator_asn(steer_locator_t *locator)
{
	if (!locator->has_asn) {
		const steer_map_t *map = locator->maps != NULL ? locator->maps->asn : NULL;
		const uint32_t class = class_of(locator, STEER_MAP_ASN, map, &locator->asn_bits);
		locator->asn = class != 0 ? steer_map_asn(map, class) : 0;
		locator->has_asn = true;
	}
	steer_locator_add_bits(locator, locator->asn_bits);
	return locator->asn;
}

steer_blocks_walk_t steer_locator_blocks(steer_locator_t *locator, uint32_t collection)
{
	const steer_maps_t *maps = locator->maps;
	const steer_map_t *map =
		maps != NULL && collection != 0 ? maps->collection(maps->ctx, collection) : NULL;
	int16_t bits;
	const steer_blocks_walk_t walk = { map, class_of(locator, STEER_MAP_CIDR, map, &bits) };
	steer_locator_add_bits(locator, bits);
	return walk;
}
