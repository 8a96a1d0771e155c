/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/utf8.h"

#include <string.h>

unsigned steer_utf8_read(const char *text, size_t len, uint32_t *code)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least;
	} forms[] = { { 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 },
	              { 0xf8, 0xf0, 0x10000 } };
	const uint8_t *at = (const uint8_t *)text;
	for (unsigned i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if ((at[0] & forms[i].mask) != forms[i].lead) {
			continue;
		}
		uint32_t value = at[0] & (uint8_t)~forms[i].mask;
		for (unsigned k = 1; k <= i; k++) {
			if (k >= len || (at[k] & 0xc0) != 0x80) {
				return 0;
			}
			value = value << 6 | (at[k] & 0x3f);
		}
		*code = value;
		bool surrogate = value >= 0xd800 && value <= 0xdfff;
		return value < forms[i].least || value > 0x10ffff || surrogate ? 0 : i + 1;
	}
	return 0;
}

char *steer_utf8_mask(char *masked, size_t size, const char *text, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	char *to = masked, *end = masked + size - 1;
	while (len > 0) {
		uint32_t code;
		size_t bytes = steer_utf8_read(text, len, &code);
		bool good = bytes > 0 && !steer_utf8_is_control(code);
		size_t count = bytes > 0 ? bytes : 1;
		if ((size_t)(end - to) < (good ? count : 4 * count)) {
			break;
		}
		for (size_t i = 0; i < count; i++) {
			uint8_t byte = text[i];
			if (good) {
				*to++ = byte;
			} else {
				*to++ = '\\';
				*to++ = 'x';
				*to++ = hex[byte >> 4];
				*to++ = hex[byte & 15];
			}
		}
		text += count;
		len -= count;
	}
	*to = '\0';
	return masked;
}

const char *steer_shown(char shown[STEER_SHOWN], const char *text, size_t len)
{
	size_t end = len < STEER_SHOWN ? len : STEER_SHOWN - 4;
	for (size_t i = 0; i < end; i++) {
		shown[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	}
	strcpy(shown + end, end < len ? "..." : "");
	return shown;
}
