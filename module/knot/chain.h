/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief CNAME chains that start in Knot's zone and end in an overlay.
 *
 * Where "www CNAME @" is Knot's and the address at "@" is the overlay's, Knot has followed the
 * chain in its own zone and answered with what that has. The reply is then started over: the links
 * up to the name that the overlay holds, the overlay's answer for it, OPT.
 *
 * Threads:  a chain belongs to one worker.
 * Memory:   copies of RRsets are in the query's memory, which Knot frees.
 */
#pragma once

#include "knot/packet.h"

/*! A chain and the reply that it is put into. */
typedef struct {
	steer_packet_t *packet;
	knotd_qdata_t *qdata;
	int links;    /*!< RRsets of Knot's answer that lead to our name. */
	bool started; /*!< Started over: the reply holds the links and what was put after them. */
} steer_chain_t;

/*!
 * Finds the next name in Knot's own zone that its answer leads to.
 *
 * \param[in,out] links  0 at first; then the number of RRsets that lead to the name.
 *
 * \return Target of a CNAME, or NULL: there are no more, or the answer is truncated.
 */
const knot_dname_t *steer_chain_next(const knot_pkt_t *pkt, knotd_qdata_t *qdata, int *links);

/*!
 * Starts the reply over, with the links and room reserved for OPT.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_ESPACE
 */
int steer_chain_start(steer_chain_t *chain);

/*!
 * The put of a steer_sink_t whose ctx is a steer_chain_t; like steer_packet_put().
 *
 * The first call starts the reply over, which drops what Knot put after the links.
 */
int steer_chain_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional);

/*! Puts OPT, which comes last, with the scope that the query's client subnet has now. */
void steer_chain_end(steer_chain_t *chain);
