/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The additional section: what the names in an RRset's rdata lead to.
 *
 * Threads:  pure; what the lookup gives must stay valid for the call.
 * Memory:   nothing is allocated; about 2 KiB of stack, and what steer_pick() takes.
 * Bounds:   lookups and work are limited by the size of the RRset; whatever would be found beyond
 *           these limits is left out.
 * Sources:  RFC 1034, section 4.3.2, step 6; RFC 2782 (SRV); RFC 9460, section 4.1 (SVCB, HTTPS);
 *           RFC 9471 (glue).
 */
#pragma once

#include "core/pick.h"

/*! Offset of the name in the rdata of types that have additional data; -1 for all others. */
static inline int steer_additional_offset(uint16_t type)
{
	switch (type) {
	case TYPE_NS:
		return 0;
	case TYPE_MX: case TYPE_SVCB: case TYPE_HTTPS:
		return 2;
	case TYPE_SRV:
		return 6;
	default:
		return -1;
	}
}

/*!
 * Adds what the names in an RRset lead to, as far as their zone is that of the RRset.
 *
 * Glue that a referral depends on comes first, and the reply is truncated if it does not fit
 * (RFC 9471); anything else is then left out.
 *
 * \param[in] here        Finder of a name in the RRset's zone.
 * \param[in] rrset       RRset, the last one put; of any type.
 * \param[in] delegation  Owner of the NS RRset of a referral; NULL if it is not one.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE  Glue that the referral depends on does not fit.
 */
int steer_additional_put(steer_picker_t *picker, const steer_finder_t *here,
                         const steer_picked_t *rrset, const uint8_t *delegation);
