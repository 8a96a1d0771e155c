/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Text as scalars of YAML that every reader reads as that text.
 *
 * Plain where that is safe: where no reader of YAML 1.1 or 1.2 sees a number, a date, a boolean or
 * null. Else in double quotes; in single quotes if it has a quote or a backslash, so that escapes
 * of zone files look here as they do there; with YAML's own escapes only if it has bytes that
 * cannot be printed.
 *
 * Threads:  pure functions; any thread.
 * Sources:  YAML 1.2.2, sections 5.1, 7.3 and 10.3.2; YAML 1.1's types bool, float, int, merge,
 *           null, timestamp and value.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*! Where text goes: a stream, or a line of limited length. */
typedef struct {
	FILE *out;   /*!< NULL: to the line. */
	char *line;
	size_t room; /*!< Bytes of the line. */
	size_t len;  /*!< Bytes put so far, including those that the line had no room for. */
} steer_yaml_sink_t;

/*! Puts text as it is. */
void steer_yaml_put(steer_yaml_sink_t *sink, const char *text, size_t len);
/*! Puts a string as it is. */
void steer_yaml_puts(steer_yaml_sink_t *sink, const char *text);

/*!
 * Puts text as a scalar on one line.
 *
 * \param[in] flow  It is between brackets or braces.
 */
void steer_yaml_scalar(steer_yaml_sink_t *sink, const char *text, bool flow);

/*! Whether text is UTF-8 without control characters; other bytes become U+FFFD in a scalar. */
bool steer_yaml_is_line(const char *text);
