/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief BIND's own zones: which one encloses a name, and whether an overlay may answer over it.
 *
 * Threads:  the worker that has the query.
 * Memory:   what is found is attached until it is released.
 */
#pragma once

#include <dns/db.h>
#include <dns/view.h>
#include <dns/zone.h>

#include "steer/reply.h"

/*! BIND's own zone that encloses a name. */
typedef struct {
	dns_zone_t *zone; /*!< NULL: there is none. */
	dns_db_t *db;     /*!< Its database; NULL: it is not loaded, or has not been needed. */
} steer_host_zone_t;

/*!
 * Finds the zone, and returns the bytes of its name, or STEER_NO_ZONE.
 *
 * \param[in]  name   Name.
 * \param[in]  type   Type asked for: DS belongs to the parent's side of a zone cut.
 * \param[out] found  The zone, to be released.
 */
int steer_host_zone_find(dns_view_t *view, const dns_name_t *name, dns_rdatatype_t type,
                         steer_host_zone_t *found);

/*! Why no overlay may answer over a zone. */
steer_bar_t steer_host_zone_bar(steer_host_zone_t *found);

/*! Releases what has been found. */
void steer_host_zone_release(steer_host_zone_t *found);
