/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A sink that fills in BIND's message, which BIND renders later.
 *
 * Threads:  a message belongs to the worker that has the query.
 * Memory:   everything put is copied to memory of the message, since a query may outlive the hook:
 *           where a CNAME leads, BIND goes on resolving.
 */
#pragma once

#include <ns/client.h>

#include "steer/reply.h"

/*! A message, and what has been put into it. */
typedef struct {
	ns_client_t *client;          /*!< Whose message it is. */
	const uint8_t *asked;         /*!< The name asked for in wire form, in lower case. */
	const dns_name_t *zone;       /*!< Owner of the last SOA put; NULL: none. */
	isc_region_t target;          /*!< Target of the last CNAME of the answer; no bytes: none. */
	bool referral;                /*!< Whether its authority section is a referral. */
	unsigned put[DNS_SECTION_MAX]; /*!< RRsets put, by section. */
} steer_message_t;

/*! The put of a steer_sink_t whose ctx is a steer_message_t. A failed put leaves no trace. */
int steer_message_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional);

/*!
 * Adds the SOA of BIND's zone to a negative answer (RFC 2308, section 3).
 *
 * \param[in] db  Database of the zone.
 */
void steer_message_put_soa(steer_message_t *message, dns_db_t *db);

/*! Takes out again what has been put into a section and those after it. */
void steer_message_clear(steer_message_t *message, dns_section_t from);

/*! Bytes of the reply that are left for RRs, as many as can be. */
size_t steer_message_room(const ns_client_t *client);
