/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a response says to the question it repeats.
 *
 * Threads:  pure functions; any thread.
 * Trust:    the message may hold anything.
 */
#pragma once

#include <libknot/libknot.h>
#include <stdbool.h>

/*! The fault of a response with this RCODE: libunbound's own, if nothing usable came. */
#define RESPONSE_SERVFAIL "SERVFAIL, or no answer from the resolver"

typedef enum {
	RESPONSE_RECORDS,
	RESPONSE_NODATA,
	RESPONSE_NXDOMAIN,
	RESPONSE_FAILURE, /*!< Nothing is known of the name. */
} response_kind_t;

typedef struct {
	response_kind_t kind;
	bool impossible;   /*!< It is a failure because this host lacks something, such as memory. */
	const char *fault; /*!< Why there are no records; printable. NULL unless it is a failure. */
	/*!
	 * Seconds for which the response holds: the least TTL of the records and of the CNAME and DNAME
	 * records that led to them; without records, of those and by the SOA (RFC 2308), 0 without one.
	 */
	uint32_t ttl;
	/*! The records of the type, where the chain of CNAME and DNAME records ends: sorted, without
	 *  duplicates, their names in lower case. NULL without records. */
	const knot_rrset_t *rrset;
	/*! Their data as received, in an order that resolvers vary, with any duplicates. */
	const knot_rdata_t *const *received;
	size_t received_count;
} response_t;

/*! A response, and the memory it lies in. */
typedef struct {
	response_t response;
	knot_pkt_t *message;
	knot_dname_storage_t owner; /*!< Where the chain ends. */
	knot_rrset_t rrset;
	const knot_rdata_t **received, **sorted;
	char fault[16];
} response_reader_t;

/*!
 * Reads a message.
 *
 * \param[out] reader  Its response is set. To be closed.
 * \param[in]  wire    Borrowed until then; it is changed.
 */
void response_read(response_reader_t *reader, void *wire, size_t size);
/*! Takes an RCODE that has come without a message. */
void response_read_rcode(response_reader_t *reader, unsigned rcode);
void response_close(response_reader_t *reader);
