/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Record types that verbs treat specially.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/types.h"

/*!
 * Whether a record belongs to a zone's signing, which hosted zones do not have.
 *
 * \param[in] apex  The record is at the zone's apex.
 */
static inline bool type_is_signing(uint16_t type, bool apex)
{
	switch (type) {
	case TYPE_RRSIG:
	case TYPE_NSEC:
	case TYPE_NSEC3:
	case TYPE_NSEC3PARAM:
	case TYPE_ZONEMD:
		return true;
	case TYPE_DNSKEY:
	case TYPE_CDS:
	case TYPE_CDNSKEY:
		return apex;
	default:
		return false;
	}
}
