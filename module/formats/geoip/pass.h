/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Passes on the names of a zone as groups with policies.
 */
#pragma once

#include "formats/geoip/locations.h"
#include "formats/geoip/plan.h"

/*! Passes on a health check that is always down, for views without records of a type. */
void steer_pass_check(steer_geoip_reading_t *reading, const steer_place_t *at);
/*! Passes on a name that is not left out. */
void steer_pass_name(steer_geoip_reading_t *reading, const steer_plan_t *plan,
                     const struct steer_planned *planned, const steer_locations_t *locations);
