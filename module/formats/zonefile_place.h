/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Where in a zone file a record is that libzscanner has read.
 *
 * Threads:  pure functions; any thread.
 * Memory:   places point into the input's text.
 * Units:    lines and columns count from 1.
 */
#pragma once

#include <libzscanner/scanner.h>
#include <stdbool.h>
#include <stdint.h>

#include "formats/input.h"

/*! A place in an input: at or before the line that is read next. */
typedef struct {
	const char *at;
	uint32_t line;
	bool open;   /*!< In parentheses that are closed only after the data of the last record. */
	bool inside; /*!< In a malformed record, whose rest comes before the next one. */
} steer_zonefile_place_t;

/*! Where the scanner of an input is. */
const char *steer_zonefile_position(const zs_scanner_t *scanner, const steer_input_t *input);

/*!
 * Where the record begins that was read after a place.
 *
 * \param[out] line, column  After the rest of a malformed record: the start of its last line.
 *
 * \return Its first character that is not a blank; NULL: unknown.
 */
const char *steer_zonefile_begin(const steer_zonefile_place_t *from, const steer_input_t *input,
                                 const zs_scanner_t *scanner, uint32_t *line,
                                 uint32_t *column);
