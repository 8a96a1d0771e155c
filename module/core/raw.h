/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief RRs that are copied into the host's message as they are stored.
 *
 * The stored form is that of a message, but for names in the rdata, which would be compressed. So
 * an answer without such names, which is one RRset of the QNAME, is only copied.
 *
 * Threads:  pure; any thread.
 * Memory:   the host's message.
 */
#pragma once

#include "core/bytes.h"
#include "core/types.h"
#include "steer/error.h"
#include "steer/reply.h"

/*! Whether a sink takes an RRset as it is; owner is as in steer_rrset_t. */
static inline bool steer_is_raw(const steer_sink_t *sink, const uint8_t *owner, uint16_t type)
{
	return sink->raw != NULL && owner == NULL &&
	       (type == TYPE_A || type == TYPE_AAAA || type == TYPE_TXT);
}

/*! Overwrites the TTLs of wire-ready RRs. */
static inline void steer_raw_set_ttl(uint8_t *at, unsigned count, uint32_t ttl)
{
	const uint8_t bytes[] = { ttl >> 24, ttl >> 16, ttl >> 8, ttl };
	for (; count > 0; count--) {
		memcpy(at + STEER_RR_HEAD - 6, bytes, sizeof(bytes));
		at += STEER_RR_HEAD + (at[STEER_RR_HEAD - 2] << 8 | at[STEER_RR_HEAD - 1]);
	}
}

/*!
 * Copies the only RRset of an answer, which the sink takes as it is.
 *
 * \param[in] ttl  TTL to send.
 *
 * \retval STEER_OK, STEER_ESPACE
 */
static inline int steer_raw_put(const steer_sink_t *sink, const steer_rrs_t *parts, unsigned count,
                                uint32_t ttl, steer_outcome_t *outcome)
{
	size_t len = 0;
	unsigned rrs = 0;
	for (const steer_rrs_t *part = parts, *end = parts + count; part < end; part++) {
		if (part->len > sink->room - len) {
			return STEER_ESPACE; // What was copied is past the end of the message.
		}
		steer_bytes_copy(sink->raw + len, part->rrs, part->len);
		if (part->ttl != ttl) {
			steer_raw_set_ttl(sink->raw + len, part->count, ttl);
		}
		len += part->len;
		rrs += part->count;
	}
	outcome->raw_len = len;
	outcome->raw_count = rrs;
	return STEER_OK;
}
