/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/dialect_lines.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*! A type or class, and what the scanner finds in its place. */
typedef struct {
	const char *word, *instead;
} swap_t;

static const swap_t alias = { "ALIAS", "CNAME" }, aws_alias = { "ALIAS", "TXT  " };
static const swap_t lua = { "LUA", "TXT" }, aws = { "AWS", "IN " };

static bool is_word(const char *word, size_t len, const char *wanted)
{
	return len == strlen(wanted) && strncasecmp(word, wanted, len) == 0;
}

/*! Most files do not have any of the words at all; this is all that they pay. */
static bool has_word(const char *text, size_t len)
{
	for (size_t i = 0; i + strlen(lua.word) <= len; i++) {
		const char c = text[i] | 0x20;
		if ((c == 'a' && (strncasecmp(text + i, aws.word, strlen(aws.word)) == 0 ||
		                  (len - i >= strlen(alias.word) &&
		                   strncasecmp(text + i, alias.word, strlen(alias.word)) == 0))) ||
		    (c == 'l' && strncasecmp(text + i, lua.word, strlen(lua.word)) == 0)) {
			return true;
		}
	}
	return false;
}

/* Words. */

static bool is_separator(char c)
{
	return c == ' ' || c == '\t' || c == '(' || c == ')';
}

static void skip_line(steer_line_t *line)
{
	const char *newline = memchr(line->at, '\n', line->end - line->at);
	line->at = newline != NULL ? newline : line->end;
}

/*! An unclosed quote goes on past the end of the line only inside parentheses. */
static void skip_quoted(steer_line_t *line)
{
	for (line->at++; line->at < line->end; line->at++) {
		if (*line->at == '"') {
			line->at++;
			return;
		}
		if (*line->at == '\n' && !line->nested) {
			return;
		}
		line->at += *line->at == '\\' && line->end - line->at > 1;
	}
}

/*! Skips what is between words. \return false: the entry ends here. */
static bool skip_gap(steer_line_t *line)
{
	for (; line->at < line->end; line->at++) {
		if (*line->at == ';') {
			line->comment = line->at;
			skip_line(line);
		}
		if (line->at == line->end || (*line->at == '\n' && !line->nested)) {
			return false;
		}
		if (*line->at == '(' || *line->at == ')') {
			line->nested = *line->at == '(';
		} else if (*line->at != '\n' && !is_separator(*line->at)) {
			return true;
		}
	}
	return false;
}

static void skip_word(steer_line_t *line)
{
	if (*line->at == '"') {
		skip_quoted(line);
		return;
	}
	while (line->at < line->end && !is_separator(*line->at) && *line->at != '\n' &&
	       *line->at != ';') {
		line->at += *line->at == '\\' && line->end - line->at > 1 ? 2 : 1;
	}
}

const char *steer_line_word(steer_line_t *line, size_t *len)
{
	if (!skip_gap(line)) {
		return NULL;
	}
	const char *word = line->at;
	skip_word(line);
	*len = line->at - word;
	return word;
}

/*! Reads an escape after its backslash. \return Its length. */
static size_t unescape(const char *at, size_t len, char *byte)
{
	unsigned number = 0;
	for (size_t i = 0; i < 3; i++) {
		if (i == len || !isdigit((unsigned char)at[i])) {
			*byte = len > 0 ? at[0] : '\\';
			return len > 0;
		}
		number = number * 10 + (at[i] - '0');
	}
	*byte = number;
	return 3;
}

size_t steer_word_unquote(const char *word, size_t len, char *text)
{
	const bool quoted = len > 0 && word[0] == '"';
	size_t made = 0;
	for (size_t i = quoted; i < len && !(quoted && word[i] == '"'); i++) {
		text[made] = word[i];
		if (word[i] == '\\') {
			i += unescape(word + i + 1, len - i - 1, &text[made]);
		}
		made++;
	}
	return made;
}

/* The copy. */

/*!
 * Finds the type of the entry that begins here: after its owner, a TTL and a class.
 *
 * \param[out] class  The word AWS in place of the class; NULL: it has another one, or none.
 *
 * \return NULL: it has none.
 */
static const char *find_type(steer_line_t *line, size_t *len, const char **class)
{
	*class = NULL;
	if (line->at < line->end && !is_separator(*line->at) && *line->at != ';' &&
	    *line->at != '\n') {
		skip_word(line);
	}
	const char *word;
	while ((word = steer_line_word(line, len)) != NULL) {
		if (is_word(word, *len, aws.word)) {
			*class = word;
		} else if (!isdigit((unsigned char)*word) && !is_word(word, *len, "IN")) {
			return word;
		}
	}
	return NULL;
}

static steer_line_kind_t kind_of(const char *type, size_t len, const char *class)
{
	if (is_word(type, len, alias.word)) {
		return class != NULL ? STEER_LINE_AWS_ALIAS : STEER_LINE_ALIAS;
	}
	return class == NULL && is_word(type, len, lua.word) ? STEER_LINE_LUA : STEER_LINE_PLAIN;
}

static void put(char *copy, const steer_input_t *input, const char *at, const swap_t *swap)
{
	memcpy(copy + (at - input->text), swap->instead, strlen(swap->instead));
}

/*! Whether a word that begins with a quote ends with one. */
static bool is_closed(const char *word, size_t len)
{
	size_t i = 1;
	while (i < len && word[i] != '"') {
		i += word[i] == '\\' ? 2 : 1;
	}
	return word[0] != '"' || i + 1 == len;
}

/*!
 * Puts "x" in place of the data, so that the entry ends where it does; but leaves a word whose quote
 * is not closed for the scanner to refuse.
 */
static void blank_data(char *copy, const steer_input_t *input, steer_line_t *line)
{
	const char *word;
	char first = 'x';
	size_t len;
	while ((word = steer_line_word(line, &len)) != NULL) {
		char *to = copy + (word - input->text);
		if (!is_closed(word, len)) {
			continue;
		}
		for (size_t i = 0; i < len; i++) {
			to[i] = word[i] == '\n' ? '\n' : ' ';
		}
		to[0] = first;
		first = ' ';
	}
}

/*! The input's copy, made when it is first needed. \return NULL: out of memory. */
static char *copy_of(steer_input_t *input)
{
	if (input->copy == NULL) {
		input->copy = malloc(input->len);
		if (input->copy != NULL) {
			memcpy(input->copy, input->text, input->len);
		}
	}
	return input->copy;
}

/*! Passes an entry, and changes it in the copy if need be. */
static int pass_entry(steer_input_t *input, steer_line_t *line)
{
	const char *class;
	size_t len;
	line->nested = false;
	if (*line->at == '$') {
		skip_line(line);
		return STEER_OK;
	}
	const char *type = find_type(line, &len, &class);
	const steer_line_kind_t kind = type != NULL ? kind_of(type, len, class) : STEER_LINE_PLAIN;
	char *copy = kind != STEER_LINE_PLAIN ? copy_of(input) : NULL;
	if (kind != STEER_LINE_PLAIN && copy == NULL) {
		return STEER_ENOMEM;
	}
	switch (kind) {
	case STEER_LINE_PLAIN:
		break;
	case STEER_LINE_ALIAS:
		put(copy, input, type, &alias);
		break;
	case STEER_LINE_LUA:
		put(copy, input, type, &lua);
		blank_data(copy, input, line);
		break;
	case STEER_LINE_AWS_ALIAS:
		put(copy, input, class, &aws);
		put(copy, input, type, &aws_alias);
		blank_data(copy, input, line);
		break;
	}
	while (type != NULL && steer_line_word(line, &len) != NULL) {
	}
	return STEER_OK;
}

int steer_dialect_lines_copy(steer_input_t *input)
{
	if (!has_word(input->text, input->len)) {
		return STEER_OK;
	}
	steer_line_t line = { .at = input->text, .end = input->text + input->len };
	int ret = STEER_OK;
	while (ret == STEER_OK && line.at < line.end) {
		ret = pass_entry(input, &line);
		line.at += line.at < line.end; // The end of the line.
	}
	return ret;
}

steer_line_kind_t steer_dialect_line_between(const steer_input_t *input, const char *from,
                                             const char *to, const char **at)
{
	if (input->copy == NULL) {
		return STEER_LINE_PLAIN;
	}
	const char *copy = input->copy + (from - input->text);
	while (from < to && *from == *copy) {
		from++;
		copy++;
	}
	if (from == to) {
		return STEER_LINE_PLAIN;
	}
	*at = from;
	switch (*from | 0x20) {
	case 'l':
		return STEER_LINE_LUA;
	default:
		return (from[1] | 0x20) == 'w' ? STEER_LINE_AWS_ALIAS : STEER_LINE_ALIAS;
	}
}
