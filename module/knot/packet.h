/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A sink that writes into Knot's packet.
 *
 * Threads:  a writer and its scratch memory belong to one worker.
 * Memory:   what the packet refers to after a put stays in the scratch memory until the worker's
 *           next query, so that END hooks can read it.
 */
#pragma once

#include <knot/module.h>

#include "steer/reply.h"

/*!
 * Enough for all records of a message. They grow most when uncompressed if each has two names that
 * compress to two bytes (MINFO). Pages that are never used are never touched.
 */
#define STEER_SCRATCH_SIZE (UINT16_MAX / 16 * (2 * KNOT_DNAME_MAXLEN + 16))

/*! Writes RRsets into a packet. */
typedef struct {
	knot_pkt_t *pkt;
	uint8_t *scratch;        /*!< STEER_SCRATCH_SIZE bytes, aligned to 2. */
	size_t used;             /*!< Bytes of scratch in use. */
	uint16_t rotate;         /*!< RR of an answer to send first; 0: stored order. */
	const knot_dname_t *asked; /*!< Name that the engine is asked for; NULL: the QNAME. */
	const knot_rrinfo_t *last; /*!< Last RRset of the answer or authority section. */
} steer_packet_t;

/*! The put of a steer_sink_t whose ctx is a steer_packet_t. A failed put leaves no trace. */
int steer_packet_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional);

/*! The sink for the answer to the QNAME, in a packet that has no RRs yet. */
static inline steer_sink_t steer_packet_sink(steer_packet_t *packet)
{
	const knot_pkt_t *pkt = packet->pkt;
	// The root is shorter than the pointer to the QNAME that stored RRs have as their owner.
	bool raw = packet->rotate == 0 && pkt->qname_size > 1;
	return (steer_sink_t) {
		.put = steer_packet_put, .ctx = packet, .room = pkt->max_size - pkt->reserved - pkt->size,
		.raw = raw ? pkt->wire + pkt->size : NULL,
	};
}

/*! Adds to a packet the RRs that were copied to the end of its message: the answer, with AA. */
static inline void steer_packet_add_raw(knot_pkt_t *pkt, const steer_outcome_t *outcome)
{
	uint8_t *wire = pkt->wire;
	pkt->size += outcome->raw_len;
	knot_wire_set_ancount(wire, outcome->raw_count);
	knot_wire_set_aa(wire);
}
