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

/*! Bytes of the longest name as text, with the final dot and the end. */
#define STEER_NAME_TEXT 1005

/*! Absolute name from text, with or without the final dot; lower case. */
int steer_name_parse(const char *text, uint8_t *name);
/*!
 * Name from text as in a zone file: relative to an origin unless it ends with a dot; '@' is the
 * origin.
 */
int steer_name_parse_in(const char *text, const uint8_t *origin, uint8_t *name);
/*! Whether the text of a name ends with a dot that is no part of a label. */
bool steer_name_is_absolute(const char *text, size_t len);
/*! Text of a name with the final dot; text has at least STEER_NAME_TEXT bytes. */
void steer_name_print(const uint8_t *name, char *text);
