/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/guess.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define BOM "\xef\xbb\xbf"

static bool has_end(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);
	return len > end_len && strcasecmp(name + len - end_len, end) == 0;
}

/*! The start of the first line that is neither blank nor, in any format, a comment. */
static const char *first_line(const char *at, const char *end)
{
	while (at < end) {
		const char *newline = memchr(at, '\n', end - at);
		const char *line_end = newline != NULL ? newline : end;
		const char *word = at;
		while (word < line_end && strchr(" \t\r", *word) != NULL) {
			word++;
		}
		if (word < line_end && *word != '#' && *word != ';') {
			return word;
		}
		at = newline != NULL ? newline + 1 : end;
	}
	return NULL;
}

/*! A key is a word with a colon, which no name in a zone file has, or is quoted, which none is. */
static bool is_key(const char *at, const char *end)
{
	if (*at == '"' || *at == '\'') {
		return true;
	}
	while (at < end && ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z')) {
		at++;
	}
	while (at < end && (*at == ' ' || *at == '\t')) {
		at++;
	}
	return at < end && *at == ':' && (at + 1 == end || strchr(" \t\r\n", at[1]) != NULL);
}

/*! Route 53 has a list, or an object whose keys begin in upper case, which those of YAML never do. */
static bool is_route53(const char *at, const char *end)
{
	if (*at == '[') {
		return true;
	}
	if (*at != '{') {
		return false;
	}
	for (at++; at < end && strchr(" \t\r\n", *at) != NULL; at++) {
	}
	return end - at >= 2 && at[0] == '"' && at[1] >= 'A' && at[1] <= 'Z';
}

steer_format_t steer_input_format(const steer_input_t *input)
{
	if (has_end(input->name, ".yaml") || has_end(input->name, ".yml")) {
		return STEER_FORMAT_YAML;
	}
	if (has_end(input->name, ".zone")) {
		return STEER_FORMAT_ZONE;
	}
	const char *text = input->text, *end = text + input->len;
	size_t bom = input->len >= strlen(BOM) && memcmp(text, BOM, strlen(BOM)) == 0 ? strlen(BOM) : 0;
	const char *at = first_line(text + bom, end);
	if (at == NULL) {
		return STEER_FORMAT_ZONE;
	}
	if (is_route53(at, end)) {
		return STEER_FORMAT_ROUTE53;
	}
	bool mark = (end - at >= 3 && memcmp(at, "---", 3) == 0) || *at == '%' || *at == '{';
	return mark || is_key(at, end) ? STEER_FORMAT_YAML : STEER_FORMAT_ZONE;
}
