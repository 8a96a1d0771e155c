/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief IP networks as text, such as 192.0.2.0/24 and 2001:db8::/32.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stddef.h>

#include "core/network.h"
#include "steer/error.h"

/*! Size of the longest network as text, with the final NUL. */
#define STEER_NETWORK_TEXT 50

/*!
 * Reads a network; an address without a length is a network of its own.
 *
 * \retval STEER_OK
 * \retval STEER_EINVAL    It is not a network.
 * \retval STEER_EREFUSED  Bits after its length are not zero; network is the one that contains it.
 */
int steer_network_parse(const char *text, size_t len, steer_network_t *network);
/*! Prints a network, always with its length. \return text */
const char *steer_network_print(const steer_network_t *network, char text[STEER_NETWORK_TEXT]);
