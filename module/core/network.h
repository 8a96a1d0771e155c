/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief IP networks: prefixes of addresses.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct {
	uint8_t family;      /*!< IP version, 4 or 6. */
	uint8_t length;      /*!< Number of bits, at most 32 or 128. */
	uint8_t address[16]; /*!< 4 or 16 bytes are used; bits after length are zero. */
} steer_network_t;

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
