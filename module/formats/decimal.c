/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/decimal.h"

#include <inttypes.h>
#include <stdio.h>

static bool is_digit(const char *at, const char *end)
{
	return at < end && *at >= '0' && *at <= '9';
}

bool steer_number_parse(const char *text, size_t len, uint32_t max, uint32_t *number)
{
	const char *at = text, *end = text + len;
	uint64_t made = 0;
	while (is_digit(at, end) && made <= max) {
		made = made * 10 + (*at++ - '0');
	}
	if (len == 0 || at != end || made > max) {
		return false;
	}
	*number = made;
	return true;
}

bool steer_decimal_parse(const char *text, size_t len, unsigned decimals, int64_t max,
                         int64_t *number)
{
	const char *at = text, *end = text + len;
	bool negative = at < end && *at == '-';
	int64_t made = 0;
	at += negative || (at < end && *at == '+');
	if (!is_digit(at, end)) {
		return false;
	}
	while (is_digit(at, end) && made <= max) {
		made = made * 10 + (*at++ - '0');
	}
	if (at < end && (*at++ != '.' || !is_digit(at, end))) {
		return false;
	}
	for (unsigned i = 0; i < decimals; i++) {
		made = made * 10 + (is_digit(at, end) ? *at++ - '0' : 0);
		max *= 10;
	}
	bool up = is_digit(at, end) && *at >= '5', rest = false;
	while (is_digit(at, end)) {
		rest |= *at++ != '0';
	}
	if (at != end || made > max || (made == max && rest)) {
		return false;
	}
	made += up;
	*number = negative ? -made : made;
	return true;
}

const char *steer_decimal_print(int64_t number, unsigned decimals, char text[STEER_DECIMAL_TEXT])
{
	const uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;
	uint64_t unit = 1;
	for (unsigned i = 0; i < decimals; i++) {
		unit *= 10;
	}
	uint64_t fraction = size % unit;
	for (; decimals > 0 && fraction % 10 == 0; decimals--) {
		fraction /= 10;
	}
	int len = snprintf(text, STEER_DECIMAL_TEXT, "%s%" PRIu64, number < 0 ? "-" : "", size / unit);
	if (decimals > 0) {
		snprintf(text + len, STEER_DECIMAL_TEXT - len, ".%0*" PRIu64, (int)decimals, fraction);
	}
	return text;
}
