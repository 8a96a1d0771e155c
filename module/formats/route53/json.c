/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/route53/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl_parse.h>

#include "core/utf8.h"
#include "formats/array.h"

/*! The byte order mark, which yajl does not know. */
#define MARK     "\xef\xbb\xbf"
#define MARK_LEN 3

/*! A text that was read as JSON. */
struct steer_json_inner {
	uint32_t outer; /*!< Number of its value. */
	steer_json_t json;
};

/*! A text that is being read. */
typedef struct {
	steer_json_t *json;
	steer_report_t *report;
	yajl_handle yajl;
	const char *text;
	const char *quoted; /*!< The same inside of quotes, from placed on; NULL: it is not quoted. */
	size_t len, skipped; /*!< In the input, that many bytes are before the text. */
	uint32_t allowed; /*!< Number of values. */
	bool ended;    /*!< yajl was told that there is no more. */
	size_t end;    /*!< Of the last token. */
	size_t placed; /*!< Offset whose place is line and column. */
	uint32_t line, column;
	uint32_t open[STEER_JSON_DEPTH]; /*!< Numbers of the lists and objects around. */
	unsigned depth;
	uint32_t *keys; /*!< Room for the keys of an object. */
	size_t keys_room;
	int ret;       /*!< Other than STEER_OK: reading has ended, and why was told. */
} parse_t;

/* Places. */

/*! Where the next token begins: after blanks and, before an offset, what separates values. */
static size_t token_after(const parse_t *parse, size_t at, size_t limit)
{
	while (at < parse->len && (strchr(" \t\r\n", parse->text[at]) != NULL ||
	                           (at + 1 < limit && strchr(",:", parse->text[at]) != NULL))) {
		at++;
	}
	return at;
}

/*! The code unit of \\uXXXX at the begin of a text of that length; yajl has seen its digits. */
static unsigned unit_at(const char *at)
{
	unsigned unit = 0;
	for (unsigned i = 2; i < 6; i++) {
		unit = unit << 4 | ((at[i] & 0x0f) + (at[i] > '9' ? 9 : 0));
	}
	return unit;
}

/*! Passes a character inside of quotes, which may be an escape there. */
static void pass_quoted(parse_t *parse)
{
	const char *at = parse->quoted;
	unsigned len = 1;
	if (at[0] == '\\') {
		len = at[1] != 'u' ? 2 : (unit_at(at) & 0xf800) != 0xd800 ? 6 : 12;
		parse->column += len;
	} else {
		while ((at[len] & 0xc0) == 0x80) {
			len++;
		}
		parse->column++;
	}
	parse->quoted += len;
}

static steer_place_t place_of(parse_t *parse, size_t at)
{
	for (; parse->placed < at; parse->placed++) {
		const unsigned char c = parse->text[parse->placed];
		if (parse->quoted != NULL) {
			if ((c & 0xc0) != 0x80) {
				pass_quoted(parse);
			}
		} else if (c == '\n') {
			parse->line++;
			parse->column = 1;
		} else if ((c & 0xc0) != 0x80) {
			parse->column++;
		}
	}
	return (steer_place_t) { parse->json->file, parse->line, parse->column };
}

/* Errors, each of which ends the reading. \return 0, for yajl */

static int refuse(parse_t *parse, const steer_place_t *place, const char *text)
{
	parse->ret = steer_report(parse->report, place, text);
	if (parse->ret == STEER_OK) {
		parse->ret = steer_report_end(parse->report);
	}
	return 0;
}

static int no_memory(parse_t *parse)
{
	parse->ret = steer_fault(parse->report->fault, STEER_ENOMEM, "%s: out of memory",
	                         parse->json->file);
	return 0;
}

/* Values. */

/*! Begins a value, whose token yajl has just passed. \return NULL: reading has ended */
static steer_json_value_t *begin_value(parse_t *parse, steer_json_kind_t kind)
{
	steer_json_t *json = parse->json;
	const size_t end = parse->ended ? parse->len : yajl_get_bytes_consumed(parse->yajl);
	const steer_place_t place = place_of(parse, token_after(parse, parse->end, end));
	parse->end = end;
	if (json->count == parse->allowed) {
		char text[128];
		snprintf(text, sizeof(text), "more values than fit; allowed: %d in a file; several files "
		         "can be imported together", STEER_JSON_VALUES_MAX);
		refuse(parse, &place, text);
		return NULL;
	}
	steer_json_value_t *values = steer_array_grown(json->values, &json->room, json->count + 1,
	                                               sizeof(*values));
	if (values == NULL) {
		no_memory(parse);
		return NULL;
	}
	json->values = values;
	steer_json_value_t *value = &values[json->count++];
	*value = (steer_json_value_t) {
		.kind = kind, .line = place.line, .column = place.column,
		.begin = parse->skipped + parse->placed, .next = json->count,
	};
	return value;
}

static int take_null(void *ctx)
{
	return begin_value(ctx, STEER_JSON_NULL) != NULL;
}

static int take_bool(void *ctx, int truth)
{
	steer_json_value_t *value = begin_value(ctx, STEER_JSON_BOOL);
	if (value != NULL) {
		value->truth = truth != 0;
	}
	return value != NULL;
}

static int keep_text(parse_t *parse, steer_json_value_t *value, const char *text, size_t len)
{
	steer_json_t *json = parse->json;
	char *texts = steer_array_grown(json->texts, &json->texts_room, json->texts_len + len + 1, 1);
	if (texts == NULL) {
		return no_memory(parse);
	}
	json->texts = texts;
	value->text = json->texts_len;
	memcpy(texts + json->texts_len, text, len);
	texts[json->texts_len + len] = '\0';
	json->texts_len += len + 1;
	return 1;
}

static int take_number(void *ctx, const char *text, size_t len)
{
	parse_t *parse = ctx;
	steer_json_value_t *value = begin_value(parse, STEER_JSON_NUMBER);
	if (value == NULL || len <= STEER_JSON_NUMBER_MAX) {
		return value != NULL && keep_text(parse, value, text, len);
	}
	char line[64];
	const steer_place_t place = steer_json_place(parse->json, value);
	snprintf(line, sizeof(line), "a number of %zu characters; allowed: %d", len,
	         STEER_JSON_NUMBER_MAX);
	return refuse(parse, &place, line);
}

/* Texts. */

/*! Whether every surrogate in the escapes of a token is half of a pair, which yajl does not see. */
static bool are_paired(const char *at, const char *end)
{
	while ((at = memchr(at, '\\', end - at)) != NULL) {
		if (at[1] != 'u') {
			at += 2;
			continue;
		}
		const unsigned unit = unit_at(at);
		at += 6;
		if ((unit & 0xf800) != 0xd800) {
			continue;
		}
		if (unit >= 0xdc00 || end - at < 6 || at[0] != '\\' || at[1] != 'u' ||
		    (unit_at(at) & 0xfc00) != 0xdc00) {
			return false;
		}
		at += 6;
	}
	return true;
}

static int take_text(void *ctx, const unsigned char *text, size_t len)
{
	parse_t *parse = ctx;
	steer_json_value_t *value = begin_value(parse, STEER_JSON_TEXT);
	if (value == NULL) {
		return 0;
	}
	const steer_place_t place = steer_json_place(parse->json, value);
	if (len > STEER_JSON_TEXT_MAX) {
		char line[64];
		snprintf(line, sizeof(line), "a text of %zu bytes; allowed: %d", len, STEER_JSON_TEXT_MAX);
		return refuse(parse, &place, line);
	}
	if (memchr(text, '\0', len) != NULL) {
		return refuse(parse, &place, "\\u0000 in a text; allowed: other characters");
	}
	const char *end = parse->text + parse->end;
	size_t begin = parse->placed;
	if (!are_paired(parse->text + begin, end)) {
		return refuse(parse, &place, "half of a surrogate pair; allowed: both halves, such as "
		              "\\ud83d\\ude00");
	}
	return keep_text(parse, value, (const char *)text, len);
}

/* Lists and objects. */

static int open_value(parse_t *parse, steer_json_kind_t kind)
{
	const steer_json_value_t *value = begin_value(parse, kind);
	if (value == NULL) {
		return 0;
	}
	if (parse->depth == STEER_JSON_DEPTH) {
		char text[64];
		const steer_place_t place = steer_json_place(parse->json, value);
		snprintf(text, sizeof(text), "more than %d nested lists and objects", STEER_JSON_DEPTH);
		return refuse(parse, &place, text);
	}
	parse->open[parse->depth++] = parse->json->count - 1;
	return 1;
}

static int open_list(void *ctx)
{
	return open_value(ctx, STEER_JSON_LIST);
}

static int open_object(void *ctx)
{
	return open_value(ctx, STEER_JSON_OBJECT);
}

static int close_list(void *ctx)
{
	parse_t *parse = ctx;
	parse->json->values[parse->open[--parse->depth]].next = parse->json->count;
	parse->end = yajl_get_bytes_consumed(parse->yajl);
	return 1;
}

static int by_text(const void *a, const void *b, void *ctx)
{
	const steer_json_t *json = ctx;
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const int order = strcmp(steer_json_text(json, &json->values[x]),
	                         steer_json_text(json, &json->values[y]));
	return order != 0 ? order : (x > y) - (x < y);
}

static int refuse_twice(parse_t *parse, uint32_t first, uint32_t second)
{
	const steer_json_t *json = parse->json;
	const steer_place_t place = steer_json_place(json, &json->values[second]);
	const char *key = steer_json_text(json, &json->values[first]);
	char line[STEER_SHOWN + 64], shown[STEER_SHOWN];
	snprintf(line, sizeof(line), "%s: the key is already in line %u; allowed: once",
	         steer_shown(shown, key, strlen(key)), json->values[first].line);
	return refuse(parse, &place, line);
}

static int close_object(void *ctx)
{
	parse_t *parse = ctx;
	steer_json_t *json = parse->json;
	const steer_json_value_t *object = &json->values[parse->open[parse->depth - 1]];
	size_t count = 0;
	close_list(ctx);
	for (const steer_json_value_t *key = steer_json_next_key(json, object, NULL); key != NULL;
	     key = steer_json_next_key(json, object, key)) {
		uint32_t *keys = steer_array_grown(parse->keys, &parse->keys_room, count + 1,
		                                   sizeof(*keys));
		if (keys == NULL) {
			return no_memory(parse);
		}
		parse->keys = keys;
		keys[count++] = key - json->values;
	}
	if (count > 1) {
		qsort_r(parse->keys, count, sizeof(*parse->keys), by_text, json);
	}
	for (size_t i = 1; i < count; i++) {
		const uint32_t first = parse->keys[i - 1], second = parse->keys[i];
		if (strcmp(steer_json_text(json, &json->values[first]),
		           steer_json_text(json, &json->values[second])) == 0) {
			return refuse_twice(parse, first, second);
		}
	}
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = take_null, .yajl_boolean = take_bool, .yajl_number = take_number,
	.yajl_string = take_text, .yajl_start_map = open_object, .yajl_map_key = take_text,
	.yajl_end_map = close_object, .yajl_start_array = open_list, .yajl_end_array = close_list,
};

/* What yajl refuses. */

#define VALUE "an object, a list, text in quotes, a number, true, false, null"

/*! What is wrong and what is allowed, by a part of yajl's words. */
static const struct {
	const char *part, *text;
} problems[] = {
	{ "premature EOF", "the text ends here; allowed: the rest of its objects and lists" },
	{ "unallowed token", "no value; allowed: " VALUE },
	{ "separated by a colon", "no colon after a key; allowed: \"key\": value" },
	{ "I expect ',' or '}'", "neither a comma nor '}' after a value of an object" },
	{ "I expect ',' or ']'", "neither a comma nor ']' after an item of a list" },
	{ "invalid object key", "not a key; allowed: text in double quotes" },
	{ "invalid bytes in UTF8", "text with bytes that are not UTF-8; allowed: UTF-8" },
	{ "occurs before a character", "text with a backslash that escapes nothing; allowed: \\\" \\\\ "
	  "\\/ \\b \\f \\n \\r \\t \\uXXXX" },
	{ "non-hex", "text with \\u and no number; allowed: four hexadecimal digits" },
	{ "invalid character inside", "text with a control character; allowed: escaped, such as \\n" },
	{ "malformed number", "a number without digits where there have to be; allowed: such as "
	  "-1.5e3" },
	{ "comment", "a comment, which JSON does not have" },
	{ "invalid", "not a value; allowed: " VALUE },
};

static int syntax_error(parse_t *parse)
{
	const size_t limit = parse->ended ? parse->len + 1 : yajl_get_bytes_consumed(parse->yajl);
	const steer_place_t place = place_of(parse, token_after(parse, parse->end, limit));
	unsigned char *words = yajl_get_error(parse->yajl, 0, NULL, 0);
	if (words == NULL) {
		return no_memory(parse);
	}
	char line[256];
	size_t i = 0;
	while (i < sizeof(problems) / sizeof(*problems) - 1 &&
	       strstr((const char *)words, problems[i].part) == NULL) {
		i++;
	}
	snprintf(line, sizeof(line), "not JSON: %s", problems[i].text);
	yajl_free_error(parse->yajl, words);
	return refuse(parse, &place, line);
}

/* Reading. */

static int read_text(parse_t *parse)
{
	parse->yajl = yajl_alloc(&callbacks, NULL, parse);
	if (parse->yajl == NULL) {
		no_memory(parse);
		return parse->ret;
	}
	yajl_config(parse->yajl, yajl_allow_multiple_values, 1);
	yajl_status status = yajl_parse(parse->yajl, (const unsigned char *)parse->text, parse->len);
	if (status == yajl_status_ok) {
		parse->ended = true;
		status = yajl_complete_parse(parse->yajl);
	}
	if (status == yajl_status_error) {
		syntax_error(parse);
	}
	yajl_free(parse->yajl);
	free(parse->keys);
	return parse->ret;
}

int steer_json_read(steer_json_t *json, const steer_input_t *input, steer_report_t *report)
{
	const size_t mark = input->len >= MARK_LEN && memcmp(input->text, MARK, MARK_LEN) == 0
	                    ? MARK_LEN : 0;
	parse_t parse = {
		.json = json, .report = report, .text = input->text + mark, .len = input->len - mark,
		.skipped = mark, .allowed = STEER_JSON_VALUES_MAX, .line = 1, .column = 1,
	};
	json->file = input->name;
	if (input->len > STEER_INPUT_MAX) {
		const steer_place_t place = { input->name, 1, 1 };
		char text[96];
		snprintf(text, sizeof(text), "%zu bytes of JSON; allowed: %d; several files can be "
		         "imported together", input->len, STEER_INPUT_MAX);
		refuse(&parse, &place, text);
		return parse.ret;
	}
	return read_text(&parse);
}

int steer_json_read_inner(steer_json_t *json, const steer_json_value_t *value,
                          const steer_input_t *input, steer_report_t *report)
{
	struct steer_json_inner *inner = steer_array_grown(json->inner, &json->inner_room,
	                                                   json->inner_count + 1, sizeof(*inner));
	if (inner == NULL) {
		return steer_fault(report->fault, STEER_ENOMEM, "%s: out of memory", json->file);
	}
	json->inner = inner;
	inner += json->inner_count++;
	*inner = (struct steer_json_inner) {
		.outer = value - json->values, .json = { .file = json->file },
	};
	const char *text = steer_json_text(json, value);
	parse_t parse = {
		.json = &inner->json, .report = report, .text = text, .len = strlen(text),
		.quoted = input->text + value->begin + 1,
		.allowed = STEER_JSON_VALUES_MAX - json->count - json->inner_values,
		.line = value->line, .column = value->column + 1,
	};
	int ret = read_text(&parse);
	json->inner_values += inner->json.count;
	return ret;
}

static int by_outer(const void *a, const void *b)
{
	const struct steer_json_inner *x = a, *y = b;
	return (x->outer > y->outer) - (x->outer < y->outer);
}

const steer_json_t *steer_json_inner(const steer_json_t *json, const steer_json_value_t *value)
{
	const struct steer_json_inner wanted = { .outer = value - json->values };
	const struct steer_json_inner *found = json->inner_count == 0 ? NULL : bsearch(
		&wanted, json->inner, json->inner_count, sizeof(wanted), by_outer);
	return found != NULL ? &found->json : NULL;
}

void steer_json_free(steer_json_t *json)
{
	for (size_t i = 0; i < json->inner_count; i++) {
		steer_json_free(&json->inner[i].json);
	}
	free(json->inner);
	free(json->values);
	free(json->texts);
	*json = (steer_json_t) { .file = json->file };
}

/* Walking. */

static const steer_json_value_t *value_before(const steer_json_t *json, uint32_t number,
                                              uint32_t end)
{
	return number < end ? &json->values[number] : NULL;
}

const steer_json_value_t *steer_json_next(const steer_json_t *json,
                                          const steer_json_value_t *parent,
                                          const steer_json_value_t *value)
{
	const uint32_t end = parent != NULL ? parent->next : json->count;
	const uint32_t first = parent != NULL ? parent - json->values + 1 : 0;
	return value_before(json, value != NULL ? value->next : first, end);
}

const steer_json_value_t *steer_json_next_key(const steer_json_t *json,
                                              const steer_json_value_t *object,
                                              const steer_json_value_t *key)
{
	const uint32_t number = key != NULL ? key[1].next : object - json->values + 1;
	return value_before(json, number, object->next);
}

const steer_json_value_t *steer_json_get(const steer_json_t *json,
                                         const steer_json_value_t *object, const char *key)
{
	for (const steer_json_value_t *at = steer_json_next_key(json, object, NULL); at != NULL;
	     at = steer_json_next_key(json, object, at)) {
		if (strcmp(steer_json_text(json, at), key) == 0) {
			return at[1].kind != STEER_JSON_NULL ? &at[1] : NULL;
		}
	}
	return NULL;
}
