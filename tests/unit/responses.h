/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Responses as text: "RECORDS TTL OWNER VALUE, ...", "NODATA TTL", "FAILURE why".
 */
#pragma once

#include <stdio.h>

#include "formats/text.h"
#include "steerd/resolve/response.h"

void response_write(const response_t *response, steer_text_t *text, FILE *out);
