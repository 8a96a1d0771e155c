/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Seeds of fuzz targets, made of stored values that tests build.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*! Set to write the golden files and the seeds anew, after a wanted change of the layout. */
#define WRITE_GOLDEN "STEER_WRITE_GOLDEN"

/*!
 * Writes a value whole, cut short, and with a byte changed, if that is wanted.
 *
 * \param[in] front  The target's first byte.
 * \param[in] mend   Added to it where the sum is to be set right.
 */
void seeds_write(const char *target, const char *name, int front, int mend, uint8_t *bytes,
                 size_t size);
