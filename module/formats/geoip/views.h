/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The file of a section mod-geoip: what it says is in view.h.
 *
 * Memory:   grows with the file.
 */
#pragma once

#include "formats/geoip/view.h"

/*! Reads the options and the file of a section. \param[out] views  To be freed, also after errors */
void steer_geoip_views_read(steer_geoip_reading_t *reading, const steer_geoip_section_t *section,
                            steer_geoip_views_t *views);
void steer_geoip_views_free(steer_geoip_views_t *views);
