/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Options of a section mod-geoip, and the values of views, as numbers.
 */
#pragma once

#include "formats/geoip/view.h"

/*!
 * Reads mode, TTL and keys; what is wrong or has no meaning here is reported.
 *
 * \return false: the mode is wrong, so what views have is not known
 */
bool steer_geoip_options(steer_geoip_reading_t *reading, const steer_geoip_section_t *section,
                         steer_geoip_views_t *views);
/*! The key of a view in a mode: "net", "geo" or "weight". */
const char *steer_geoip_view_key(steer_geoip_mode_t mode);
/*! Reads the value of a view, whose place is set. */
void steer_geoip_view_value(steer_geoip_reading_t *reading, const steer_geoip_views_t *views,
                            const char *text, steer_geoip_view_t *view);
