/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Zone files of gdnsd.
 */
#pragma once

#include "formats/gdnsd/config.h"
#include "formats/zonefile.h"

/*!
 * Passes on a zone file.
 *
 * \param[in] input  The zone has its name. Owned from here on.
 * \param[out] file  What reads it, to be closed when nobody needs the names of files any longer.
 */
void steer_gdnsd_pass_zone(steer_gdnsd_config_t *config, steer_input_t *input,
                           steer_zonefile_t **file);
