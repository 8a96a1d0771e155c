/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Addresses of names, by libunbound, which asks the machine's resolvers.
 *
 * Names are absolute. Each question is asked anew: nothing is cached, so that a change is seen as
 * soon as the resolver tells it. /etc/hosts comes before DNS. Nothing is validated here; that is
 * the resolver's part. Of the special names of RFC 6761 only localhost is answered without asking.
 *
 * Threads:  the loop's.
 * Memory:   its own; a lookup ends before its callback is called, or by resolver_cancel().
 */
#pragma once

#include <ev.h>

#include "steer/fault.h"
#include "steerd/address.h"

/*! Addresses of a name that are given; it may have more. */
#define RESOLVER_ADDRESSES 8
/*! Name servers to ask. */
#define RESOLVER_SERVERS 8

typedef struct resolver resolver_t;
typedef struct lookup lookup_t;

typedef struct {
	address_t addresses[RESOLVER_ADDRESSES]; /*!< IPv4 before IPv6; without ports. */
	unsigned count;
	char fault[64]; /*!< Why there are none, such as "NXDOMAIN" or "no A records". */
	bool impossible; /*!< Because this host lacks something, such as memory. */
} resolver_answer_t;

/*! Takes the answer to a lookup, which is gone then. It may start and cancel others. */
typedef void (*resolver_done_f)(void *ctx, const resolver_answer_t *answer);

/*!
 * \param[in] servers  As ADDRESS or ADDRESS@PORT, ended by NULL, borrowed; without any, those of
 *                     /etc/resolv.conf are asked.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int resolver_open(resolver_t **resolver, struct ev_loop *loop, const char *const *servers,
                  steer_fault_t *fault);
/*! Closes it, when there are no lookups. */
void resolver_close(resolver_t *resolver);
/*! Reads /etc/resolv.conf and /etc/hosts again, and asks again what is not answered yet. */
void resolver_reload(resolver_t *resolver);

/*!
 * Looks up the addresses of a host: of one family, or of both.
 *
 * \return NULL: out of memory. The answer comes by the loop, not before this returns.
 */
lookup_t *resolver_ask(resolver_t *resolver, const char *host, bool ipv4, bool ipv6,
                       resolver_done_f done, void *ctx);
/*! Ends a lookup without an answer. */
void resolver_cancel(lookup_t *lookup);
