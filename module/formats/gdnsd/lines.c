/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/lines.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
	uint32_t number;  /*!< Of the line. */
	unsigned open;    /*!< Parentheses. */
	bool warned;      /*!< Of limits of addresses. */
} rewriting_t;

/*! A part of a line. */
typedef struct {
	const char *at, *end;
} span_t;

static int by_place(const void *a, const void *b)
{
	const steer_place_t *x = a, *y = b;
	if (x->file != y->file) {
		return x->file > y->file ? 1 : -1;
	}
	return (x->line > y->line) - (x->line < y->line);
}

static steer_place_t place_of(const rewriting_t *rewriting, const span_t *line, const char *at)
{
	return (steer_place_t) { rewriting->input->name, rewriting->number, at - line->at + 1 };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*! Cuts the next word of a line. \return false: only a comment is left, or nothing */
static bool next_word(span_t *rest, span_t *word)
{
	while (rest->at < rest->end && is_blank(*rest->at)) {
		rest->at++;
	}
	if (rest->at == rest->end || *rest->at == ';') {
		return false;
	}
	word->at = rest->at;
	bool quoted = false;
	while (rest->at < rest->end && (quoted || (!is_blank(*rest->at) && *rest->at != ';'))) {
		quoted = quoted != (*rest->at == '"');
		rest->at += *rest->at == '\\' && rest->end - rest->at > 1 ? 2 : 1;
	}
	word->end = rest->at;
	return true;
}

static bool is_word(const span_t *word, const char *text)
{
	const size_t len = strlen(text);
	return (size_t)(word->end - word->at) == len && strncasecmp(word->at, text, len) == 0;
}

/* Other lines. */

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

/*! Puts a string in quotes, in parts that are not too long. \return Where it ends */
static const char *put_string(const rewriting_t *rewriting, const char *at, const char *end)
{
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
	if (at < end) {
		putc('"', rewriting->out);
		at++;
	}
	return at;
}

static void put_line(rewriting_t *rewriting, const span_t *line)
{
	const char *at = line->at;
	while (at < line->end && *at != ';') {
		if (*at == '"') {
			at = put_string(rewriting, at, line->end);
		} else if (is_blank(*at) || *at == '(' || *at == ')') {
			rewriting->open += *at == '(';
			rewriting->open -= *at == ')' && rewriting->open > 0;
			putc(*at++, rewriting->out);
		} else {
			span_t word = { at, at };
			while (word.end < line->end && !is_blank(*word.end) &&
			       strchr("\"();", *word.end) == NULL) {
				word.end += *word.end == '\\' && line->end - word.end > 1 ? 2 : 1;
			}
			put_name(rewriting, &word);
			at = word.end;
		}
	}
	put(rewriting, at, line->end);
}

/* Lines of records that take their data from resources. */

/*! A copy of a word; escapes in names of resources stay as they are, as in gdnsd. */
static const char *text_of(const rewriting_t *rewriting, const char *at, const char *end)
{
	const char *text = steer_memory_copy(rewriting->config->reading->memory, at, end - at);
	if (text == NULL) {
		steer_gdnsd_no_memory(rewriting->config->reading);
	}
	return text;
}

/*! Whether a word has a character that no name of a resource has without an escape. */
static bool is_odd(const span_t *word)
{
	for (const char *at = word->at; at < word->end; at++) {
		if (strchr("\"()", *at) != NULL) {
			return true;
		}
		at += *at == '\\';
	}
	return false;
}

static void note_line(const rewriting_t *rewriting, const span_t *line, const span_t *type,
                      const span_t *path, const span_t *ttl)
{
	steer_gdnsd_reading_t *reading = rewriting->config->reading;
	steer_gdnsd_line_t *made = steer_gdnsd_get(reading, sizeof(*made));
	const char *slash = ttl->at != NULL ? memchr(ttl->at, '/', ttl->end - ttl->at) : NULL;
	if (made == NULL) {
		return;
	}
	made->at = place_of(rewriting, line, line->at);
	made->names = is_word(type, "DYNC");
	made->path = text_of(rewriting, path->at, path->end);
	made->min = slash != NULL ? text_of(rewriting, slash + 1, ttl->end) : NULL;
	if (made->path != NULL && tsearch(made, &rewriting->lines->tree, by_place) == NULL) {
		steer_gdnsd_no_memory(reading);
	}
}

/*! Rewrites the line of such a record. \return false: it is another */
static bool put_dynamic(const rewriting_t *rewriting, const span_t *line)
{
	span_t rest = *line, owner = { line->at, line->at }, word = owner, ttl = { NULL, NULL }, path;
	if (rest.at < rest.end && !is_blank(*rest.at) && !next_word(&rest, &owner)) {
		return false;
	}
	while (next_word(&rest, &word) && !is_word(&word, "DYNA") && !is_word(&word, "DYNC")) {
		if (*word.at >= '0' && *word.at <= '9') {
			ttl = word;
		} else if (!is_word(&word, "IN")) {
			return false;
		}
	}
	if (!is_word(&word, "DYNA") && !is_word(&word, "DYNC")) {
		return false;
	}
	const steer_place_t place = place_of(rewriting, line, word.at);
	span_t more;
	if (!next_word(&rest, &path) || is_odd(&path) || next_word(&rest, &more)) {
		steer_gdnsd_wrong(rewriting->config->reading, &place, "no resource, or more than one; "
		                  "allowed: plugin!resource, without quotes and parentheses");
		return true;
	}
	note_line(rewriting, line, &word, &path, &ttl);
	put_name(rewriting, &owner);
	putc(' ', rewriting->out);
	if (ttl.at != NULL) {
		const char *slash = memchr(ttl.at, '/', ttl.end - ttl.at);
		put(rewriting, ttl.at, slash != NULL ? slash : ttl.end);
	}
	fputs(" TXT 0", rewriting->out);
	return true;
}

/*! Leaves a limit of addresses out, which older versions have. \return false: it is another line */
static bool skip_limit(rewriting_t *rewriting, const span_t *line)
{
	static const char word[] = "$ADDR_LIMIT_V";
	if ((size_t)(line->end - line->at) < sizeof(word) ||
	    strncasecmp(line->at, word, sizeof(word) - 1) != 0) {
		return false;
	}
	const steer_place_t place = place_of(rewriting, line, line->at);
	if (!rewriting->warned) {
		steer_gdnsd_warn(rewriting->config->reading, &place, "%s4, %s6: left out, as gdnsd does "
		                 "since version 3: all addresses answer", word, word);
	}
	rewriting->warned = true;
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

/*! Rewrites $ORIGIN NAME, and $INCLUDE FILE NAME. \return false: it is another line */
static bool put_directive(rewriting_t *rewriting, const span_t *line)
{
	span_t rest = *line, word, name;
	char text[STEER_NAME_TEXT];
	if (line->at == line->end || *line->at != '$' || !next_word(&rest, &word)) {
		return false;
	}
	const bool origin = is_word(&word, "$ORIGIN");
	if ((!origin && !is_word(&word, "$INCLUDE")) || (!origin && !next_word(&rest, &word)) ||
	    !next_word(&rest, &name) || !absolute(rewriting, &name, text)) {
		return false;
	}
	put(rewriting, line->at, name.at);
	fputs(text, rewriting->out);
	put(rewriting, name.end, line->end);
	if (origin) {
		strcpy(rewriting->current, text);
	}
	return true;
}

/* Files. */

static void rewrite(rewriting_t *rewriting)
{
	const char *at = rewriting->input->text, *end = at + rewriting->input->len;
	while (at < end && rewriting->config->reading->ret == STEER_OK) {
		const char *newline = memchr(at, '\n', end - at);
		const span_t line = { at, newline != NULL ? newline : end };
		rewriting->number++;
		if (rewriting->open > 0 ||
		    (!skip_limit(rewriting, &line) && !put_directive(rewriting, &line) &&
		     !put_dynamic(rewriting, &line))) {
			put_line(rewriting, &line);
		}
		if (newline != NULL) {
			putc('\n', rewriting->out);
		}
		at = line.end + (newline != NULL);
	}
}

int steer_gdnsd_rewrite(steer_gdnsd_config_t *config, steer_gdnsd_lines_t *lines,
                        steer_input_t *input, const char *zone, const char *origin)
{
	char *text = NULL;
	size_t len = 0;
	rewriting_t rewriting = {
		.config = config, .lines = lines, .input = input, .zone = zone, .origin = origin,
		.out = open_memstream(&text, &len),
	};
	if (rewriting.out != NULL) {
		strcpy(rewriting.current, origin);
		rewrite(&rewriting);
	}
	if (rewriting.out == NULL || fclose(rewriting.out) != 0) {
		free(text);
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
