/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief UTF-8, and text that is safe to show.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*!
 * Reads the character at the start of a text (RFC 3629).
 *
 * \param[in]  len   Length of the text, at least 1; may be larger if the text is NUL-terminated.
 * \param[out] code  Code point of a valid character.
 *
 * \return Length of the character; 0 if it is invalid.
 */
unsigned steer_utf8_read(const char *text, size_t len, uint32_t *code);

/*!
 * Whether a code point is a control character, which could harm a terminal, or one that changes the
 * direction of text, which can disguise it (Unicode Standard Annex 9).
 */
static inline bool steer_utf8_is_control(uint32_t code)
{
	bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
	bool mark = code == 0x61c || code == 0x200e || code == 0x200f;
	return control || mark || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/*! Room for a text of this length once masked. */
#define STEER_MASKED(len) (4 * (len) + 1)
/*!
 * Makes text safe for a terminal or a log: writes \\xHH for each byte of a control character or of
 * invalid UTF-8. What does not fit is cut off.
 *
 * \return masked
 */
char *steer_utf8_mask(char *masked, size_t size, const char *text, size_t len);

/*! Room for text that a message quotes. */
#define STEER_SHOWN 44
/*! Text as quoted in a message: shortened, and safe for a terminal. */
const char *steer_shown(char shown[STEER_SHOWN], const char *text, size_t len);
