/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names as the text of zone files, and back.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*! Size of the longest name as text, including the final dot and the terminating NUL. */
#define STEER_NAME_TEXT 1005

/*! Reads an absolute name, with or without the final dot; the result is in lower case. */
int steer_name_parse(const char *text, uint8_t *name);
/*!
 * Reads a name as in a zone file: relative to an origin unless it ends with a dot; '@' is the
 * origin.
 */
int steer_name_parse_in(const char *text, const uint8_t *origin, uint8_t *name);
/*! Whether the text of a name ends with a dot that is not part of a label. */
bool steer_name_is_absolute(const char *text, size_t len);
/*! Prints a name with the final dot; text has at least STEER_NAME_TEXT bytes. */
void steer_name_print(const uint8_t *name, char *text);
