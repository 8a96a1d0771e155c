/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Looks up the addresses of a host.
 *
 * Threads:  the loop's.
 * Memory:   its own; a lookup ends before its callback is called, or by addresses_cancel().
 */
#pragma once

#include "steerd/address.h"
#include "steerd/resolve/resolve.h"

/*! Addresses of a host that are given; it may have more. */
#define ADDRESSES_MAX 8

typedef struct lookup lookup_t;

typedef struct {
	address_t addresses[ADDRESSES_MAX]; /*!< IPv4 before IPv6; without ports. */
	unsigned count;
	char fault[64]; /*!< Why there are none, such as "NXDOMAIN" or "no A records". */
	bool impossible; /*!< Because this host lacks something, such as memory. */
} addresses_t;

/*! Takes the addresses, when the lookup is gone. It may start and cancel others. */
typedef void (*addresses_done_f)(void *ctx, const addresses_t *addresses);

/*!
 * Looks up the addresses of a host: of one family, or of both.
 *
 * \return NULL: out of memory. The addresses come by the loop, not before this returns.
 */
lookup_t *addresses_look_up(resolver_t *resolver, const char *host, bool ipv4, bool ipv6,
                            addresses_done_f done, void *ctx);
/*! Stops a lookup; its callback is not called. */
void addresses_cancel(lookup_t *lookup);
