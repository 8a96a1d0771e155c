/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a map says of a client, as JSON, of which text is made.
 *
 * Memory:  JSON values belong to the caller; NULL is that there is no memory.
 */
#pragma once

#include <jansson.h>

#include "ctl/map.h"

/*! {map, type, imported, file, format}: a map and where it is from. \param[in] name  Of the map. */
json_t *map_origin_json(const char *name, const steer_map_t *map);

/*! Room for coordinates as text. */
#define MAP_POINT_TEXT 64
/*! Prints json_coordinates(), such as "50.12, 8.68". \return text */
const char *map_point_print(const json_t *point, char text[MAP_POINT_TEXT]);

/*! A place, with the coordinates that are used of it: its own or those of its country. */
json_t *map_place_json(const steer_map_place_t *place);

/*!
 * {rtt_ms, source, measured, age}: a row of latencies.
 *
 * \param[in] now  Unix time.
 */
json_t *map_latency_json(const steer_map_latency_t *latency, uint64_t now);
/*! Room for such a row as text. */
#define MAP_LATENCY_TEXT 128
/*! Prints it: "12.5 ms (import, measured 2026-11-27T10:00:00+00:00, 3h ago)". \return text */
const char *map_latency_print(const json_t *latency, char text[MAP_LATENCY_TEXT]);

/*! A client in a map. */
typedef struct {
	const view_t *view; /*!< Of the records, whose dictionary has the names in the map. */
	const steer_map_t *map;
	const steer_client_t *client;
	steer_network_match_t match;
	uint64_t now;       /*!< Unix time. */
} map_match_t;

/*!
 * Adds what a map says: the network around the client on which it says the same, its length, and
 * place, asn, regions or blocks, by the type of the map.
 *
 * \return GO_ON, or the exit status after an error message
 */
int map_match_add(json_t *json, const map_match_t *match);
