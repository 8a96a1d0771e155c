/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Escapes of bytes in names and values: octal in Route 53, decimal in zone files.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/name.h"

/*!
 * Rewrites \\ooo as \\DDD, which is as long.
 *
 * \return NULL; or the first backslash before a digit that begins no octal number up to 377, up to
 *         which the text is rewritten
 */
const char *steer_octal_rewrite(char *text);
/*! Rewrites \\DDD, in the text of a name or value, as \\ooo, which is as long. */
void steer_decimal_rewrite(char *text);

/*! Whether a byte of a name is written as it is. */
static inline bool steer_octal_is_plain(unsigned byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
	       byte == '_';
}
/*! Prints a wire name: other bytes as \\ooo. \return text */
const char *steer_octal_name(const uint8_t *name, char text[STEER_NAME_TEXT_MAX]);
