/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/scalar.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/utf8.h"

#define REPLACEMENT 0xfffd /*!< In place of a byte that is not UTF-8. */

void steer_yaml_put(steer_yaml_sink_t *sink, const char *text, size_t len)
{
	if (sink->out != NULL) {
		fwrite(text, 1, len, sink->out);
	} else if (sink->len + len <= sink->room) {
		memcpy(sink->line + sink->len, text, len);
	}
	sink->len += len;
}

void steer_yaml_puts(steer_yaml_sink_t *sink, const char *text)
{
	steer_yaml_put(sink, text, strlen(text));
}

/* Characters. */

/*! Texts are NUL-terminated, and a NUL is never part of a longer character. */
static unsigned decode(const char *text, uint32_t *code)
{
	return steer_utf8_read(text, SIZE_MAX, code);
}

bool steer_yaml_is_line(const char *text)
{
	uint32_t code;
	for (unsigned bytes; *text != '\0'; text += bytes) {
		bytes = decode(text, &code);
		if (bytes == 0 || steer_utf8_is_control(code)) {
			return false;
		}
	}
	return true;
}

/*!
 * Whether a character needs no escape in a scalar. Some that YAML allows are escaped: line ends of
 * either version, the byte order mark, and tabs, which nobody sees.
 */
static bool is_shown(uint32_t code)
{
	return !steer_utf8_is_control(code) && code != 0x2028 && code != 0x2029 && code != 0xfeff &&
	       (code & 0xfffe) != 0xfffe;
}

static bool all_shown(const char *text)
{
	uint32_t code;
	for (unsigned bytes; *text != '\0'; text += bytes) {
		bytes = decode(text, &code);
		if (bytes == 0 || !is_shown(code)) {
			return false;
		}
	}
	return true;
}

/* What plain text could be mistaken for. */

/*! The words of both versions, in any case. No plain scalar of ours begins with ~, = or <<. */
static bool is_word(const char *text)
{
	static const char *const words[] = {
		"y", "n", "yes", "no", "on", "off", "true", "false", "null",
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcasecmp(text, words[i]) == 0) {
			return true;
		}
	}
	return false;
}

/*!
 * Integers and floats of any base, sexagesimal ones (12:30) too, with underscores. Signs and points
 * at the start are not looked for, since no plain scalar of ours begins with one.
 */
static bool is_number(const char *text)
{
	const char *at = text;
	if (at[0] == '0' && at[1] != '\0' && strchr("xXoObB", at[1]) != NULL) {
		at += 2;
		return at[strspn(at, "0123456789abcdefABCDEF_")] == '\0';
	}
	if (!isdigit((unsigned char)*at)) {
		return false;
	}
	at += strspn(at, "0123456789_");
	while (*at == ':' && isdigit((unsigned char)at[1])) {
		at += 1 + strspn(at + 1, "0123456789_");
	}
	if (*at == '.') {
		at += 1 + strspn(at + 1, "0123456789_");
	}
	if (*at == 'e' || *at == 'E') {
		at++;
		at += strspn(at, "+-");
		at += strspn(at, "0123456789");
	}
	return *at == '\0';
}

/*! 2001-12-14, perhaps followed by a time. */
static bool is_date(const char *text)
{
	static const struct {
		size_t min, max;
	} parts[] = { { 4, 4 }, { 1, 2 }, { 1, 2 } };
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t digits = strspn(text, "0123456789");
		if (digits < parts[i].min || digits > parts[i].max) {
			return false;
		}
		text += digits;
		if (i < 2 && *text++ != '-') {
			return false;
		}
	}
	return *text == '\0' || strchr("Tt ", *text) != NULL;
}

/*! Whether text has characters to which YAML gives a meaning. */
static bool has_marks(const char *text, bool flow)
{
	unsigned char first = text[0], last = text[strlen(text) - 1];
	if (!isalnum(first) && first < 0x80 && strchr("_/\\($;^", first) == NULL) {
		return true;
	}
	return last == ' ' || last == ':' || strstr(text, ": ") != NULL ||
	       strstr(text, " #") != NULL || (flow && strpbrk(text, ",[]{}?") != NULL);
}

static bool is_plain(const char *text, bool flow)
{
	// Quotes inside plain text mean nothing, but its readers would have to know that.
	return text[0] != '\0' && !has_marks(text, flow) && strpbrk(text, "\"'") == NULL &&
	       !is_word(text) && !is_number(text) && !is_date(text);
}

/* The forms. */

static void put_single(steer_yaml_sink_t *sink, const char *text)
{
	steer_yaml_put(sink, "'", 1);
	for (const char *quote; (quote = strchr(text, '\'')) != NULL; text = quote + 1) {
		steer_yaml_put(sink, text, quote + 1 - text);
		steer_yaml_put(sink, "'", 1);
	}
	steer_yaml_puts(sink, text);
	steer_yaml_put(sink, "'", 1);
}

static void put_escaped(steer_yaml_sink_t *sink, uint32_t code)
{
	char text[16];
	if (code == '\n' || code == '\t') {
		snprintf(text, sizeof(text), "\\%c", code == '\n' ? 'n' : 't');
	} else if (code <= 0xffff) {
		snprintf(text, sizeof(text), "\\u%04X", (unsigned)code);
	} else {
		snprintf(text, sizeof(text), "\\U%08X", (unsigned)code);
	}
	steer_yaml_puts(sink, text);
}

static void put_double(steer_yaml_sink_t *sink, const char *text)
{
	steer_yaml_put(sink, "\"", 1);
	while (*text != '\0') {
		uint32_t code;
		unsigned bytes = decode(text, &code);
		if (bytes == 0) {
			bytes = 1;
			put_escaped(sink, REPLACEMENT);
		} else if (!is_shown(code)) {
			put_escaped(sink, code);
		} else {
			if (code == '"' || code == '\\') {
				steer_yaml_put(sink, "\\", 1);
			}
			steer_yaml_put(sink, text, bytes);
		}
		text += bytes;
	}
	steer_yaml_put(sink, "\"", 1);
}

void steer_yaml_scalar(steer_yaml_sink_t *sink, const char *text, bool flow)
{
	if (!all_shown(text)) {
		put_double(sink, text);
	} else if (is_plain(text, flow)) {
		steer_yaml_puts(sink, text);
	} else if (strpbrk(text, "\"\\") != NULL) {
		put_single(sink, text);
	} else {
		put_double(sink, text);
	}
}
