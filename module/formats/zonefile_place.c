/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/zonefile_place.h"

#include "formats/dialect_lines.h"

const char *steer_zonefile_position(const zs_scanner_t *scanner, const steer_input_t *input)
{
	// At the end it swaps its input for a newline of its own.
	const char *text = steer_dialect_lines_text(input);
	return input->text + (scanner->input.start == text ? (size_t)(scanner->input.current - text)
	                                                   : input->len);
}

/*! Skips an entry, or the rest of one. \return Where its last line ends */
static const char *skip_entry(const char *at, const char *end, bool open, uint32_t *line)
{
	steer_line_t entry = { .at = at, .end = end, .nested = open };
	size_t len;
	while (steer_line_word(&entry, &len) != NULL) {
	}
	for (; at < entry.at; at++) {
		*line += *at == '\n';
	}
	return at;
}

const char *steer_zonefile_begin(const steer_zonefile_place_t *from, const steer_input_t *input,
                                 const zs_scanner_t *scanner, uint32_t *line,
                                 uint32_t *column)
{
	if (from->inside) {
		*line = scanner->line_counter;
		*column = 1;
		return NULL;
	}
	// The scanner knows only where a record ends; in between are blank lines, comments and
	// directives.
	const char *end = input->text + input->len;
	const char *begin = from->at, *at = begin;
	*line = from->line;
	if (from->open) {
		at = skip_entry(at, end, true, line);
	}
	while (at < end) {
		if (*at == '\n') {
			begin = ++at;
			(*line)++;
		} else if (*at == ' ' || *at == '\t') {
			at++;
		} else if (*at == ';' || *at == '$') {
			at = skip_entry(at, end, false, line);
		} else {
			break;
		}
	}
	*column = at - begin + 1;
	return at;
}
