/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/syntax.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"

/*! What is allowed, where libyaml's own words leave it open. */
static const struct {
	const char *problem, *text;
	bool begins; /*!< The message ends with the line in which it begins. */
} allowed[] = {
	{ "mapping values are not allowed in this context",
	  "a second ': ' in a line, or a line that is indented too far; text with ': ' in it needs "
	  "quotes", false },
	{ "block sequence entries are not allowed in this context",
	  "a list that begins with '-' begins on a line of its own", false },
	{ "did not find expected key", "wrong indentation: neither in nor after the mapping", true },
	{ "did not find expected '-' indicator",
	  "wrong indentation: neither in nor after the list", true },
	{ "did not find expected ',' or ']'", "neither ',' nor the end ']' of the list", true },
	{ "did not find expected ',' or '}'", "neither ',' nor the end '}' of the mapping", true },
	{ "did not find expected <document start>",
	  "neither a key of the document nor '---' for the next one; the keys of a document are "
	  "below each other", false },
	{ "could not find expected ':'", "no ':' after the key", true },
	{ "found unknown escape character",
	  "not a YAML escape; allowed: '\\\\' for a backslash between double quotes, or single quotes "
	  "around the text", false },
	{ "found unexpected end of stream", "no closing quote of the text", true },
	{ "found unexpected document indicator", "no closing quote of the text", true },
};

/*! Offset of a character, by its number. */
static size_t byte_of(const steer_input_t *input, size_t index)
{
	size_t at = 0;
	for (; at < input->len && index > 0; index--) {
		for (at++; at < input->len && ((unsigned char)input->text[at] & 0xc0) == 0x80; at++) {
		}
	}
	return at;
}

/*! The word at an offset: what would be in quotes. */
static const char *word_at(const steer_input_t *input, size_t at, char word[STEER_SHOWN])
{
	size_t end = at;
	while (end < input->len && strchr(" \t\r\n,[]{}\"", input->text[end]) == NULL &&
	       !(input->text[end] == ':' && (end + 1 == input->len ||
	                                     strchr(" \t\r\n", input->text[end + 1]) != NULL))) {
		end++;
	}
	return steer_shown(word, input->text + at, end - at);
}

/*! Whether a name, value or other text lacks quotes; if so, writes that, and finds its place. */
static bool needs_quotes(const yaml_parser_t *parser, const steer_input_t *input, char *text,
                         size_t size, const yaml_mark_t **mark)
{
	const char *context = parser->context != NULL ? parser->context : "";
	bool scanned = strcmp(context, "while scanning an alias") == 0 ||
	               strcmp(context, "while scanning an anchor") == 0;
	bool unknown = strcmp(parser->problem, "found character that cannot start any token") == 0 ||
	               strcmp(parser->problem, "did not find expected node content") == 0;
	bool colon = strcmp(parser->problem, "found unexpected ':'") == 0;
	*mark = scanned || colon ? &parser->context_mark : &parser->problem_mark;
	size_t at = byte_of(input, (*mark)->index);
	bool begins = (scanned || unknown) && at < input->len && input->text[at] != '\0' &&
	              strchr("*&@`%:!", input->text[at]) != NULL;
	if (!begins && !colon) {
		return false;
	}
	char word[STEER_SHOWN], why[] = "begins with ?";
	word_at(input, at, word);
	why[sizeof(why) - 2] = begins ? input->text[at] : '?';
	snprintf(text, size, "%s: text that %s needs quotes: \"%s\"", word,
	         begins ? why : "ends with a colon", word);
	return true;
}

static void take_unreadable(const yaml_parser_t *parser, const steer_input_t *input,
                            steer_place_t *place, char *text, size_t size)
{
	size_t end = parser->problem_offset < input->len ? parser->problem_offset : input->len;
	place->line = 1;
	place->column = 1;
	for (size_t i = 0; i < end; i++) {
		if (input->text[i] == '\n') {
			place->line++;
			place->column = 1;
		} else if ((input->text[i] & 0xc0) != 0x80) {
			place->column++;
		}
	}
	unsigned char byte = end < input->len ? input->text[end] : 0;
	if (strstr(parser->problem, "control") != NULL) {
		snprintf(text, size, "byte 0x%02x: a control character; allowed: text in UTF-8, such as "
		         "\"\\x%02x\"", byte, byte);
	} else {
		snprintf(text, size, "byte 0x%02x: not UTF-8; allowed: text in UTF-8", byte);
	}
}

static void take_problem(const yaml_parser_t *parser, const steer_input_t *input, char *text,
                         size_t size)
{
	char since[48] = "";
	if (parser->context != NULL && parser->context_mark.line != parser->problem_mark.line) {
		snprintf(since, sizeof(since), " that begins in line %zu",
		         parser->context_mark.line + 1);
	}
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
		if (strcmp(parser->problem, allowed[i].problem) == 0) {
			snprintf(text, size, "%s%s", allowed[i].text,
			         allowed[i].begins ? since : "");
			return;
		}
	}
	size_t at = byte_of(input, parser->problem_mark.index);
	if (at < input->len && input->text[at] == '\t') {
		snprintf(text, size, "a tab; allowed for indentation: blanks");
	} else if (parser->context != NULL) {
		snprintf(text, size, "not YAML: %s, %s%s", parser->problem, parser->context, since);
	} else {
		snprintf(text, size, "not YAML: %s", parser->problem);
	}
}

void steer_yaml_syntax(const yaml_parser_t *parser, const steer_input_t *input,
                       steer_place_t *place, char *text, size_t size)
{
	if (parser->error == YAML_READER_ERROR) {
		take_unreadable(parser, input, place, text, size);
		return;
	}
	const yaml_mark_t *mark;
	if (!needs_quotes(parser, input, text, size, &mark)) {
		mark = &parser->problem_mark;
		take_problem(parser, input, text, size);
	}
	place->line = mark->line + 1;
	place->column = mark->column + 1;
}
