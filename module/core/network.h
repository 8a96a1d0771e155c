/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief IP networks: prefixes of addresses.
 */
#pragma once

#include <stdint.h>

typedef struct {
	uint8_t family;      /*!< IP version, 4 or 6. */
	uint8_t length;      /*!< Number of bits, at most 32 or 128. */
	uint8_t address[16]; /*!< 4 or 16 bytes are used; bits after length are zero. */
} steer_network_t;

/*! Bits of an address. */
static inline unsigned steer_network_bits(const steer_network_t *network)
{
	return network->family == 4 ? 32 : 128;
}
