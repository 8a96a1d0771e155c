/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Lines of the type ALIAS in zone files, which libzscanner does not know.
 *
 * Such a line has the form of a CNAME, and the scanner is given text in which it is one. The text
 * as it was tells them apart; both have the same places.
 *
 * Threads:  as the input.
 * Memory:   a file without such lines is not copied.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "formats/input.h"

/*!
 * Makes the input's copy, if it has such lines.
 *
 * Types stand where libzscanner looks for them: behind the owner, or the blank in its stead, and a
 * TTL and a class; never in quotes, comments or data.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int steer_alias_lines_copy(steer_input_t *input);

/*! Text for the scanner, as long as the input's own. */
static inline const char *steer_alias_lines_text(const steer_input_t *input)
{
	return input->copy != NULL ? input->copy : input->text;
}

/*! Whether such a line's type is between two places of the input's text. */
bool steer_alias_lines_between(const steer_input_t *input, const char *from, const char *to);
