/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The zones of an import from Route 53, passed on with their groups of record sets.
 *
 * Apex SOA and NS that name servers of Route 53 are left out: another server has others.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/route53/lists.h"
#include "formats/route53/policy.h"
#include "formats/route53/traffic.h"

/*! Passes on the zones, in the order of the files; the lists know theirs. */
void steer_route53_pass_zones(const steer_route53_lists_t *lists,
                              steer_route53_collections_t *collections,
                              const steer_traffic_t *traffic, steer_route53_reading_t *reading);
