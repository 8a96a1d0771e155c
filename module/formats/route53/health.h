/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks of Route 53, passed on as those of Steer.
 *
 * One that watches what cannot be seen from here becomes a manual check, with a warning.
 */
#pragma once

#include "formats/route53/fields.h"

/*! Passes on a health check of list-health-checks. */
void steer_route53_pass_check(steer_route53_reading_t *reading, const steer_field_at_t *item);
/*! The type in Route 53 that a health check has. \return NULL: it has none */
const char *steer_route53_check_type(const steer_health_check_t *check);
