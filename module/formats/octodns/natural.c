/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/natural.h"

#include <string.h>

#define DIGITS "0123456789"

/*! Compares two parts of texts. */
static int compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	const int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

/*! Compares two numbers. */
static int compare_numbers(const char *a, size_t a_len, const char *b, size_t b_len)
{
	for (; a_len > 1 && *a == '0'; a++, a_len--) {
	}
	for (; b_len > 1 && *b == '0'; b++, b_len--) {
	}
	return a_len != b_len ? (a_len > b_len) - (a_len < b_len) : memcmp(a, b, a_len);
}

int steer_octodns_natural_cmp(const char *a, const char *b)
{
	while (*a != '\0' || *b != '\0') {
		size_t a_len = strcspn(a, DIGITS), b_len = strcspn(b, DIGITS);
		int order = compare(a, a_len, b, b_len);
		if (order != 0) {
			return order;
		}
		a += a_len;
		b += b_len;
		a_len = strspn(a, DIGITS);
		b_len = strspn(b, DIGITS);
		order = a_len == 0 || b_len == 0 ? (a_len > b_len) - (a_len < b_len)
		                                 : compare_numbers(a, a_len, b, b_len);
		if (order != 0) {
			return order;
		}
		a += a_len;
		b += b_len;
	}
	return 0;
}
