/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Recursion into what a hosted zone delegates, as into what a zone of BIND's delegates.
 *
 * BIND keeps a set of name servers while it asks them, maybe longer than the message that it came
 * from; and it looks for their addresses in its cache. So it gets the delegation there, as it does
 * with a referral from another server.
 *
 * Threads:  the worker that has the query.
 */
#pragma once

#include <ns/query.h>

#include "bind/message.h"

/*!
 * Has BIND look in its cache instead of in a zone of its own that encloses the hosted one.
 *
 * \param[in,out] qctx      Query whose zone has been found, but not yet searched.
 * \param[in]     referral  Message with the referral.
 */
void steer_delegation_use_cache(query_ctx_t *qctx, const steer_message_t *referral);

/*!
 * Has BIND ask the name servers of a referral, unless its cache knows of servers closer to the
 * name, or what the delegated zone itself says of its own.
 *
 * \param[in,out] qctx      Query that BIND is about to resolve.
 * \param[in]     referral  Message with the referral, and nothing else put.
 */
void steer_delegation_follow(query_ctx_t *qctx, const steer_message_t *referral);
