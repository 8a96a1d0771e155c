/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/lines.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"

steer_lines_t steer_lines_of(const steer_input_t *input)
{
	size_t bom = strlen(BOM);
	bool has_bom = input->len >= bom && memcmp(input->text, BOM, bom) == 0;
	return (steer_lines_t) {
		.at = input->text + (has_bom ? bom : 0), .end = input->text + input->len,
	};
}

bool steer_lines_next(steer_lines_t *lines)
{
	if (lines->at == lines->end) {
		return false;
	}
	const char *newline = memchr(lines->at, '\n', lines->end - lines->at);
	const char *end = newline != NULL ? newline : lines->end;
	lines->text = lines->at;
	lines->len = end - lines->at;
	lines->len -= lines->len > 0 && end[-1] == '\r';
	lines->at = newline != NULL ? newline + 1 : lines->end;
	lines->number++;
	return true;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

bool steer_lines_is_blank(const steer_lines_t *lines)
{
	size_t at = 0;
	while (at < lines->len && is_space(lines->text[at])) {
		at++;
	}
	return at == lines->len || lines->text[at] == '#';
}

/*! Reads a quoted field, from behind its quote to behind the other one. \return NULL: no end. */
static const char *unquote(const char *at, const char *end, char **buffer, steer_field_t *field)
{
	field->text = *buffer;
	while (at < end) {
		if (*at == '"' && (++at == end || *at != '"')) {
			field->len = *buffer - field->text;
			return at;
		}
		*(*buffer)++ = *at++;
	}
	return NULL;
}

unsigned steer_fields_split(const char *line, size_t len, char buffer[STEER_MAP_LINE_MAX],
                            steer_field_t fields[STEER_MAP_FIELDS_MAX], const char **wrong_at,
                            const char **wrong)
{
	const char *at = line, *end = line + len;
	for (unsigned count = 0; count < STEER_MAP_FIELDS_MAX; at++) {
		steer_field_t *field = &fields[count++];
		while (at < end && is_space(*at)) {
			at++;
		}
		*field = (steer_field_t) { at, 0, at };
		if (at < end && *at == '"') {
			at = unquote(at + 1, end, &buffer, field);
			while (at != NULL && at < end && is_space(*at)) {
				at++;
			}
			if (at == NULL || (at < end && *at != ',')) {
				*wrong_at = at != NULL ? at : field->at;
				*wrong = at != NULL ? "text after a quoted field; allowed: a comma"
				                    : "a quote without end; allowed: a field ends on its line";
				return 0;
			}
		} else {
			const char *comma = memchr(at, ',', end - at);
			at = comma != NULL ? comma : end;
			field->len = at - field->text;
			while (field->len > 0 && is_space(field->text[field->len - 1])) {
				field->len--;
			}
		}
		if (at == end) {
			return count;
		}
	}
	*wrong_at = at;
	*wrong = "more than 64 fields; allowed: those of the header";
	return 0;
}

bool steer_field_is(const steer_field_t *field, const char *text)
{
	return strlen(text) == field->len && memcmp(field->text, text, field->len) == 0;
}
