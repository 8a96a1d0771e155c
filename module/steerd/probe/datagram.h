/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Sockets for datagrams to one address and from it.
 *
 * Threads:  any.
 * Units:    milliseconds.
 */
#pragma once

#include <stdint.h>

#include "steerd/address.h"

/*! Opens a socket that does not block. \param[in] protocol  Such as IPPROTO_UDP. */
int datagram_socket(const address_t *address, int protocol);
/*!
 * Connects it to an address, from a port that the kernel draws. It tells when a router or the host
 * says that the address cannot be reached.
 *
 * \return false: see errno
 */
bool datagram_connect(int fd, const address_t *address);
/*!
 * What the error of a send() or recv() says about the address.
 *
 * \return The error; 0: nothing, it has only to wait, or a router has given advice
 */
int datagram_error(int fd, int err);
/*! Fills bytes that others cannot guess. \return false: see errno */
bool datagram_secret(void *bytes, size_t len);

/*! How long to wait in a time before sending again what was lost: a second, unless it is short. */
static inline uint32_t datagram_again(uint32_t ms)
{
	return ms < 4000 ? ms / 4 : 1000;
}
