/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the readers of text share: libzscanner's errors as messages for people.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*!
 * Writes what is wrong, where, and what is allowed instead.
 *
 * \param[in] code    Error code of libzscanner.
 * \param[in] begin   Start of the line.
 * \param[in] at      Where the scanner gave up; between begin and end.
 * \param[in] end     End of the line.
 *
 * \return Column of the word that is wrong.
 */
uint32_t steer_scan_error(int code, const char *begin, const char *at, const char *end, char *text,
                          size_t size);
