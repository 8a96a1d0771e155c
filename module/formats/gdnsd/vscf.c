/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/vscf.h"

#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "formats/gdnsd/memory.h"

struct steer_vscf_document {
	steer_memory_t memory;
	steer_input_t *inputs;
	unsigned files;
	uint32_t values;
};

/*! A file that is being read. */
typedef struct {
	steer_vscf_document_t *document;
	steer_report_t *report;
	const steer_input_t *input;
	const char *base;     /*!< The folder of the first file, without links; NULL: none. */
	bool anywhere;
	const char *at, *end, *line; /*!< What is read next, and the line that it is in. */
	uint32_t number;      /*!< Of that line. */
	unsigned depth;
} parser_t;

static int read_input(const parser_t *from, steer_input_t *input, steer_vscf_t *into);
static int read_value(parser_t *parser, steer_vscf_t *value);
static int read_hash(parser_t *parser, steer_vscf_t *hash, char end);

/* Memory. */

steer_vscf_document_t *steer_vscf_new(void)
{
	return calloc(1, sizeof(steer_vscf_document_t));
}

void steer_vscf_free(steer_vscf_document_t *document)
{
	if (document == NULL) {
		return;
	}
	steer_memory_free(&document->memory);
	steer_input_free(document->inputs);
	free(document);
}

static int no_memory(const parser_t *parser)
{
	return steer_fault(parser->report->fault, STEER_ENOMEM, "%s: out of memory",
	                   parser->input->name);
}

/* Places and errors. */

static steer_place_t place_of(const parser_t *parser)
{
	return (steer_place_t) { parser->input->name, parser->number,
	                         parser->at - parser->line + 1 };
}

/*! Reports an error after which the rest of the file means nothing. \return STEER_EREFUSED */
__attribute__((format(printf, 3, 4)))
static int wrong_at(const parser_t *parser, const steer_place_t *place, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)steer_report_v(parser->report, place, format, arguments);
	va_end(arguments);
	return STEER_EREFUSED;
}

/*! Such an error at what is read next. */
static int wrong(const parser_t *parser, const char *text)
{
	const steer_place_t place = place_of(parser);
	return wrong_at(parser, &place, "%s", text);
}

/* Characters. */

static void skip_byte(parser_t *parser)
{
	if (*parser->at++ == '\n') {
		parser->line = parser->at;
		parser->number++;
	}
}

/*! Skips blanks and comments. \return The next character; 0: there is none. */
static char skip_blanks(parser_t *parser)
{
	while (parser->at < parser->end && strchr(" \t\r\n#;", *parser->at) != NULL) {
		if (*parser->at == '#' || *parser->at == ';') {
			const char *end = memchr(parser->at, '\n', parser->end - parser->at);
			parser->at = end != NULL ? end : parser->end;
		} else {
			skip_byte(parser);
		}
	}
	return parser->at < parser->end ? *parser->at : '\0';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*! Reads what comes after a backslash: a character, or three digits. */
static int read_escape(parser_t *parser, char *out)
{
	const char *at = parser->at + 1;
	if (at >= parser->end) {
		return wrong(parser, "a backslash at the end; allowed: a character or three digits after "
		             "it");
	}
	if (!is_digit(*at)) {
		parser->at++;
		*out = *parser->at;
		skip_byte(parser);
		return STEER_OK;
	}
	if (parser->end - at < 3 || !is_digit(at[1]) || !is_digit(at[2])) {
		return wrong(parser, "a backslash and fewer than three digits; allowed: \\001 to \\255");
	}
	const unsigned byte = (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
	if (byte == 0 || byte > 255) {
		return wrong(parser, "no byte of a text; allowed: \\001 to \\255");
	}
	*out = byte;
	parser->at += 4;
	return STEER_OK;
}

/*! Reads a text, in quotes or not; one without quotes has at least one character. */
static int read_text(parser_t *parser, const char **text)
{
	char buffer[STEER_VSCF_TEXT_MAX + 1];
	size_t len = 0;
	const steer_place_t place = place_of(parser);
	const bool quoted = *parser->at == '"';
	parser->at += quoted;
	while (parser->at < parser->end &&
	       strchr(quoted ? "\"" : " \t\r\n][}{;#,\"=", *parser->at) == NULL) {
		if (len == STEER_VSCF_TEXT_MAX) {
			return wrong_at(parser, &place, "a text of more than %d bytes; allowed: shorter ones",
			                STEER_VSCF_TEXT_MAX);
		}
		if (*parser->at == '\\') {
			const int ret = read_escape(parser, &buffer[len]);
			if (ret != STEER_OK) {
				return ret;
			}
		} else {
			buffer[len] = *parser->at;
			skip_byte(parser);
		}
		len++;
	}
	if (quoted && parser->at == parser->end) {
		return wrong_at(parser, &place, "a quote that is not closed; allowed: \"text\"");
	}
	parser->at += quoted;
	*text = steer_memory_copy(&parser->document->memory, buffer, len);
	return *text != NULL ? STEER_OK : no_memory(parser);
}

/* Hashes and arrays. */

static int by_key(const void *a, const void *b)
{
	const steer_vscf_t *x = *(steer_vscf_t *const *)a, *y = *(steer_vscf_t *const *)b;
	return strcmp(x->key, y->key);
}

/*! Order of a key and its place, so that what comes second is reported. */
static int by_key_and_order(const void *a, const void *b)
{
	const steer_vscf_t *x = *(steer_vscf_t *const *)a, *y = *(steer_vscf_t *const *)b;
	const int order = strcmp(x->key, y->key);
	if (order != 0 || x->key_at.line != y->key_at.line) {
		return order != 0 ? order : (x->key_at.line > y->key_at.line ? 1 : -1);
	}
	return (x->key_at.column > y->key_at.column) - (x->key_at.column < y->key_at.column);
}

/*! Sorts the entries of a hash that is complete. A key that is there twice is an error. */
static int sort(const parser_t *parser, steer_vscf_t *hash)
{
	hash->sorted = steer_memory_get(&parser->document->memory,
	                                hash->count * sizeof(*hash->sorted));
	if (hash->sorted == NULL) {
		return no_memory(parser);
	}
	uint32_t count = 0;
	for (steer_vscf_t *entry = hash->first; entry != NULL; entry = entry->next) {
		hash->sorted[count++] = entry;
	}
	qsort(hash->sorted, count, sizeof(*hash->sorted), by_key_and_order);
	for (uint32_t i = 1; i < count; i++) {
		const steer_vscf_t *one = hash->sorted[i - 1], *two = hash->sorted[i];
		if (strcmp(one->key, two->key) == 0) {
			return wrong_at(parser, &two->key_at, "%.200s is already in line %u%s%.200s; allowed: "
			                "once", two->key, one->key_at.line,
			                one->key_at.file != two->key_at.file ? " of " : "",
			                one->key_at.file != two->key_at.file ? one->key_at.file : "");
		}
	}
	return STEER_OK;
}

static int new_value(const parser_t *parser, steer_vscf_t **value)
{
	if (parser->document->values++ == STEER_VSCF_VALUES) {
		return wrong(parser, "more than 4194304 values; allowed: fewer");
	}
	*value = steer_memory_get(&parser->document->memory, sizeof(**value));
	return *value != NULL ? STEER_OK : no_memory(parser);
}

/*! Adds a value after the last one. \param[in,out] last  NULL: it is the first. */
static void append(steer_vscf_t *into, steer_vscf_t **last, steer_vscf_t *value)
{
	*(*last != NULL ? &(*last)->next : &into->first) = value;
	*last = value;
	into->count++;
}

static bool is_include(const parser_t *parser)
{
	static const char word[] = "$include{";
	const size_t len = sizeof(word) - 1;
	return (size_t)(parser->end - parser->at) >= len && memcmp(parser->at, word, len) == 0;
}

/*! Reads $include{path}. \param[out] path  Absolute, or relative as the file that has it. */
static int read_include(parser_t *parser, char **path)
{
	const char *name = NULL;
	parser->at += strlen("$include{");
	const char next = skip_blanks(parser);
	if (next == '\0' || strchr("}][{,=", next) != NULL) {
		return wrong(parser, "no path of a file; allowed: $include{path}");
	}
	int ret = read_text(parser, &name);
	if (ret != STEER_OK) {
		return ret;
	}
	if (skip_blanks(parser) != '}') {
		return wrong(parser, "no brace after the path; allowed: $include{path}");
	}
	parser->at++;
	const bool relative = name[0] != '/';
	if (parser->input->dir == NULL) {
		return wrong(parser, "$include has no folder to look in; allowed: in a regular file");
	}
	return asprintf(path, "%s%s", relative ? parser->input->dir : "", name) < 0
	       ? no_memory(parser) : STEER_OK;
}

/*! Reads a file that is included into a value. */
static int include_file(const parser_t *parser, const char *path, const steer_place_t *place,
                        steer_vscf_t *into)
{
	steer_input_t *input = NULL;
	steer_fault_t why;
	if (parser->document->files == STEER_VSCF_FILES) {
		return wrong_at(parser, place, "more than %d files; allowed: fewer", STEER_VSCF_FILES);
	}
	int ret = parser->anywhere ? steer_input_open(&input, path, &why)
	                           : steer_input_open_below(&input, path, parser->base, &why);
	if (ret == STEER_ENOMEM) {
		return no_memory(parser);
	}
	return ret == STEER_OK ? read_input(parser, input, into)
	                       : wrong_at(parser, place, "%s", why.text);
}

/*! Puts the entries of other files into a hash. */
static int include_entries(parser_t *parser, steer_vscf_t *hash, steer_vscf_t **last)
{
	const steer_place_t place = place_of(parser);
	char *path = NULL;
	struct stat info;
	glob_t found = { 0 };
	int ret = read_include(parser, &path);
	if (ret != STEER_OK) {
		return ret;
	}
	const bool folder = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
	if (folder) {
		char *all;
		ret = asprintf(&all, "%s/*", path) < 0 ? no_memory(parser) : STEER_OK;
		free(path);
		if (ret != STEER_OK) {
			return ret;
		}
		path = all;
	}
	const int failed = glob(path, GLOB_ERR, NULL, &found);
	if (failed == GLOB_NOSPACE) {
		ret = no_memory(parser);
	} else if (failed != 0 && !(folder && failed == GLOB_NOMATCH)) {
		ret = wrong_at(parser, &place, "%.300s: there is no such file; allowed: one, a folder, or "
		               "a pattern that matches files", path);
	}
	for (size_t i = 0; ret == STEER_OK && i < found.gl_pathc; i++) {
		steer_vscf_t file = { 0 };
		ret = include_file(parser, found.gl_pathv[i], &place, &file);
		if (ret == STEER_OK && file.kind != STEER_VSCF_HASH) {
			ret = wrong_at(parser, &place, "%.300s is an array; allowed: a hash, among the entries "
			               "of one", found.gl_pathv[i]);
		}
		for (steer_vscf_t *entry = file.first, *next; ret == STEER_OK && entry != NULL;
		     entry = next) {
			next = entry->next;
			entry->next = NULL;
			append(hash, last, entry);
		}
	}
	globfree(&found);
	free(path);
	return ret;
}

static int include_value(parser_t *parser, steer_vscf_t *value)
{
	const steer_place_t place = place_of(parser);
	char *path = NULL;
	int ret = read_include(parser, &path);
	if (ret == STEER_OK) {
		ret = include_file(parser, path, &place, value);
	}
	free(path);
	return ret;
}

static int read_entry(parser_t *parser, steer_vscf_t *hash, steer_vscf_t **last)
{
	if (is_include(parser)) {
		return include_entries(parser, hash, last);
	}
	if (strchr("][{}=,$", *parser->at) != NULL) {
		return wrong(parser, "no key; allowed: key => value, $include{path}, or the end of the "
		             "hash");
	}
	steer_vscf_t *entry;
	int ret = new_value(parser, &entry);
	if (ret != STEER_OK) {
		return ret;
	}
	entry->key_at = place_of(parser);
	ret = read_text(parser, &entry->key);
	if (ret != STEER_OK) {
		return ret;
	}
	if (skip_blanks(parser) != '=') {
		return wrong_at(parser, &entry->key_at, "%.200s has no value; allowed: key => value",
		                entry->key);
	}
	parser->at++;
	parser->at += parser->at < parser->end && *parser->at == '>';
	ret = read_value(parser, entry);
	if (ret == STEER_OK) {
		append(hash, last, entry);
	}
	return ret;
}

/*! Skips the comma that may stand after a value. */
static void skip_comma(parser_t *parser)
{
	if (skip_blanks(parser) == ',') {
		parser->at++;
	}
}

/*! Reads entries to the end. \param[in] end  '}'; 0: the end of the file. */
static int read_hash(parser_t *parser, steer_vscf_t *hash, char end)
{
	steer_vscf_t *last = NULL;
	hash->kind = STEER_VSCF_HASH;
	for (char next; (next = skip_blanks(parser)) != end;) {
		if (next == '\0') {
			return wrong_at(parser, &hash->place, "a brace that is not closed; allowed: { ... }");
		}
		const int ret = read_entry(parser, hash, &last);
		if (ret != STEER_OK) {
			return ret;
		}
		skip_comma(parser);
	}
	parser->at += end != '\0';
	return sort(parser, hash);
}

static int read_array(parser_t *parser, steer_vscf_t *array)
{
	steer_vscf_t *last = NULL;
	array->kind = STEER_VSCF_ARRAY;
	for (char next; (next = skip_blanks(parser)) != ']';) {
		if (next == '\0') {
			return wrong_at(parser, &array->place,
			                "a bracket that is not closed; allowed: [ ... ]");
		}
		steer_vscf_t *item;
		int ret = new_value(parser, &item);
		if (ret == STEER_OK) {
			ret = read_value(parser, item);
		}
		if (ret != STEER_OK) {
			return ret;
		}
		append(array, &last, item);
		skip_comma(parser);
	}
	parser->at++;
	return STEER_OK;
}

static int read_value(parser_t *parser, steer_vscf_t *value)
{
	const char next = skip_blanks(parser);
	value->place = place_of(parser);
	if (next == '\0' || strchr("]}=,", next) != NULL) {
		return wrong(parser, "no value; allowed: a text, [ ... ], { ... }, $include{path}");
	}
	if (next == '$' && !is_include(parser)) {
		return wrong(parser, "a text that begins with $; allowed: \\$ for it, or $include{path}");
	}
	if (next != '{' && next != '[' && next != '$') {
		return read_text(parser, &value->text);
	}
	if (parser->depth == STEER_VSCF_DEPTH) {
		return wrong_at(parser, &value->place, "more than %d hashes, arrays and files inside each "
		                "other; allowed: fewer", STEER_VSCF_DEPTH);
	}
	parser->depth++;
	parser->at += next != '$';
	const int ret = next == '{' ? read_hash(parser, value, '}')
	                : next == '[' ? read_array(parser, value) : include_value(parser, value);
	parser->depth--;
	return ret;
}

/*! Reads a file into a value. The document owns the input. */
static int read_input(const parser_t *from, steer_input_t *input, steer_vscf_t *into)
{
	parser_t parser = *from;
	input->next = parser.document->inputs;
	parser.document->inputs = input;
	parser.document->files++;
	parser.input = input;
	parser.at = parser.line = input->text;
	parser.end = input->text + input->len;
	parser.number = 1;
	parser.depth++;
	into->place = (steer_place_t) { input->name, 1, 1 };
	int ret;
	if (parser.depth > STEER_VSCF_DEPTH) {
		ret = wrong_at(&parser, &into->place, "more than %d hashes, arrays and files inside each "
		               "other; allowed: fewer", STEER_VSCF_DEPTH);
	} else if (skip_blanks(&parser) == '[') {
		parser.at++;
		ret = read_array(&parser, into);
		if (ret == STEER_OK && skip_blanks(&parser) != '\0') {
			ret = wrong(&parser, "something after the array; allowed: nothing");
		}
	} else {
		ret = read_hash(&parser, into, '\0');
	}
	steer_input_release(input);
	return ret;
}

int steer_vscf_read(steer_vscf_document_t *document, steer_input_t *input, bool anywhere,
                    steer_report_t *report, const steer_vscf_t **root)
{
	char *base = input->dir != NULL
	             ? realpath(input->dir[0] != '\0' ? input->dir : ".", NULL) : NULL;
	const parser_t parser = {
		.document = document, .report = report, .base = base, .anywhere = anywhere,
		.input = input,
	};
	steer_vscf_t *made = steer_memory_get(&document->memory, sizeof(*made));
	int ret;
	if (made == NULL) {
		ret = no_memory(&parser);
		steer_input_free(input);
	} else {
		ret = read_input(&parser, input, made);
	}
	free(base);
	if (ret == STEER_OK) {
		*root = made;
	}
	return ret;
}

/* Values. */

const steer_vscf_t *steer_vscf_get(const steer_vscf_t *hash, const char *key)
{
	if (hash == NULL || hash->kind != STEER_VSCF_HASH || hash->count == 0) {
		return NULL;
	}
	const steer_vscf_t sought = { .key = key };
	const steer_vscf_t *const pointer = &sought;
	steer_vscf_t *const *found = bsearch(&pointer, hash->sorted, hash->count, sizeof(pointer),
	                                     by_key);
	return found != NULL ? *found : NULL;
}

const steer_vscf_t *steer_vscf_next(const steer_vscf_t *array, const steer_vscf_t *before)
{
	if (array->kind != STEER_VSCF_ARRAY) {
		return before == NULL ? array : NULL;
	}
	return before == NULL ? array->first : before->next;
}
