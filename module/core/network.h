/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief IP networks: prefixes of addresses.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "steer/reply.h"

/*! A network of a family, as what is known of a client is one. */
typedef steer_client_t steer_network_t;

/*! Whether two addresses begin with the same bits. */
static inline bool steer_bits_equal(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;
	return memcmp(a, b, bytes) == 0 &&
	       (rest == 0 || (a[bytes] ^ b[bytes]) >> (8 - rest) == 0);
}

/*! Bits of an address. */
static inline unsigned steer_network_bits(const steer_network_t *network)
{
	return network->family == 4 ? 32 : 128;
}

/*! Order of networks: by family, address, then length, so that those inside follow. */
static inline int steer_network_compare(const steer_network_t *x, const steer_network_t *y)
{
	int order = x->family - y->family;
	if (order == 0) {
		order = memcmp(x->address, y->address, sizeof(x->address));
	}
	return order != 0 ? order : x->length - y->length;
}

/*! Clears the bits after a network's length. \return Whether one was set. */
static inline bool steer_network_clear_rest(steer_network_t *network)
{
	unsigned at = network->length / 8, bytes = steer_network_bits(network) / 8;
	uint8_t mask = 0xff00 >> network->length % 8, rest = 0;
	for (; at < bytes; at++, mask = 0) {
		rest |= network->address[at] & ~mask;
		network->address[at] &= mask;
	}
	return rest != 0;
}
