/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What if the client were elsewhere: options of explain, and the maps as they would be then.
 *
 * Memory:  belongs to its user, and does not move while a lookup has its maps.
 */
#pragma once

#include <jansson.h>

#include "ctl/store_lookup.h"

typedef struct {
	const char *at, *region_of; /*!< As given; NULL: not. */
	steer_map_place_t place;
	steer_maps_t maps;
} what_if_t;

/*! Whether anything was given. */
static inline bool what_if_is_given(const what_if_t *what_if)
{
	return what_if->at != NULL || what_if->region_of != NULL;
}

/*! Parses what was given. \return GO_ON, or EXIT_USAGE after an error message */
int what_if_parse(what_if_t *what_if, const run_t *run);
/*!
 * Gives a lookup maps with the client elsewhere, if that was given.
 *
 * \return GO_ON, or EXIT_REFUSED after an error message
 */
int what_if_begin(what_if_t *what_if, store_lookup_t *opened);
/*! {at, region_of, place}: what was given. */
json_t *what_if_json(const what_if_t *what_if);
