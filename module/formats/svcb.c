/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/svcb.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/name.h"
#include "formats/name_text.h"

enum {
	KEY_MANDATORY, KEY_ALPN, KEY_NO_DEFAULT_ALPN, KEY_PORT, KEY_IPV4HINT, KEY_ECH, KEY_IPV6HINT,
};

static const char *const keys[] = {
	"mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint",
};

/*! Text under construction. */
typedef struct {
	char *at, *end;
	bool full;
} out_t;

__attribute__((format(printf, 2, 3)))
static void put(out_t *out, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vsnprintf(out->at, out->end - out->at, format, args);
	va_end(args);
	if (len < 0 || len >= out->end - out->at) {
		out->full = true;
	} else {
		out->at += len;
	}
}

static uint16_t read_u16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void put_key(out_t *out, uint16_t key)
{
	if (key < sizeof(keys) / sizeof(*keys)) {
		put(out, "%s", keys[key]);
	} else {
		put(out, "key%u", key);
	}
}

/*!
 * Puts a character of a string in quotes, or of a list without; in the latter what ends a word is
 * escaped, and a comma and a backslash twice.
 */
static void put_char(out_t *out, uint8_t c, bool list)
{
	if (c < ' ' || c > '~' || (list && strchr(" ;()\"", c) != NULL)) {
		put(out, "\\%03u", c);
	} else if (list && (c == ',' || c == '\\')) {
		put(out, c == ',' ? "\\\\," : "\\\\\\\\");
	} else {
		put(out, c == '"' || c == '\\' ? "\\%c" : "%c", c);
	}
}

static bool put_mandatory(out_t *out, const uint8_t *value, const uint8_t *end)
{
	for (const uint8_t *at = value; at < end; at += 2) {
		if (end - at < 2) {
			return false;
		}
		put(out, at > value ? "," : "");
		put_key(out, read_u16(at));
	}
	return value < end;
}

static bool put_alpn(out_t *out, const uint8_t *value, const uint8_t *end)
{
	for (const uint8_t *at = value; at < end; at += 1 + *at) {
		if (*at == 0 || end - at < 1 + *at) {
			return false;
		}
		put(out, at > value ? "," : "");
		for (unsigned i = 1; i <= *at; i++) {
			put_char(out, at[i], true);
		}
	}
	return value < end;
}

static bool put_addresses(out_t *out, int family, const uint8_t *value, const uint8_t *end)
{
	ptrdiff_t size = family == AF_INET ? 4 : 16;
	for (const uint8_t *at = value; at < end; at += size) {
		char text[INET6_ADDRSTRLEN];
		if (end - at < size || inet_ntop(family, at, text, sizeof(text)) == NULL) {
			return false;
		}
		put(out, "%s%s", at > value ? "," : "", text);
	}
	return value < end;
}

static bool put_base64(out_t *out, const uint8_t *value, const uint8_t *end)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (const uint8_t *at = value; at < end; at += 3) {
		ptrdiff_t left = end - at;
		uint32_t bits = at[0] << 16 | (left > 1 ? at[1] : 0) << 8 | (left > 2 ? at[2] : 0);
		put(out, "%c%c%c%c", digits[bits >> 18], digits[bits >> 12 & 63],
		    left > 1 ? digits[bits >> 6 & 63] : '=', left > 2 ? digits[bits & 63] : '=');
	}
	return value < end;
}

static bool put_string(out_t *out, const uint8_t *value, const uint8_t *end)
{
	put(out, "\"");
	for (; value < end; value++) {
		put_char(out, *value, false);
	}
	put(out, "\"");
	return true;
}

static bool put_value(out_t *out, uint16_t key, const uint8_t *value, const uint8_t *end)
{
	switch (key) {
	case KEY_MANDATORY:
		return put_mandatory(out, value, end);
	case KEY_ALPN:
		return put_alpn(out, value, end);
	case KEY_NO_DEFAULT_ALPN:
		return false; // It has no value.
	case KEY_PORT:
		put(out, "%u", end - value == 2 ? read_u16(value) : 0);
		return end - value == 2;
	case KEY_IPV4HINT:
		return put_addresses(out, AF_INET, value, end);
	case KEY_ECH:
		return put_base64(out, value, end);
	case KEY_IPV6HINT:
		return put_addresses(out, AF_INET6, value, end);
	default:
		return put_string(out, value, end);
	}
}

static bool put_param(out_t *out, const uint8_t **at, const uint8_t *end)
{
	if (end - *at < 4 || end - *at - 4 < read_u16(*at + 2)) {
		return false;
	}
	uint16_t key = read_u16(*at);
	const uint8_t *value = *at + 4;
	*at = value + read_u16(*at + 2);
	put(out, " ");
	put_key(out, key);
	if (*at == value) {
		return key == KEY_NO_DEFAULT_ALPN || key >= sizeof(keys) / sizeof(*keys);
	}
	put(out, "=");
	return put_value(out, key, value, *at);
}

bool steer_svcb_print(char *text, size_t size, const uint8_t *rdata, uint16_t rdata_len)
{
	out_t out = { .at = text, .end = text + size };
	const uint8_t *at = rdata + 2, *end = rdata + rdata_len;
	char target[STEER_NAME_TEXT];
	steer_name_print(at, target);
	put(&out, "%u %s", read_u16(rdata), target);
	at += steer_name_len(at);
	bool good = true;
	while (good && at < end) {
		good = put_param(&out, &at, end);
	}
	return good && !out.full;
}
