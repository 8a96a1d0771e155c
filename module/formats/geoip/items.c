/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/geoip/items.h"

#include <libknot/errcode.h>
#include <stdlib.h>
#include <string.h>

steer_knot_items_t *steer_knot_items_new(const steer_input_t *input)
{
	steer_knot_items_t *items = malloc(sizeof(*items));
	if (items == NULL) {
		return NULL;
	}
	items->input = input;
	items->line = NULL;
	items->last = input->text;
	yp_init(&items->parser);
	(void)yp_set_input_string(&items->parser, input->text, input->len);
	return items;
}

void steer_knot_items_free(steer_knot_items_t *items)
{
	if (items != NULL) {
		yp_deinit(&items->parser);
		free(items);
	}
}

/* Places. */

static const char *text_end(const steer_knot_items_t *items)
{
	return items->input->text + items->input->len;
}

static const char *skip(const steer_knot_items_t *items, const char *at, const char *these)
{
	while (at < text_end(items) && *at != '\0' && strchr(these, *at) != NULL) {
		at++;
	}
	return at;
}

static steer_place_t place_of(const steer_knot_items_t *items, const char *at)
{
	return (steer_place_t) { items->input->name, items->parser.line_count, at - items->line + 1 };
}

/*! The end of a value, which may be in quotes; a backslash takes its next character's meaning. */
static const char *value_end(const steer_knot_items_t *items, const char *at)
{
	const char *end = text_end(items);
	const bool quoted = at < end && *at == '"';
	for (at += quoted; at < end && *at != '\n'; at++) {
		if (*at == '\\' && at + 1 < end) {
			at++;
		} else if (quoted ? *at == '"' : strchr(" ,]\r", *at) != NULL) {
			return at + quoted;
		}
	}
	return at;
}

/*! Where the line begins that ends with, or has, the last character that was read. */
static const char *find_line(steer_knot_items_t *items)
{
	const char *at = items->parser.input.current, *before = items->last;
	at -= at > items->input->text;
	items->last = at;
	while (at > before && at[-1] != '\n') { // A line may be long, and have many values.
		at--;
	}
	return at > before || items->line == NULL ? at : items->line;
}

/*! Finds key and value in the text; both are on one line. */
static void find_places(steer_knot_items_t *items)
{
	const char *line = find_line(items);
	if (line != items->line) {
		items->line = line;
		items->end = skip(items, line, " -");
		items->key_at = place_of(items, items->end);
		items->end += items->parser.key_len;
	}
	items->at = items->key_at;
	if (items->value[0] != '\0') {
		const char *value = skip(items, items->end, " :,[");
		items->at = place_of(items, value);
		items->end = value_end(items, value);
	}
}

/* Errors. */

/*! What the parser stopped at: the first character of its line that is none of the indentation. */
static steer_place_t error_place(const steer_knot_items_t *items, size_t line)
{
	const char *at = items->input->text, *begin = at;
	for (size_t i = 1; i < line && at != NULL; i++) {
		at = memchr(at, '\n', text_end(items) - at);
		at = at != NULL ? at + 1 : NULL;
		begin = at != NULL ? at : begin;
	}
	return (steer_place_t) { items->input->name, line, skip(items, begin, " ") - begin + 1 };
}

#define WORD(number) WORD_OF(number)
#define WORD_OF(number) #number

static int refuse(steer_knot_items_t *items, int error)
{
	items->at = error_place(items, items->parser.line_count);
	switch (error) {
	case KNOT_YP_ECHAR_TAB:
		items->wrong = "a tab; allowed: blanks";
		break;
	case KNOT_YP_EINVAL_INDENT:
		items->wrong = "indented otherwise than the items before; allowed: the same indentation";
		break;
	case KNOT_ESPACE:
		items->wrong = "a key or a value is too long; allowed: " WORD(YP_MAX_TXT_KEY_LEN) " and "
		               WORD(YP_MAX_TXT_DATA_LEN) " bytes";
		break;
	default:
		items->wrong = "no item of Knot's format; allowed: KEY: VALUE, KEY: [VALUE, ...], "
		               "- KEY: VALUE";
	}
	return STEER_EREFUSED;
}

int steer_knot_items_next(steer_knot_items_t *items)
{
	yp_parser_t *parser = &items->parser;
	int ret = yp_parse(parser);
	if (ret == KNOT_EOF) {
		return STEER_ENOENT;
	}
	if (ret != KNOT_EOK) {
		return refuse(items, ret);
	}
	items->event = parser->event;
	items->key = parser->key;
	parser->data[parser->data_len] = '\0'; // It is not ended where there is no value.
	items->value = parser->data;
	find_places(items);
	return STEER_OK;
}
