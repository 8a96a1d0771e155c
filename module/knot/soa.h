/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The SOA of a negative answer, which libknot takes longer to write than the rest of it.
 *
 * Threads:  a packet belongs to one worker.
 * Memory:   the packet refers to the owner and the RRs after a put, as with knot_pkt_put().
 */
#pragma once

#include <stdbool.h>

#include <libknot/libknot.h>

#include "steer/reply.h"

/*!
 * Puts the SOA as knot_pkt_put() does: with the same bytes, and the same state of the packet.
 *
 * \param[in] pkt    Packet in its authority section, without RRsets so far.
 * \param[in] names  How its names are written.
 * \param[in] soa    One RR, its names in lower case, its owner in the packet's lower_qname.
 * \param[in] flags  Of knot_pkt_put().
 *
 * \return false: the packet is as it was, and knot_pkt_put() has to do it.
 */
bool steer_soa_put(knot_pkt_t *pkt, const steer_soa_names_t *names, const knot_rrset_t *soa,
                   uint16_t flags);
