/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Text as scalars of YAML that every reader takes for that text.
 *
 * Plain where that is safe: neither a reader of YAML 1.1 nor one of 1.2 may see a number, a date, a
 * boolean or nothing in it. Else between double quotes; between single ones if it has a quote or
 * a backslash, so that what a zone file escapes stands here as it stands there; with escapes of
 * YAML's own only if it has bytes that cannot be printed.
 *
 * Threads:  pure functions; any thread.
 * Sources:  YAML 1.2.2, sections 5.1, 7.3 and 10.3.2; YAML 1.1's types bool, float, int, merge,
 *           null, timestamp and value.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*! Where text goes: a stream, or a line that has an end. */
typedef struct {
	FILE *out;   /*!< NULL: to the line. */
	char *line;
	size_t room; /*!< Bytes of the line. */
	size_t len;  /*!< Bytes put so far, also those that the line had no room for. */
} steer_yaml_sink_t;

/*! Puts text as it is. */
void steer_yaml_put(steer_yaml_sink_t *sink, const char *text, size_t len);
/*! Puts a string as it is. */
void steer_yaml_puts(steer_yaml_sink_t *sink, const char *text);

/*!
 * Puts text as a scalar on one line.
 *
 * \param[in] flow  It stands between brackets or braces.
 */
void steer_yaml_scalar(steer_yaml_sink_t *sink, const char *text, bool flow);

/*! Whether text is UTF-8 without control characters; other bytes become U+FFFD in a scalar. */
bool steer_yaml_is_line(const char *text);
