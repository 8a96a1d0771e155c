/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Where Knot has the file of a zone, by the options storage and file.
 *
 * Sources:  knot.conf(5), zone section, option file.
 */
#pragma once

#include "formats/geoip/conf.h"

/*! Room for a path. */
#define STEER_ZONE_PATH 4096

/*! Makes the path. \return false: what is wrong is reported */
bool steer_zone_path(steer_geoip_reading_t *reading, const steer_knot_zone_t *zone,
                     char path[STEER_ZONE_PATH]);
