/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The context of libunbound: how it is configured, and whom it asks.
 *
 * Threads:  the loop's.
 */
#pragma once

#include <stdbool.h>
#include <unbound.h>

#include "steerd/resolve/server.h"
#include "steerd/resolve/unbound_loop.h"

/*! Name servers to ask. */
#define UNBOUND_SERVERS 8

/*! Whom a context asks: see resolver_options_t. */
typedef struct {
	server_t servers[UNBOUND_SERVERS];
	unsigned servers_count;
	bool recursion;
	bool hosts_file;
} unbound_options_t;

/*!
 * Makes one.
 *
 * \param[in] sockets  How many it may have at the same time.
 * \param[in] quiet    Files that cannot be used are not logged.
 *
 * \return UB_NOERROR, or an error of libunbound
 */
int unbound_context_open(struct ub_ctx **out, unbound_loop_t *loop,
                         const unbound_options_t *options, unsigned sockets, bool quiet);
