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

/*! Whether RRs of a type have no names that would be compressed. */
static inline bool steer_is_raw_type(uint16_t type)
{
	return type == TYPE_A || type == TYPE_AAAA || type == TYPE_TXT;
}

/*! Whether a sink takes an RRset as it is; owner is as in steer_rrset_t. */
static inline bool steer_is_raw(const steer_sink_t *sink, const uint8_t *owner, uint16_t type)
{
	return sink->raw != NULL && owner == NULL && steer_is_raw_type(type);
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

/*! Adds RRs to what was copied; false: they do not fit. \param[in] ttl  TTL to send. */
static inline bool steer_raw_add(const steer_sink_t *sink, const steer_rrs_t *rrs, uint32_t ttl,
                                 steer_outcome_t *outcome)
{
	const size_t len = outcome->raw_len;
	const uint16_t count = outcome->raw_count;
	if (rrs->len > sink->room - len) {
		outcome->raw_len = outcome->raw_count = 0; // It is past the end of the message.
		return false;
	}
	steer_bytes_copy(sink->raw + len, rrs->rrs, rrs->len);
	if (rrs->ttl != ttl) {
		steer_raw_set_ttl(sink->raw + len, rrs->count, ttl);
	}
	outcome->raw_len = len + rrs->len;
	outcome->raw_count = count + rrs->count;
	return true;
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
	for (unsigned i = 0; i < count; i++) {
		if (!steer_raw_add(sink, &parts[i], ttl, outcome)) {
			return STEER_ESPACE;
		}
	}
	return STEER_OK;
}
