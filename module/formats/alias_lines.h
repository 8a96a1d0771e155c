/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Records of the type ALIAS in zone files, which libzscanner does not know.
 *
 * An ALIAS has the form of a CNAME, so the scanner is given a copy of the text in which it is one.
 * Comparing with the original tells them apart; offsets are the same in both.
 *
 * Threads:  as for the input.
 * Memory:   a file without such records is not copied.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "formats/input.h"

/*!
 * Makes the input's copy if it has such records.
 *
 * A type is looked for where libzscanner does: after the owner, or the blank in its place, and a
 * TTL and a class; never in quotes, comments or data.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int steer_alias_lines_copy(steer_input_t *input);

/*! Text for the scanner, of the same length as the input's own. */
static inline const char *steer_alias_lines_text(const steer_input_t *input)
{
	return input->copy != NULL ? input->copy : input->text;
}

/*! Whether the type of such a record is between two places of the input's text. */
bool steer_alias_lines_between(const steer_input_t *input, const char *from, const char *to);
