/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/alias_lines.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD     "ALIAS"
#define INSTEAD  "CNAME"
#define WORD_LEN (sizeof(WORD) - 1)

/*! A position in the text, and whether it is inside parentheses. */
typedef struct {
	const char *at, *end;
	bool nested;
} text_t;

/*! Most files do not have the word at all; this is all that they pay. */
static bool has_word(const char *text, size_t len)
{
	for (size_t i = 0; i + WORD_LEN <= len; i++) {
		if ((text[i] | 0x20) == 'a' && strncasecmp(text + i, WORD, WORD_LEN) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_separator(char c)
{
	return c == ' ' || c == '\t' || c == '(' || c == ')';
}

static void skip_line(text_t *text)
{
	const char *newline = memchr(text->at, '\n', text->end - text->at);
	text->at = newline != NULL ? newline : text->end;
}

/*! An unclosed quote goes on past the end of the line only inside parentheses. */
static void skip_quoted(text_t *text)
{
	for (text->at++; text->at < text->end; text->at++) {
		if (*text->at == '"') {
			text->at++;
			return;
		}
		if (*text->at == '\n' && !text->nested) {
			return;
		}
		text->at += *text->at == '\\' && text->end - text->at > 1;
	}
}

/*! Skips what is between words. \return false: the entry ends here. */
static bool skip_gap(text_t *text)
{
	for (; text->at < text->end; text->at++) {
		if (*text->at == ';') {
			skip_line(text);
		}
		if (text->at == text->end || (*text->at == '\n' && !text->nested)) {
			return false;
		}
		if (*text->at == '(' || *text->at == ')') {
			text->nested = *text->at == '(';
		} else if (*text->at != '\n' && !is_separator(*text->at)) {
			return true;
		}
	}
	return false;
}

static void skip_word(text_t *text)
{
	if (*text->at == '"') {
		skip_quoted(text);
		return;
	}
	while (text->at < text->end && !is_separator(*text->at) && *text->at != '\n' &&
	       *text->at != ';') {
		text->at += *text->at == '\\' && text->end - text->at > 1 ? 2 : 1;
	}
}

/*! Skips the words of an entry after its owner, up to its type. \return NULL: it has none. */
static const char *find_type(text_t *text, size_t *len)
{
	while (skip_gap(text)) {
		const char *word = text->at;
		skip_word(text);
		*len = text->at - word;
		bool ttl = isdigit((unsigned char)*word);
		bool class = *len == 2 && strncasecmp(word, "IN", 2) == 0;
		if (!ttl && !class) {
			return word;
		}
	}
	return NULL;
}

/*! Skips one entry: a record, a directive or an empty line. \return Type of the record, or NULL. */
static const char *next_type(text_t *text, size_t *len)
{
	text->nested = false;
	if (*text->at == '$') {
		skip_line(text);
		return NULL;
	}
	if (!is_separator(*text->at) && *text->at != ';' && *text->at != '\n') {
		skip_word(text);
	}
	const char *type = find_type(text, len);
	while (type != NULL && skip_gap(text)) {
		skip_word(text);
	}
	return type;
}

/*! Replaces the type at a place; the first time, copies the text. */
static int replace(steer_input_t *input, const char *type)
{
	if (input->copy == NULL) {
		input->copy = malloc(input->len);
		if (input->copy == NULL) {
			return STEER_ENOMEM;
		}
		memcpy(input->copy, input->text, input->len);
	}
	memcpy(input->copy + (type - input->text), INSTEAD, WORD_LEN);
	return STEER_OK;
}

int steer_alias_lines_copy(steer_input_t *input)
{
	if (!has_word(input->text, input->len)) {
		return STEER_OK;
	}
	text_t text = { .at = input->text, .end = input->text + input->len };
	int ret = STEER_OK;
	while (ret == STEER_OK && text.at < text.end) {
		size_t len;
		const char *type = next_type(&text, &len);
		if (type != NULL && len == WORD_LEN && strncasecmp(type, WORD, WORD_LEN) == 0) {
			ret = replace(input, type);
		}
		text.at += text.at < text.end; // The end of the line.
	}
	return ret;
}

bool steer_alias_lines_between(const steer_input_t *input, const char *from, const char *to)
{
	return input->copy != NULL &&
	       memcmp(from, input->copy + (from - input->text), to - from) != 0;
}
