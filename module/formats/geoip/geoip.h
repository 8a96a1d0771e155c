/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Configurations of Knot with mod-geoip: an overlay for each zone that uses it.
 *
 * Threads:  belongs to one thread.
 * Memory:   grows with the files; their text is freed when it was read.
 * Trust:    files can be anything: time is bounded by their size, times its logarithm.
 * Sources:  the documentation of mod-geoip, and what it was seen to do
 *           (tests/system/test_geoip_import.py).
 */
#pragma once

#include "formats/geoip/files.h"
#include "formats/reading.h"

/*! A configuration, and the files that it names. */
typedef struct steer_geoip steer_geoip_t;

/*! \param[in] input  The configuration; owned from here on. \return NULL: out of memory */
steer_geoip_t *steer_geoip_new(steer_input_t *input);
/*! NULL is fine. */
void steer_geoip_free(steer_geoip_t *geoip);

/*!
 * Reads it, once, and passes on what it says.
 *
 * \param[in] zone  The only zone that is wanted; NULL: all.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  Errors; fault has the first, or with sink->error their number.
 * \retval STEER_ENOMEM
 * \retval others          As a callback returned.
 */
int steer_geoip_read(steer_geoip_t *geoip, const uint8_t *zone, const steer_knot_files_t *files,
                     const steer_reading_t *sink, steer_fault_t *fault);
