/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Networks for tests of maps: as text, drawn, and in small worlds.
 *
 * A small world is the networks that differ in 8 bits of an address, after a path to them; so all
 * of its clients can be tried, at any place of an address space.
 */
#pragma once

#include <stdint.h>

#include "core/network_map.h"

/*! Draws a number below a bound, the same ones in each run. */
uint32_t networks_draw(uint32_t bound);

/*! Where a world is. */
typedef struct {
	uint8_t family;
	uint8_t begin; /*!< Bits of the path. */
} place_t;

#define PLACES 14
extern const place_t places[PLACES];

/*! An address of a world. */
void place_address(uint8_t address[16], const place_t *place, unsigned value);
/*! A network of a world: the first bits of a value. */
steer_classed_network_t place_network(const place_t *place, unsigned value, unsigned bits,
                                      uint32_t class);

/*! Most networks of a world. */
#define WORLD_MAX 17

/*!
 * Draws a world: up to 16 networks in it and, often, one of no bits, which is all around it.
 *
 * \param[in]  classes  Largest class.
 * \param[out] around   Class of what is not in the world.
 *
 * \return Number of networks.
 */
uint32_t world_draw(steer_classed_network_t networks[WORLD_MAX], const place_t *place,
                    uint32_t classes, uint32_t *around);

/*! Reads a client, or a network, as ADDRESS/LENGTH. */
steer_client_t client_parse(const char *text);
steer_classed_network_t network_parse(const char *text, uint32_t class);
