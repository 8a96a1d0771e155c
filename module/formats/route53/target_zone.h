/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Hosted zones in aliases: those of a store, and those of services of AWS.
 *
 * A hosted zone of a store has no identifier; it gets one that is made of its name. What an import
 * keeps of an alias is its target, so the identifier of a service is known only if it is the same
 * for all targets.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*! Room for an identifier. */
#define STEER_ROUTE53_ZONE_ID 16

/*! The identifier of a zone by its name. \return id */
const char *steer_route53_zone_id(const uint8_t *zone, char id[STEER_ROUTE53_ZONE_ID]);
/*! Whether a name is one that services of AWS give to their resources. */
bool steer_route53_is_service(const uint8_t *name);
/*! The identifier of the zone of such a name; "ZUNKNOWN": there is one for each region. */
const char *steer_route53_service_id(const uint8_t *name);
