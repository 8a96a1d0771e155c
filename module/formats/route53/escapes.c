/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/escapes.h"

#include <stddef.h>
#include <string.h>

/*! Digits of an escape. */
#define DIGITS 3

const char *steer_octal_rewrite(char *text)
{
	while ((text = strchr(text, '\\')) != NULL) {
		char *digits = text + 1;
		if (*digits < '0' || *digits > '9') {
			text += *digits != '\0' ? 2 : 1;
			continue;
		}
		if (*digits > '3' || strspn(digits, "01234567") < DIGITS) {
			return text;
		}
		const unsigned byte = (digits[0] - '0') << 6 | (digits[1] - '0') << 3 | (digits[2] - '0');
		digits[0] = '0' + byte / 100;
		digits[1] = '0' + byte / 10 % 10;
		digits[2] = '0' + byte % 10;
		text = digits + DIGITS;
	}
	return NULL;
}

/*! \return The end of the digits */
static char *put_octal(char *to, unsigned byte)
{
	*to++ = '0' + (byte >> 6);
	*to++ = '0' + (byte >> 3 & 7);
	*to++ = '0' + (byte & 7);
	return to;
}

void steer_decimal_rewrite(char *text)
{
	while ((text = strchr(text, '\\')) != NULL) {
		char *digits = text + 1;
		if (strspn(digits, "0123456789") < DIGITS) {
			text += *digits != '\0' ? 2 : 1;
			continue;
		}
		const unsigned byte = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + digits[2] - '0';
		text = put_octal(digits, byte);
	}
}

const char *steer_octal_name(const uint8_t *name, char text[STEER_NAME_TEXT_MAX])
{
	char *to = text;
	if (*name == 0) {
		*to++ = '.';
	}
	while (*name != 0) {
		for (unsigned left = *name++; left > 0; left--, name++) {
			if (steer_octal_is_plain(*name)) {
				*to++ = *name;
			} else {
				*to++ = '\\';
				to = put_octal(to, *name);
			}
		}
		*to++ = '.';
	}
	*to = '\0';
	return text;
}
