/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What is said of a zone itself when it comes, changes or goes: text and JSON.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/*! A zone as it is now, or was. */
typedef struct {
	char sign; /*!< STEER_LOG_IS, STEER_LOG_STAYS or STEER_LOG_WAS. */
	const uint8_t *name;
	uint8_t mode;
	const char *comment;
	size_t comment_len;
	const char *named_by; /*!< From where an import has the name; NULL: not told. */
} zone_line_t;

/*! Prints a line. \param[in] prefix  "; " makes it a comment of a zone file. */
void zone_line_print(FILE *out, const char *prefix, const zone_line_t *line);
/*! The same as an object; NULL: out of memory. */
json_t *zone_line_json(const zone_line_t *line);
