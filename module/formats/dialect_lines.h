/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Lines of zone files that other programs write and libzscanner does not know.
 *
 * These are the types ALIAS and LUA of PowerDNS, and the class AWS of cli53 with its type ALIAS.
 * The scanner is given a copy of the text of the same length, in which it finds a record: an ALIAS
 * as the CNAME whose form it has, any other as a TXT of "x" in place of its data. Comparing with
 * the original tells what they are.
 *
 * Threads:  as for the input.
 * Memory:   a file without such lines is not copied.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "formats/input.h"

typedef enum {
	STEER_LINE_PLAIN, /*!< None of these. */
	STEER_LINE_ALIAS,
	STEER_LINE_LUA,
	STEER_LINE_AWS_ALIAS,
} steer_line_kind_t;

/*!
 * Makes the input's copy if it has such lines.
 *
 * A type is looked for where libzscanner does: after the owner, or the blank in its place, and a
 * TTL and a class; never in quotes, comments or data.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int steer_dialect_lines_copy(steer_input_t *input);

/*! Text for the scanner, of the same length as the input's own. */
static inline const char *steer_dialect_lines_text(const steer_input_t *input)
{
	return input->copy != NULL ? input->copy : input->text;
}

/*!
 * What the line between two places of the input's text is.
 *
 * \param[out] at  Its type or, of an AWS ALIAS, its class; not of STEER_LINE_PLAIN.
 */
steer_line_kind_t steer_dialect_line_between(const steer_input_t *input, const char *from,
                                             const char *to, const char **at);

/*! A walk over the words of an entry: a record, a directive or an empty line. */
typedef struct {
	const char *at, *end;
	bool nested;         /*!< Inside parentheses. */
	const char *comment; /*!< Semicolon of the last comment; NULL: there was none. */
} steer_line_t;

/*!
 * The next word of the entry, with its quotes and escapes.
 *
 * \return NULL: the entry ends here.
 */
const char *steer_line_word(steer_line_t *line, size_t *len);
/*!
 * Takes the quotes and escapes off a word.
 *
 * \param[out] text  At least len bytes; not NUL-terminated.
 *
 * \return Length of the text.
 */
size_t steer_word_unquote(const char *word, size_t len, char *text);
