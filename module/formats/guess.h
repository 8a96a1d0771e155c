/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Which format a file has.
 */
#pragma once

#include "formats/input.h"

typedef enum {
	STEER_FORMAT_ZONE,
	STEER_FORMAT_YAML,
	STEER_FORMAT_ROUTE53,
} steer_format_t;

/*! The format by the name of the file, else by its first line that is not a comment. */
steer_format_t steer_input_format(const steer_input_t *input);
