/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Asks for the records of a name, by libunbound.
 *
 * Names are absolute. Of the special names of RFC 6761 only localhost, and those of its addresses,
 * are answered without asking.
 *
 * From name servers, each question is asked anew: nothing is cached here, so that a change is seen
 * as soon as they tell it. With recursion, answers are cached for their TTL, as delegations must
 * be: who asks again before it is over gets the same, with what is left of the TTL.
 *
 * Threads:  the loop's.
 * Memory:   its own; a query ends before its callback is called, or by resolver_query_cancel().
 */
#pragma once

#include <ev.h>

#include "core/forwarders.h"
#include "steer/fault.h"
#include "steerd/resolve/response.h"
#include "steerd/tls.h"

typedef struct resolver resolver_t;
typedef struct query query_t;

/*! All of it is borrowed. */
typedef struct {
	bool hosts_file;          /*!< /etc/hosts comes before DNS. */
	const char *trust_anchor; /*!< File by which answers are validated; NULL: they are not. */
	const char *root_hints;   /*!< File of root servers; NULL: those that libunbound knows. */
	tls_t *tls;               /*!< For servers with TLS. */
} resolver_options_t;

/*!
 * Takes the response to a query, which is gone then. The response is borrowed for the call. It may
 * start and cancel other queries, but not reload, configure or close the resolver.
 */
typedef void (*resolver_done_f)(void *ctx, const response_t *response);

/*!
 * Opens one that asks the system's name servers.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_ENOENT, STEER_EACCES, STEER_EIO, STEER_EREFUSED  A file cannot be used.
 */
int resolver_open(resolver_t **resolver, struct ev_loop *loop, const resolver_options_t *options,
                  steer_fault_t *fault);
/*! Closes it, when there are no queries. */
void resolver_close(resolver_t *resolver);
/*! Reads all files again, and asks again what is not answered yet. */
void resolver_reload(resolver_t *resolver);
/*! Sets whom it asks, and asks again what is not answered yet. */
void resolver_configure(resolver_t *resolver, const steer_forwarders_t *forwarders);

/*!
 * Asks for the records of a name and type.
 *
 * \param[in] name  As text.
 * \param[in] anew  What was answered to queries without this is not answered from the cache.
 *
 * \return NULL: out of memory. The response comes by the loop, not before this returns.
 */
query_t *resolver_query(resolver_t *resolver, const char *name, uint16_t type, bool anew,
                        resolver_done_f done, void *ctx);
/*! Whether a query waits until there are fewer of them. */
bool resolver_query_waits(const query_t *query);
/*! Stops a query; its callback is not called. */
void resolver_query_cancel(query_t *query);
