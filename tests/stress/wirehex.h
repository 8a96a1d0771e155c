/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names and rdata as hexadecimal digits, for programs that a test talks to by lines.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/*! Reads digits; returns the number of bytes, 0 if they are none or too many. */
static inline size_t hex_read(const char *text, uint8_t *bytes, size_t room)
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

/*! Writes digits and a final 0. */
static inline void hex_write(char *to, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		to += sprintf(to, "%02x", bytes[i]);
	}
	*to = '\0';
}
