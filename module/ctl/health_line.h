/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks as the command that sets them, and as JSON.
 */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "core/health_check.h"

/*! Prints "health set ID TYPE KEY=VALUE...", without a line's end. */
void health_line_print(FILE *out, const char *id, const steer_health_check_t *check);
/*! The same as an object; NULL: out of memory. */
json_t *health_line_json(const char *id, const steer_health_check_t *check);
/*! What a check says: an object of text by key, and of arrays of text; NULL: out of memory. */
json_t *health_options_json(const steer_health_check_t *check);
