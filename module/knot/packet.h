/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A sink that writes into Knot's packet.
 *
 * Threads:  a writer and its scratch memory belong to one worker.
 * Memory:   what the packet refers to after a put lies in the scratch memory until the worker's
 *           next query, so that END hooks can read it.
 */
#pragma once

#include <knot/module.h>

#include "steer/reply.h"

/*!
 * Enough for all records of a message, which are longest beside what they take there if they have
 * two names that compress to two bytes each (MINFO). Only what is used is ever touched.
 */
#define STEER_SCRATCH_SIZE (UINT16_MAX / 16 * (2 * KNOT_DNAME_MAXLEN + 16))

typedef struct {
	knot_pkt_t *pkt;
	uint8_t *scratch;        /*!< STEER_SCRATCH_SIZE bytes, aligned to 2. */
	size_t used;             /*!< Of them. */
	uint16_t rotate;         /*!< First RR of an answer to send; 0: in stored order. */
	const knot_dname_t *asked; /*!< The name that was asked for us; NULL: the packet's QNAME. */
	const knot_rrinfo_t *last; /*!< Last RRset in answer or authority. */
} steer_packet_t;

/*! The put of a steer_sink_t whose ctx is a steer_packet_t. What does not fit leaves no trace. */
int steer_packet_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional);
