/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Makes MaxMind DB files of text.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*!
 * Makes a file.
 *
 * \param[in] family  IP version of the tree, 4 or 6.
 * \param[in] bits    Of a record: 24, 28 or 32.
 * \param[in] lines   "NETWORK JSON" puts a value, "NETWORK hex BYTES" one as it is in the file,
 *                    "NETWORK at OFFSET" one that is in the data already, "NETWORK = NETWORK" the
 *                    node of another network, "NETWORK # NUMBER" that record, "NETWORK nested
 *                    DEPTH" maps in maps and then Norway: {"a": {"a": {}}, "country": ...}. In a
 *                    tree of IPv6 IPv4 networks go to ::/96. Values are stored in order, the first
 *                    at offset 0.
 *
 * \return The file, to be freed.
 */
uint8_t *mmdb_make(unsigned family, unsigned bits, const char *lines, size_t *size);
