/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What BIND decides of its own answers after the place where hosted zones are answered: who
 *        may ask, and how often.
 *
 * Threads:  the worker that has the query.
 */
#pragma once

#include <stdbool.h>

#include <dns/zone.h>
#include <ns/query.h>

#include "bind/message.h"
#include "steer/reply.h"

/*! Whether BIND will ask the client to come back with a server cookie (BADCOOKIE). */
bool steer_access_needs_cookie(const ns_client_t *client);

/*!
 * Whether allow-query and allow-query-on let the client ask; a refusal is logged.
 *
 * \param[in] zone  BIND's own zone that encloses the name: its lists come before the view's; NULL:
 *                  there is none.
 */
bool steer_access_is_allowed(ns_client_t *client, dns_zone_t *zone);

/*! What response rate limiting demands. */
typedef enum {
	STEER_RATE_OK,
	STEER_RATE_SLIP, /*!< Send what is in the message now: no records. */
	STEER_RATE_DROP, /*!< Do not reply. */
} steer_rate_t;

/*!
 * Counts a reply, and empties the message if it has to be truncated.
 *
 * \param[in]     qctx     Query.
 * \param[in,out] message  Its reply.
 * \param[in]     kind     Kind of the answer.
 */
steer_rate_t steer_access_rate(query_ctx_t *qctx, steer_message_t *message, steer_kind_t kind);
