/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Characters of UTF-8, and text that is shown to a person.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*!
 * Reads the character at the begin of a text (RFC 3629).
 *
 * \param[in]  len   Bytes of the text, at least 1; any more where a zero byte ends it.
 * \param[out] code  Code point, if there is a character.
 *
 * \return Bytes of it; 0: there is none.
 */
unsigned steer_utf8_read(const char *text, size_t len, uint32_t *code);

/*!
 * Whether a code point is a control character, which could harm a terminal, or one that changes the
 * direction of text, which lets it seem another (Unicode Standard Annex 9).
 */
static inline bool steer_utf8_is_control(uint32_t code)
{
	bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
	bool mark = code == 0x61c || code == 0x200e || code == 0x200f;
	return control || mark || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/*! Room for all that a text of so many bytes can become. */
#define STEER_MASKED(len) (4 * (len) + 1)
/*!
 * Text as a terminal or a log may get it: \\xHH for each byte of a control character, and for what
 * is no UTF-8. What does not fit is left out.
 *
 * \return masked
 */
char *steer_utf8_mask(char *masked, size_t size, const char *text, size_t len);

/*! Room for text as messages repeat it. */
#define STEER_SHOWN 44
/*! Text as messages repeat it: cut, and without what could harm a terminal. */
const char *steer_shown(char shown[STEER_SHOWN], const char *text, size_t len);
