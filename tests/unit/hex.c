/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/hex.h"

#include <string.h>

size_t hex_read(const char *text, uint8_t *bytes, size_t room)
{
	size_t len = strlen(text) / 2;
	if (strlen(text) % 2 != 0 || len > room) {
		return 0;
	}
	for (size_t i = 0; i < len; i++) {
		unsigned byte;
		if (sscanf(text + 2 * i, "%2x", &byte) != 1) {
			return 0;
		}
		bytes[i] = byte;
	}
	return len;
}

void hex_print(char *to, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		to += sprintf(to, "%02x", bytes[i]);
	}
	*to = '\0';
}

void hex_write(FILE *out, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		fprintf(out, "%02x", bytes[i]);
	}
}
