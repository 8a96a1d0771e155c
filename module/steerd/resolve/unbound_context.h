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

#include "steerd/resolve/unbound_loop.h"

/*! Sockets that a context has at the same time. */
#define UNBOUND_SOCKETS 2048

/*!
 * Makes one, with /etc/hosts and these servers, or those of /etc/resolv.conf.
 *
 * \param[in] servers  See resolver_open().
 * \param[in] quiet    Files that cannot be used are not logged.
 *
 * \return UB_NOERROR, or an error of libunbound
 */
int unbound_context_open(struct ub_ctx **out, unbound_loop_t *loop, const char *const *servers,
                         bool quiet);
