/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/lines.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "formats/dialect_lines.h"
#include "formats/memory_stream.h"
#include "formats/name_text.h"

/*! Most bytes of a string. */
#define STRING_MAX 255

/*! A file that is being rewritten. */
typedef struct {
	steer_gdnsd_config_t *config;
	steer_gdnsd_lines_t *lines;
	const steer_input_t *input;
	const char *zone, *origin;
	char current[STEER_NAME_TEXT]; /*!< What names are relative to now. */
	FILE *out;
	steer_line_t entry; /*!< What is rewritten now, without the end of its last line. */
	uint32_t number;    /*!< Of the line where it begins. */
	bool warned;        /*!< Of limits of addresses. */
} rewriting_t;

/*! A part of an entry. */
typedef struct {
	const char *at, *end;
} span_t;

/*! The words of a DYNA or DYNC record that are rewritten. */
typedef struct {
	span_t ttl, type, path; /*!< Without one, its at is NULL. */
} dynamic_t;

static int by_place(const void *a, const void *b)
{
	const steer_place_t *x = a, *y = b;
	if (x->file != y->file) {
		return x->file > y->file ? 1 : -1;
	}
	return (x->line > y->line) - (x->line < y->line);
}

/*! The place of something in the entry. */
static steer_place_t place_of(const rewriting_t *rewriting, const char *at)
{
	steer_place_t place = { rewriting->input->name, rewriting->number, 1 };
	for (const char *before = rewriting->entry.at; before < at; before++) {
		const bool newline = *before == '\n';
		place.line += newline;
		place.column = newline ? 1 : place.column + 1;
	}
	return place;
}

/*! Cuts the next word of an entry. \return false: there is none */
static bool next_word(steer_line_t *rest, span_t *word)
{
	size_t len = 0;
	word->at = steer_line_word(rest, &len);
	word->end = word->at != NULL ? word->at + len : NULL;
	return word->at != NULL;
}

static bool is_word(const span_t *word, const char *text)
{
	const size_t len = strlen(text);
	return (size_t)(word->end - word->at) == len && strncasecmp(word->at, text, len) == 0;
}

/* Words. */

/*! Whether a word ends with the label @Z or @F. \return Where that begins; NULL: it does not */
static const char *special_of(const span_t *word)
{
	if (word->end - word->at < 2) {
		return NULL;
	}
	const char *at = word->end - 2;
	if (at[0] != '@' || (at[1] != 'Z' && at[1] != 'F')) {
		return NULL;
	}
	const bool label = at == word->at || (at[-1] == '.' && (at - word->at < 2 || at[-2] != '\\'));
	return label ? at : NULL;
}

static void put(const rewriting_t *rewriting, const char *at, const char *end)
{
	fwrite(at, 1, end - at, rewriting->out);
}

static void put_name(const rewriting_t *rewriting, const span_t *word)
{
	const char *special = special_of(word);
	if (special == NULL) {
		put(rewriting, word->at, word->end);
		return;
	}
	const char *name = special[1] == 'Z' ? rewriting->zone : rewriting->origin;
	put(rewriting, word->at, special);
	if (special > word->at && strcmp(name, ".") == 0) {
		return; // The dot is there already.
	}
	fputs(name, rewriting->out);
}

/*! Length of an escape or a character. */
static size_t size_of(const char *at, const char *end)
{
	if (*at != '\\' || end - at < 2) {
		return 1;
	}
	const bool digits = at[1] >= '0' && at[1] <= '9';
	const size_t size = digits ? 4 : 2;
	return size < (size_t)(end - at) ? size : (size_t)(end - at);
}

/*! Puts a string in quotes, in parts that are not too long. */
static void put_string(const rewriting_t *rewriting, const span_t *word)
{
	const char *at = word->at, *end = word->end;
	unsigned count = 0;
	putc('"', rewriting->out);
	for (at++; at < end && *at != '"'; count++) {
		const size_t size = size_of(at, end);
		if (count == STRING_MAX && rewriting->config->options.split_text) {
			fputs("\" \"", rewriting->out);
			count = 0;
		}
		put(rewriting, at, at + size);
		at += size;
	}
	put(rewriting, at, end);
}

/*! Puts a word, and blanks for what is left out of it, so that those after it stay in place. */
static void put_word(const rewriting_t *rewriting, const span_t *word, const dynamic_t *dynamic)
{
	const char *slash = word->at == dynamic->ttl.at
	                    ? memchr(word->at, '/', word->end - word->at) : NULL;
	if (word->at == dynamic->type.at) {
		fputs("TXT ", rewriting->out);
	} else if (word->at == dynamic->path.at) {
		putc('0', rewriting->out);
	} else if (slash != NULL) {
		put(rewriting, word->at, slash);
		fprintf(rewriting->out, "%*s", (int)(word->end - slash), "");
	} else if (*word->at == '"') {
		put_string(rewriting, word);
	} else {
		put_name(rewriting, word);
	}
}

/*!
 * Puts what is between words. For the scanner, a parenthesis right after a text is a part of it, and
 * a word at the beginning of a line is an owner if none has come before, even in parentheses.
 */
static void put_gap(const rewriting_t *rewriting, const char *at, const char *end)
{
	if (at < end && (*at == '(' || *at == ')')) {
		putc(' ', rewriting->out);
	}
	put(rewriting, at, end);
	if (at == rewriting->entry.at && memchr(at, '\n', end - at) != NULL) {
		putc(' ', rewriting->out);
	}
}

static void put_entry(const rewriting_t *rewriting, const dynamic_t *dynamic)
{
	steer_line_t rest = rewriting->entry;
	const char *done = rest.at;
	span_t word;
	while (next_word(&rest, &word)) {
		put_gap(rewriting, done, word.at);
		put_word(rewriting, &word, dynamic);
		done = word.end;
	}
	put_gap(rewriting, done, rest.end);
}

/*! Leaves the entry out, but not the lines that it has. */
static void skip_entry(const rewriting_t *rewriting)
{
	for (const char *at = rewriting->entry.at; at < rewriting->entry.end; at++) {
		if (*at == '\n') {
			putc('\n', rewriting->out);
		}
	}
}

/* Records that take their data from resources. */

/*! A copy of a word; escapes in names of resources stay as they are, as in gdnsd. */
static const char *text_of(const rewriting_t *rewriting, const char *at, const char *end)
{
	const char *text = steer_memory_copy(rewriting->config->reading->memory, at, end - at);
	if (text == NULL) {
		steer_gdnsd_no_memory(rewriting->config->reading);
	}
	return text;
}

/*! Whether a word has a quote, which no name of a resource has without an escape. */
static bool is_quoted(const span_t *word)
{
	for (const char *at = word->at; at < word->end; at++) {
		if (*at == '"') {
			return true;
		}
		at += *at == '\\';
	}
	return false;
}

static void note(const rewriting_t *rewriting, const dynamic_t *dynamic)
{
	steer_gdnsd_reading_t *reading = rewriting->config->reading;
	steer_gdnsd_line_t *made = steer_gdnsd_get(reading, sizeof(*made));
	const span_t *ttl = &dynamic->ttl;
	const char *slash = ttl->at != NULL ? memchr(ttl->at, '/', ttl->end - ttl->at) : NULL;
	if (made == NULL) {
		return;
	}
	made->at = place_of(rewriting, rewriting->entry.at);
	made->names = is_word(&dynamic->type, "DYNC");
	made->path = text_of(rewriting, dynamic->path.at, dynamic->path.end);
	made->min = slash != NULL ? text_of(rewriting, slash + 1, ttl->end) : NULL;
	if (made->path != NULL && tsearch(made, &rewriting->lines->tree, by_place) == NULL) {
		steer_gdnsd_no_memory(reading);
	}
}

/*! Finds the type after an owner, a TTL and a class. \return false: the entry is another one */
static bool find_type(steer_line_t *rest, dynamic_t *dynamic)
{
	span_t word;
	if (rest->at < rest->end && strchr(" \t()", *rest->at) == NULL) {
		(void)next_word(rest, &word);
	}
	while (next_word(rest, &word)) {
		if (is_word(&word, "DYNA") || is_word(&word, "DYNC")) {
			dynamic->type = word;
			return true;
		}
		if (*word.at >= '0' && *word.at <= '9') {
			dynamic->ttl = word;
		} else if (!is_word(&word, "IN")) {
			return false;
		}
	}
	return false;
}

/*! Puts such a record, or another one as it is. */
static void put_record(const rewriting_t *rewriting)
{
	dynamic_t dynamic = { .type = { NULL, NULL } }, none = dynamic;
	steer_line_t rest = rewriting->entry;
	if (!find_type(&rest, &dynamic)) {
		put_entry(rewriting, &none);
		return;
	}
	const steer_place_t place = place_of(rewriting, dynamic.type.at);
	span_t more;
	if (!next_word(&rest, &dynamic.path) || is_quoted(&dynamic.path) || next_word(&rest, &more)) {
		steer_gdnsd_wrong(rewriting->config->reading, &place, "no resource, or more than one; "
		                  "allowed: plugin!resource, without quotes");
		skip_entry(rewriting);
		return;
	}
	note(rewriting, &dynamic);
	put_entry(rewriting, &dynamic);
}

/*! Leaves a limit of addresses out, which older versions have. \return false: it is another entry */
static bool skip_limit(rewriting_t *rewriting)
{
	static const char word[] = "$ADDR_LIMIT_V";
	const steer_line_t *entry = &rewriting->entry;
	if ((size_t)(entry->end - entry->at) < sizeof(word) ||
	    strncasecmp(entry->at, word, sizeof(word) - 1) != 0) {
		return false;
	}
	const steer_place_t place = place_of(rewriting, entry->at);
	if (!rewriting->warned) {
		steer_gdnsd_warn(rewriting->config->reading, &place, "%s4, %s6: left out, as gdnsd does "
		                 "since version 3: all addresses answer", word, word);
	}
	rewriting->warned = true;
	skip_entry(rewriting);
	return true;
}

/* Directives that name an origin. */

/*! Makes a name absolute. \return false: it is none, which the reader of zone files will say */
static bool absolute(const rewriting_t *rewriting, const span_t *word, char name[STEER_NAME_TEXT])
{
	const char *special = special_of(word);
	const size_t len = (special != NULL ? special : word->end) - word->at;
	const char *base = special == NULL ? rewriting->current
	                   : special[1] == 'Z' ? rewriting->zone : rewriting->origin;
	if (len + 1 + strlen(base) >= STEER_NAME_TEXT) {
		return false;
	}
	memcpy(name, word->at, len);
	name[len] = '\0';
	if (special != NULL) {
		strcpy(name + len, len > 0 && strcmp(base, ".") == 0 ? "" : base);
	} else if (strcmp(name, "@") == 0) {
		strcpy(name, base);
	} else if (len > 0 && !steer_name_is_absolute(name, len)) {
		stpcpy(stpcpy(name + len, "."), strcmp(base, ".") == 0 ? "" : base);
	}
	return true;
}

/*! Rewrites $ORIGIN NAME, and $INCLUDE FILE NAME. \return false: it is another entry */
static bool put_directive(rewriting_t *rewriting)
{
	steer_line_t rest = rewriting->entry;
	span_t word, name;
	char text[STEER_NAME_TEXT];
	if (rest.at == rest.end || *rest.at != '$' || !next_word(&rest, &word)) {
		return false;
	}
	const bool origin = is_word(&word, "$ORIGIN");
	if ((!origin && !is_word(&word, "$INCLUDE")) || (!origin && !next_word(&rest, &word)) ||
	    !next_word(&rest, &name) || !absolute(rewriting, &name, text)) {
		return false;
	}
	put(rewriting, rewriting->entry.at, name.at);
	fputs(text, rewriting->out);
	put_gap(rewriting, name.end, rest.end);
	if (origin) {
		strcpy(rewriting->current, text);
	}
	return true;
}

/* Files. */

static void rewrite(rewriting_t *rewriting)
{
	const steer_input_t *input = rewriting->input;
	steer_line_t *entry = &rewriting->entry;
	size_t len;
	for (steer_line_t rest = { .at = input->text, .end = input->text + input->len };
	     rest.at < rest.end && rewriting->config->reading->ret == STEER_OK; ) {
		entry->at = rest.at;
		rest.nested = false;
		while (steer_line_word(&rest, &len) != NULL) {
		}
		entry->end = rest.at;
		if (!skip_limit(rewriting) && !put_directive(rewriting)) {
			put_record(rewriting);
		}
		rewriting->number = place_of(rewriting, entry->end).line + 1;
		if (rest.at < rest.end) {
			putc(*rest.at++, rewriting->out);
		}
	}
}

int steer_gdnsd_rewrite(steer_gdnsd_config_t *config, steer_gdnsd_lines_t *lines,
                        steer_input_t *input, const char *zone, const char *origin)
{
	char *text = NULL;
	size_t len = 0;
	rewriting_t rewriting = {
		.config = config, .lines = lines, .input = input, .zone = zone, .origin = origin,
		.number = 1,
		.out = open_memstream(&text, &len),
	};
	if (rewriting.out != NULL) {
		strcpy(rewriting.current, origin);
		rewrite(&rewriting);
	}
	if (rewriting.out == NULL || steer_memory_stream_close(rewriting.out, &text) == NULL) {
		steer_gdnsd_no_memory(config->reading);
		return config->reading->ret;
	}
	steer_input_release(input);
	input->text = text;
	input->len = len;
	input->kind = STEER_INPUT_READ;
	return config->reading->ret;
}

const steer_gdnsd_line_t *steer_gdnsd_line(const steer_gdnsd_lines_t *lines,
                                           const steer_place_t *place)
{
	steer_gdnsd_line_t *const *found = tfind(place, &lines->tree, by_place);
	return found != NULL ? *found : NULL;
}

void steer_gdnsd_lines_free(steer_gdnsd_lines_t *lines)
{
	tdestroy(lines->tree, steer_gdnsd_keep);
	lines->tree = NULL;
}
