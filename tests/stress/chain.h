/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The chain that the writer renames and the probe asks for.
 *
 * Five names alternate between two zones. Four carry the version, so versions share no other name:
 *
 *     chain.first.          CNAME  v00000007-1.second.
 *     v00000007-1.second.   CNAME  v00000007-2.first.
 *     v00000007-2.first.    CNAME  v00000007-3.second.
 *     v00000007-3.second.   CNAME  v00000007-4.first.
 *     v00000007-4.first.    A      0.0.0.7
 *
 * A shorter chain ends with an address sooner; one of a single link is only an address.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CHAIN_LINKS    5 /*!< At most. */
#define CHAIN_NAME_MAX 255
#define CHAIN_VERSIONS 100000000 /*!< Versions have eight digits. */

/*! Number of links, and wire names of the two zones. */
typedef struct {
	unsigned links;
	uint8_t zone[2][CHAIN_NAME_MAX];
	size_t len[2];
} chain_t;

/*! Reads a zone's name: labels without escapes. */
void chain_zone(chain_t *chain, unsigned which, const char *text);

/*! Zone of a link. */
unsigned chain_side(unsigned link);

/*! Writes a link's wire name; returns its length. */
size_t chain_name(const chain_t *chain, unsigned link, uint32_t version,
                  uint8_t name[CHAIN_NAME_MAX]);
