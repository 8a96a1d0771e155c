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
