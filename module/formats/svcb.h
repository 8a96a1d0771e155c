/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief SVCB and HTTPS records as text.
 *
 * Versions of libknot print the same parameters in different ways, so that exports of equal zones
 * would differ. This is one way, which all of them read: keys above 6 as keyNNNNN with a quoted
 * value, all others unquoted.
 *
 * Threads:  a pure function; any thread.
 * Sources:  RFC 9460, sections 2.1 and 7, appendix A.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*! Prints rdata. \return false: the parameters are malformed, or there is no room. */
bool steer_svcb_print(char *text, size_t size, const uint8_t *rdata, uint16_t rdata_len);
