/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Chains of CNAMEs that Knot began and an overlay ends.
 *
 * Where "www CNAME @" is Knot's and the address at "@" is the overlay's, Knot has followed the
 * chain in its own zone and answered with what that has. Then the reply is begun anew: its links
 * up to the name that the overlay holds, what that holds, OPT.
 *
 * Threads:  a chain belongs to one worker.
 * Memory:   RRsets kept lie in the query's memory, which Knot frees.
 */
#pragma once

#include "knot/packet.h"

typedef struct {
	steer_packet_t *packet;
	knotd_qdata_t *qdata;
	int links;  /*!< RRsets of Knot's answer that lead to our name. */
	bool begun; /*!< The reply holds the links alone, and what was put behind them. */
} steer_chain_t;

/*!
 * Next name in Knot's own zone that its answer leads to.
 *
 * \param[in,out] links  0 at first; then the RRsets that lead to the name.
 *
 * \return The target of a CNAME, or NULL: there is no more, or the answer is truncated.
 */
const knot_dname_t *steer_chain_next(const knot_pkt_t *pkt, knotd_qdata_t *qdata, int *links);

/*! Begins the reply anew, with the links and room for OPT. \retval STEER_OK, _ENOMEM, _ESPACE */
int steer_chain_begin(steer_chain_t *chain);

/*!
 * The put of a steer_sink_t whose ctx is a steer_chain_t; as steer_packet_put().
 *
 * The first one takes what follows the links out of the reply.
 */
int steer_chain_put(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional);

/*! Puts OPT, which stands last. */
void steer_chain_end(steer_chain_t *chain);
