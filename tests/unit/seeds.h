/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Seeds of fuzz targets, made of stored values that tests build.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*! Set to regenerate the golden files and the seeds after an intended change of the layout. */
#define WRITE_GOLDEN "STEER_WRITE_GOLDEN"

/*!
 * Writes a value complete, cut short, and with a byte changed, if that is requested.
 *
 * \param[in] front  The target's first byte.
 * \param[in] mend   Added to it where the sum is to be corrected.
 */
void seeds_write(const char *target, const char *name, int front, int mend, uint8_t *bytes,
                 size_t size);
