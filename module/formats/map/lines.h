/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The lines of an input, and the comma-separated fields of a line (RFC 4180).
 *
 * A byte order mark, and carriage returns at the end of lines, are left out. Fields are trimmed; a
 * quoted field ends on its line.
 *
 * Memory:   lines and fields are parts of the input, but for fields with quotes inside, which are
 *           in a buffer of the caller's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/input.h"

/*! Longest line. */
#define STEER_MAP_LINE_MAX 4096
/*! Most fields of a line. */
#define STEER_MAP_FIELDS_MAX 64

typedef struct {
	const char *at, *end; /*!< What is left of the input. */
	const char *text;     /*!< The current line. */
	size_t len;
	uint32_t number;      /*!< Of the current line, from 1. */
} steer_lines_t;

typedef struct {
	const char *text;
	size_t len;
	const char *at; /*!< Where it begins in the line. */
} steer_field_t;

steer_lines_t steer_lines_of(const steer_input_t *input);
/*! Goes to the next line, which can be too long. \return false: there are no more. */
bool steer_lines_next(steer_lines_t *lines);
/*! Whether the current line is blank, or a comment, which begins with '#'. */
bool steer_lines_is_blank(const steer_lines_t *lines);

/*!
 * Splits a line at its commas.
 *
 * \param[out] wrong  If it cannot be split: where and what is wrong.
 *
 * \return Number of fields; 0 if the line cannot be split.
 */
unsigned steer_fields_split(const char *line, size_t len, char buffer[STEER_MAP_LINE_MAX],
                            steer_field_t fields[STEER_MAP_FIELDS_MAX], const char **wrong_at,
                            const char **wrong);
/*! Whether a field is a text. */
bool steer_field_is(const steer_field_t *field, const char *text);
