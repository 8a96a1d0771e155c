/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Records as values of Route 53: text of zone files, with octal escapes.
 *
 * Threads:  as formats/text.h.
 */
#pragma once

#include <stdint.h>

#include "formats/text.h"
#include "steer/error.h"

/*! Longest value. */
#define STEER_ROUTE53_VALUE_MAX 4000

/*!
 * Prints rdata.
 *
 * \retval STEER_OK
 * \retval STEER_EINVAL  It has only the generic form of RFC 3597.
 * \retval STEER_ESPACE  It is too long.
 */
int steer_route53_value_print(steer_text_t *text, uint16_t type, const uint8_t *rdata,
                              uint16_t len, char value[STEER_ROUTE53_VALUE_MAX + 1]);
