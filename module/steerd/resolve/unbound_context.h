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

#include "core/forwarders.h"
#include "steerd/resolve/unbound_loop.h"

/*! Whom a context asks, and what it makes of the answers. */
typedef struct {
	steer_forwarders_t forwarders;
	bool hosts_file;
	bool tcp;            /*!< The forwarders are asked over TCP. */
	const char *anchors; /*!< See record_file.h; NULL: nothing is validated. */
	const char *hints;   /*!< See there; NULL: those of libunbound. */
} unbound_options_t;

/*! Whether it asks the servers of the zones, from the root on. */
static inline bool unbound_context_is_recursion(const unbound_options_t *options)
{
	return options->forwarders.count == 0 &&
	       options->forwarders.word == STEER_FORWARD_RECURSION;
}

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
