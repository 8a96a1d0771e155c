/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What Route 53 cannot express of what a store has: what its API has no field or value for,
 *        and what it is known to refuse.
 *
 * Threads:  pure functions, but for a steer_text_t.
 * Memory:   nothing is kept.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/health_check.h"
#include "core/node.h"
#include "formats/route53/store.h"

/*! Number of types that Route 53 has. */
#define STEER_ROUTE53_TYPES 17
/*! Longest name of a location. */
#define STEER_ROUTE53_LOCATION_MAX 16

/*!
 * Looks at a group.
 *
 * \param[in] zone  Its zone, by name.
 * \param[in] lose  NULL: the answer alone is wanted.
 *
 * \return true: it can be expressed
 */
bool steer_route53_can_group(const steer_route53_store_t *store, const uint8_t *zone,
                             const uint8_t *name, const steer_group_t *group,
                             steer_route53_lose_f lose, void *ctx);
/*! Looks at a health check that is defined, likewise. */
bool steer_route53_can_check(const char *id, const steer_health_check_t *check,
                             steer_route53_lose_f lose, void *ctx);
