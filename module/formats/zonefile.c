/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/zonefile.h"

#include <libknot/consts.h>
#include <libknot/descriptor.h>
#include <libknot/dname.h>
#include <libzscanner/scanner.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/array.h"
#include "formats/dialect_lines.h"
#include "formats/name_set.h"
#include "formats/remarks.h"
#include "formats/scan.h"
#include "formats/text.h"
#include "formats/zonefile_owner.h"
#include "formats/zonefile_place.h"

/*! The type ALIAS of PowerDNS, which Knot and others accept only by its number. */
#define TYPE_ALIAS 65401
/*! The type LUA of PowerDNS. */
#define TYPE_LUA 65402
/*! TTL of records before the first $TTL; as Knot. */
#define DEFAULT_TTL 3600
/*! What the scanner is given for it, to recognize it: an invalid TTL, which nobody types. */
#define NO_TTL (UINT32_MAX - 1009)
/*! Origin while a zone's name is looked for and nothing says it: a name that nobody types. */
#define NOWHERE "\x02\x00\xff"

struct steer_zonefile {
	steer_input_t *inputs; /*!< The zone file, then what it included. */
	char *base;            /*!< The folder of the zone file, without links; NULL: none. */
	bool anywhere;         /*!< It may include what is not below. */
	steer_zonefile_prepare_f prepare; /*!< NULL: texts are read as they are. */
	void *prepare_ctx;
};

/*! One reading. */
typedef struct {
	steer_zonefile_t *file;
	const steer_zonefile_sink_t *sink;
	steer_report_t report;
	steer_name_set_t aliases; /*!< Owners of ALIAS records. */
	steer_remarks_t remarks;
	uint8_t origin[STEER_NAME_MAX]; /*!< At the start. */
	steer_zonefile_name_t *probe; /*!< The zone's name, if nothing else is wanted; else NULL. */
	unsigned depth;
	bool comments; /*!< The input may have comments of cli53. */
	char *code;    /*!< Of a LUA record. */
	size_t code_room;
} reader_t;

static int read_input(reader_t *reader, const steer_input_t *input, const char *origin,
                      uint32_t ttl);

int steer_zonefile_take(steer_zonefile_t **file, steer_input_t *input)
{
	steer_zonefile_t *made = calloc(1, sizeof(*made));
	if (made == NULL || steer_dialect_lines_copy(input) != STEER_OK) {
		free(made);
		return STEER_ENOMEM;
	}
	made->inputs = input;
	if (input->dir != NULL) {
		made->base = realpath(input->dir[0] != '\0' ? input->dir : ".", NULL);
	}
	*file = made;
	return STEER_OK;
}

int steer_zonefile_open(steer_zonefile_t **file, const char *path, steer_fault_t *fault)
{
	steer_input_t *input = NULL;
	int ret = steer_input_open(&input, path, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	if (steer_zonefile_take(file, input) != STEER_OK) {
		steer_input_free(input);
		return steer_fault(fault, STEER_ENOMEM, "%s: out of memory", path);
	}
	return STEER_OK;
}

int steer_zonefile_text(steer_zonefile_t **file, const char *name, const char *text, size_t len)
{
	steer_input_t *input = NULL;
	int ret = steer_input_text(&input, name, text, len);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_zonefile_take(file, input);
	if (ret != STEER_OK) {
		steer_input_free(input);
	}
	return ret;
}

void steer_zonefile_include_anywhere(steer_zonefile_t *file)
{
	file->anywhere = true;
}

void steer_zonefile_prepare(steer_zonefile_t *file, steer_zonefile_prepare_f prepare, void *ctx)
{
	file->prepare = prepare;
	file->prepare_ctx = ctx;
}

void steer_zonefile_release(steer_zonefile_t *file)
{
	steer_input_release(file->inputs);
}

void steer_zonefile_close(steer_zonefile_t *file)
{
	if (file != NULL) {
		steer_input_free(file->inputs);
		free(file->base);
		free(file);
	}
}

static int report(reader_t *reader, const char *name, uint32_t line, uint32_t column,
                  const char *text)
{
	const steer_place_t place = { name, line, column };
	return steer_report(&reader->report, &place, text);
}

static int take_error(reader_t *reader, const steer_input_t *input, const zs_scanner_t *scanner,
                      const steer_zonefile_place_t *from)
{
	char text[256];
	uint32_t line = scanner->line_counter, column = 1;
	const char *end = steer_zonefile_position(scanner, input);
	// The scanner keeps the line from the place where it gave up.
	size_t rest = scanner->buffer_length > 0 ? scanner->buffer_length - 1 : 0;
	const char *begin =
		end > input->text ? memrchr(input->text, '\n', end - input->text) : NULL;
	begin = begin != NULL ? begin + 1 : input->text;

	if (scanner->error.code == ZS_UNCLOSED_MULTILINE) {
		steer_zonefile_begin(from, input, scanner, &line, &column);
		snprintf(text, sizeof(text), "unclosed parenthesis");
	} else if (rest <= (size_t)(end - begin)) {
		column = steer_scan_error(scanner->error.code, begin, end - rest, end, text,
		                          sizeof(text));
	} else {
		snprintf(text, sizeof(text), "%s", zs_strerror(scanner->error.code));
	}
	return report(reader, input->name, line, column, text);
}

/*! An alias in a zone file is for addresses of both families, since it does not say which. */
static int take_alias(reader_t *reader, const steer_text_record_t *record)
{
	static const uint16_t types[] = { TYPE_A, TYPE_AAAA };
	const steer_zonefile_sink_t *sink = reader->sink;
	if (sink->set == NULL) {
		return steer_report(&reader->report, &record->place, "aliases are not supported here");
	}
	uint32_t before;
	int ret = steer_name_set_add(&reader->aliases, record->owner, record->place.line, &before);
	if (ret != STEER_OK) {
		return steer_fault(reader->report.fault, ret, "out of memory");
	}
	if (before != 0) {
		return steer_report(&reader->report, &record->place,
		                    "a second ALIAS at this name; allowed: one");
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		const steer_text_set_t set = {
			.owner = record->owner, .type = types[i], .place = record->place,
			.set = { .id = "", .alias = record->rdata, .evaluate = true },
		};
		ret = sink->set(sink->ctx, &set, reader->report.fault);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
}

/*! Stops the reader. An SOA elsewhere than at the origin says more than that. */
static int probe_zone(reader_t *reader, const zs_scanner_t *scanner, steer_owner_form_t form,
                      bool soa)
{
	steer_zonefile_name_t *name = reader->probe;
	uint8_t origin[STEER_NAME_MAX];
	knot_dname_copy_lower(origin, scanner->zone_origin);
	bool moved = !steer_name_equal(origin, reader->origin);
	knot_dname_copy_lower(name->zone, soa ? scanner->r_owner : origin);
	if (soa && (form == STEER_OWNER_ABSOLUTE || !steer_name_equal(name->zone, origin))) {
		name->by = STEER_NAMED_BY_SOA;
	} else {
		name->by = moved ? STEER_NAMED_BY_ORIGIN : STEER_NAMED_BY_FILE;
	}
	bool relative = soa && form == STEER_OWNER_RELATIVE && !moved;
	const uint8_t *base = relative ? origin : name->zone;
	memcpy(name->origin, base, steer_name_len(base));
	return STEER_EEXIST;
}

/*!
 * Reports an SOA whose owner is mistaken.
 *
 * \param[out] ret  Whether the reader goes on, see steer_report().
 *
 * \return false: the owner is as it should be.
 */
static bool is_wrong_soa(reader_t *reader, const zs_scanner_t *scanner,
                         const steer_text_record_t *record, steer_owner_form_t form, int *ret)
{
	char text[512];
	uint8_t owner[STEER_NAME_MAX], origin[STEER_NAME_MAX];
	knot_dname_copy_lower(owner, scanner->r_owner);
	knot_dname_copy_lower(origin, scanner->zone_origin);
	bool root = reader->probe == NULL && reader->origin[0] == 0;
	if (!steer_owner_is_mistaken(owner, origin, form, root, text, sizeof(text))) {
		return false;
	}
	*ret = steer_report(&reader->report, &record->place, text);
	return true;
}

/* What other programs write. */

/*! The entry of a record, before its first word. */
static steer_line_t entry_of(const steer_input_t *input, const char *begin,
                             const steer_zonefile_place_t *from)
{
	return (steer_line_t) {
		.at = begin != NULL ? begin : from->at, .end = input->text + input->len,
	};
}

/*! Goes on to behind a word that the entry has. */
static void pass_word(steer_line_t *line, const char *word)
{
	const char *at;
	size_t len;
	while ((at = steer_line_word(line, &len)) != NULL && at != word) {
	}
}

static int no_memory(reader_t *reader)
{
	return steer_fault(reader->report.fault, STEER_ENOMEM, "out of memory");
}

static bool grow_code(reader_t *reader, size_t len)
{
	char *code = steer_array_grown(reader->code, &reader->code_room, len, 1);
	reader->code = code != NULL ? code : reader->code;
	return code != NULL;
}

/*!
 * Where PowerDNS has cut a text for its length, the parts belong together; elsewhere it puts a blank
 * between them, or did before 5.0.
 */
#define CUT_LENGTH 255

static int pass_lua(reader_t *reader, steer_lua_line_t *line)
{
	const steer_dialects_t *dialects = reader->sink->dialects;
	if (dialects == NULL) {
		return steer_report(&reader->report, &line->record.place,
		                    "LUA records are not supported here");
	}
	line->code = reader->code;
	line->record.rdata = NULL;
	line->record.rdata_len = 0;
	return dialects->lua(dialects->ctx, line, &reader->report);
}

/*! Takes the data of a LUA line: a type and texts. */
static int take_lua_line(reader_t *reader, const steer_text_record_t *record, steer_line_t *entry)
{
	steer_lua_line_t line = { .record = *record };
	size_t len, part = 0;
	const char *word = steer_line_word(entry, &len);
	char name[STEER_TYPE_TEXT] = "";
	if (word != NULL && len < sizeof(name)) {
		memcpy(name, word, len);
	}
	const bool config = strcasecmp(name, "LUA") == 0;
	if (config) {
		line.record.type = TYPE_LUA;
	} else if (steer_type_parse(name, &line.record.type) != STEER_OK) {
		return steer_report(&reader->report, &record->place, "LUA without a type of records; "
		                    "allowed: LUA, a type such as A, and an expression in quotes");
	}
	while ((word = steer_line_word(entry, &len)) != NULL) {
		if (!grow_code(reader, line.len + 1 + len)) {
			return no_memory(reader);
		}
		if (line.len > 0 && part != CUT_LENGTH) {
			reader->code[line.len++] = ' ';
		}
		part = steer_word_unquote(word, len, reader->code + line.len);
		line.len += part;
	}
	return pass_lua(reader, &line);
}

/*! Takes the data of a LUA record in the generic form, as PowerDNS transfers it. */
static int take_lua_data(reader_t *reader, const steer_text_record_t *record)
{
	steer_lua_line_t line = { .record = *record };
	const uint8_t *at = record->rdata + 2, *end = record->rdata + record->rdata_len;
	size_t part = 0;
	bool whole = record->rdata_len > 2;
	if (!whole || !grow_code(reader, record->rdata_len)) {
		return whole ? no_memory(reader)
		             : steer_report(&reader->report, &record->place,
		                            "the bytes after \\# do not have the form of LUA");
	}
	line.record.type = record->rdata[0] << 8 | record->rdata[1];
	for (; at < end && whole; at += 1 + part) {
		if (line.len > 0 && part != CUT_LENGTH) {
			reader->code[line.len++] = ' ';
		}
		part = *at;
		whole = end - at > (ptrdiff_t)part;
		if (whole) {
			memcpy(reader->code + line.len, at + 1, part);
			line.len += part;
		}
	}
	return whole ? pass_lua(reader, &line)
	             : steer_report(&reader->report, &record->place,
	                            "the bytes after \\# do not have the form of LUA");
}

/*! Whether a comment is one of cli53: AWS and, among its words, a routing. */
static bool is_of_cli53(const char *comment, const char *end, const char **words)
{
	static const char aws[] = "AWS", routing[] = "routing=";
	for (comment++; comment < end && (*comment == ' ' || *comment == '\t'); comment++) {
	}
	if ((size_t)(end - comment) <= strlen(aws) || memcmp(comment, aws, strlen(aws)) != 0) {
		return false;
	}
	comment += strlen(aws);
	if (*comment != ' ' && *comment != '\t') {
		return false;
	}
	*words = comment;
	return memmem(comment, end - comment, routing, strlen(routing)) != NULL;
}

/*! Adds the comment of an entry whose words were passed, if it is one of cli53. */
static void add_comment(const reader_t *reader, const steer_line_t *entry, const char *begin,
                        steer_cli53_line_t *line)
{
	if (!reader->comments || entry->comment == NULL) {
		return;
	}
	const char *newline = memchr(entry->comment, '\n', entry->end - entry->comment);
	const char *end = newline != NULL ? newline : entry->end, *words;
	if (!is_of_cli53(entry->comment, end, &words)) {
		return;
	}
	line->comment = words;
	line->comment_len = end - words;
	line->comment_line = line->record.place.line;
	for (const char *at = begin; (at = memchr(at, '\n', words - at)) != NULL; at++) {
		line->comment_line++;
	}
	const char *before = words;
	while (before > begin && before[-1] != '\n') {
		before--;
	}
	line->comment_column = words - before + 1 +
	                       (line->comment_line == line->record.place.line
	                        ? line->record.place.column - 1 : 0);
}

/*! Takes what cli53 wrote. \param[in] class  Of an alias; NULL: it is a record. */
static int take_cli53(reader_t *reader, const steer_text_record_t *record,
                      const zs_scanner_t *scanner, const steer_line_t *begin, const char *class)
{
	const steer_dialects_t *dialects = reader->sink->dialects;
	steer_cli53_line_t line = { .record = *record, .origin = scanner->zone_origin };
	steer_line_t entry = *begin;
	size_t len;
	const char *word = "";
	if (class != NULL) {
		pass_word(&entry, class);
		while ((word = steer_line_word(&entry, &len)) != NULL && (*word | 0x20) != 'a') {
		}
		line.alias = entry;
	}
	while (steer_line_word(&entry, &len) != NULL) {
	}
	add_comment(reader, &entry, begin->at, &line);
	if (class == NULL && line.comment == NULL) {
		return reader->sink->record(reader->sink->ctx, record, reader->report.fault);
	}
	if (dialects == NULL) {
		return steer_report(&reader->report, &record->place,
		                    "aliases are not supported here");
	}
	return dialects->cli53(dialects->ctx, &line, &reader->report);
}

static int end_zone(reader_t *reader)
{
	const steer_dialects_t *dialects = reader->sink->dialects;
	return dialects != NULL ? dialects->end(dialects->ctx, &reader->report) : STEER_OK;
}

/* Records. */

/*! Takes the TTL of a record. \return false: it is wrong */
static bool take_ttl(const zs_scanner_t *scanner, steer_text_record_t *record)
{
	record->ttl = scanner->r_ttl;
	record->no_ttl = record->ttl == NO_TTL && scanner->default_ttl == NO_TTL;
	if (record->no_ttl) {
		record->ttl = DEFAULT_TTL;
	}
	return record->ttl <= STEER_TTL_MAX;
}

/*! Passes on a record whose data are checked. */
static int pass_record(reader_t *reader, const steer_input_t *input, const zs_scanner_t *scanner,
                       const steer_text_record_t *record, const steer_zonefile_place_t *from,
                       const char *begin)
{
	const char *word;
	const steer_line_kind_t kind = steer_dialect_line_between(
		input, from->at, steer_zonefile_position(scanner, input), &word);
	steer_line_t entry = entry_of(input, begin, from);
	const bool alias = record->type == TYPE_ALIAS || kind == STEER_LINE_ALIAS;
	if ((kind == STEER_LINE_ALIAS && record->type != TYPE_CNAME) ||
	    (kind > STEER_LINE_ALIAS && record->type != TYPE_TXT)) {
		return steer_report(&reader->report, &record->place,
		                    "quotes or parentheses that are not closed before it");
	}
	if (record->no_ttl && !alias && kind != STEER_LINE_AWS_ALIAS) {
		steer_remark(&reader->remarks, STEER_REMARK_TTL, &record->place);
	}
	if (alias) {
		return take_alias(reader, record);
	}
	if (kind == STEER_LINE_LUA) {
		pass_word(&entry, word);
		return take_lua_line(reader, record, &entry);
	}
	if (record->type == TYPE_LUA && reader->sink->dialects != NULL) {
		return take_lua_data(reader, record);
	}
	if (kind == STEER_LINE_AWS_ALIAS || reader->comments) {
		return take_cli53(reader, record, scanner, &entry,
		                  kind == STEER_LINE_AWS_ALIAS ? word : NULL);
	}
	return reader->sink->record(reader->sink->ctx, record, reader->report.fault);
}

static int take_record(reader_t *reader, const steer_input_t *input, zs_scanner_t *scanner,
                       const steer_zonefile_place_t *from)
{
	steer_text_record_t record = {
		.owner = scanner->r_owner,
		.rdata = scanner->r_data,
		.rdata_len = scanner->r_data_length,
		.type = scanner->r_type,
		.place = { .file = input->name },
	};
	const char *begin = steer_zonefile_begin(from, input, scanner, &record.place.line,
	                                         &record.place.column);
	bool soa = record.type == TYPE_SOA;
	steer_owner_form_t owner = soa ? steer_owner_form(input, begin) : STEER_OWNER_REPEATED;
	int wrong;
	if (soa && is_wrong_soa(reader, scanner, &record, owner, &wrong)) {
		return wrong;
	}
	if (reader->probe != NULL) {
		return probe_zone(reader, scanner, owner, soa);
	}
	if (!take_ttl(scanner, &record)) {
		return steer_report(&reader->report, &record.place, "its TTL, or that of $TTL, is too "
		                    "large; allowed: 0 to 2147483647 seconds");
	}
	if (!steer_type_is_data(record.type)) {
		return steer_report(&reader->report, &record.place,
		                    "a type for questions and messages, not for records of a zone");
	}
	const uint16_t form = record.type == TYPE_ALIAS ? TYPE_CNAME : record.type;
	if (!steer_rdata_check(form, record.rdata, record.rdata_len)) {
		return steer_report(&reader->report, &record.place,
		                    "the bytes after \\# do not have the form of the type");
	}
	knot_dname_to_lower(scanner->r_owner);
	steer_rdata_canonical(form, scanner->r_data, record.rdata_len);
	int ret = soa ? end_zone(reader) : STEER_OK;
	return ret == STEER_OK ? pass_record(reader, input, scanner, &record, from, begin) : ret;
}

/*! Opens what $INCLUDE names; the scanner has put "./" before a relative name. */
static int open_included(reader_t *reader, const steer_input_t *input, const char *name,
                         steer_input_t **included, steer_fault_t *fault)
{
	if (reader->depth >= STEER_INCLUDE_MAX) {
		return steer_fault(fault, STEER_EREFUSED,
		                   "more than %u files, each included by the one before",
		                   STEER_INCLUDE_MAX);
	}
	if (input->dir == NULL) {
		return steer_fault(fault, STEER_EREFUSED, "$INCLUDE has no folder to look in; "
		                   "allowed: in a regular file");
	}
	bool relative = name[0] != '/';
	char *path = NULL;
	if (asprintf(&path, "%s%s", relative ? input->dir : "", name + (relative ? 2 : 0)) < 0) {
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	steer_input_t *opened = NULL;
	const steer_zonefile_t *file = reader->file;
	int ret = file->anywhere ? steer_input_open(&opened, path, fault)
	                         : steer_input_open_below(&opened, path, file->base, fault);
	free(path);
	if (ret == STEER_OK) {
		*included = opened;
	}
	return ret;
}

/*! Reads what was opened. */
static int read_included(reader_t *reader, steer_input_t *included, const char *origin,
                         uint32_t ttl)
{
	const steer_zonefile_t *file = reader->file;
	included->next = file->inputs->next;
	file->inputs->next = included;
	int ret = file->prepare != NULL ? file->prepare(file->prepare_ctx, included, origin) : STEER_OK;
	if (ret != STEER_OK) {
		return ret;
	}
	if (steer_dialect_lines_copy(included) != STEER_OK) {
		return steer_fault(reader->report.fault, STEER_ENOMEM, "out of memory");
	}
	ret = read_input(reader, included, origin, ttl);
	steer_input_release(included);
	return ret;
}

static int take_include(reader_t *reader, const steer_input_t *input, zs_scanner_t *scanner)
{
	steer_fault_t why;
	steer_input_t *included = NULL;
	int ret = open_included(reader, input, scanner->include_filename, &included, &why);
	if (ret != STEER_OK) {
		ret = report(reader, input->name, scanner->line_counter, 1, why.text);
	} else {
		ret = read_included(reader, included, (const char *)scanner->buffer,
		                    scanner->default_ttl);
	}
	// libzscanner 3.2 leaves the directive's state behind: without this, a file with many
	// $INCLUDE lines writes beyond the stack of its machine.
	scanner->top = 0;
	scanner->error.fatal = false;
	return ret;
}

static int step(reader_t *reader, const steer_input_t *input, zs_scanner_t *scanner,
                steer_zonefile_place_t *from)
{
	steer_zonefile_place_t next = {
		.at = steer_zonefile_position(scanner, input), .line = scanner->line_counter,
	};
	int ret;
	switch (scanner->state) {
	case ZS_STATE_DATA:
		ret = take_record(reader, input, scanner, from);
		next.open = scanner->multiline;
		break;
	case ZS_STATE_INCLUDE:
		ret = take_include(reader, input, scanner);
		break;
	default:
		ret = take_error(reader, input, scanner, from);
		next.inside = scanner->multiline;
		break;
	}
	*from = next;
	return ret;
}

static int read_input(reader_t *reader, const steer_input_t *input, const char *origin,
                      uint32_t ttl)
{
	zs_scanner_t *scanner = malloc(sizeof(*scanner));
	if (scanner == NULL || zs_init(scanner, origin, KNOT_CLASS_IN, ttl) != 0 ||
	    zs_set_input_string(scanner, steer_dialect_lines_text(input), input->len) != 0) {
		zs_deinit(scanner); // NULL is fine.
		free(scanner);
		return steer_fault(reader->report.fault, STEER_ENOMEM, "out of memory");
	}
	const bool comments = reader->comments;
	reader->comments = reader->sink != NULL && reader->sink->dialects != NULL &&
	                   memmem(input->text, input->len, "AWS", strlen("AWS")) != NULL;
	reader->depth++;
	if (reader->sink != NULL && reader->sink->warn != NULL) {
		steer_remark_comments(&reader->remarks, input);
	}
	steer_zonefile_place_t from = { .at = input->text, .line = 1 };
	int ret = STEER_OK;
	while (ret == STEER_OK && zs_parse_record(scanner) == 0 &&
	       scanner->state != ZS_STATE_EOF) {
		ret = step(reader, input, scanner, &from);
	}
	reader->depth--;
	reader->comments = comments;
	if (ret == STEER_OK && reader->probe != NULL && reader->depth == 0) {
		ret = probe_zone(reader, scanner, STEER_OWNER_REPEATED, false);
	}
	zs_deinit(scanner);
	free(scanner);
	return ret;
}

/*! Reads all of the file, with the reader's origin. */
static int read_from(reader_t *reader)
{
	char origin[STEER_NAME_TEXT];
	steer_name_print(reader->origin, origin);
	return read_input(reader, reader->file->inputs, origin, NO_TTL);
}

/*! Zone by the name NAME.zone of a file. The root's would be hidden, and hardly meant. */
static bool name_of_path(const char *path, uint8_t *name)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	size_t end = strlen(".zone"), len = strlen(base);
	char text[STEER_NAME_TEXT];
	if (len <= end || len - end >= sizeof(text) || strcmp(base + len - end, ".zone") != 0) {
		return false;
	}
	snprintf(text, sizeof(text), "%.*s", (int)(len - end), base);
	return steer_name_parse(text, name) == STEER_OK && name[0] != 0;
}

int steer_zonefile_zone(steer_zonefile_t *file, steer_zonefile_name_t *name, steer_fault_t *fault)
{
	const steer_input_t *input = file->inputs;
	steer_zonefile_name_t found;
	reader_t reader = {
		.file = file, .probe = &found,
		.report = { .name = input->name, .fault = fault },
	};
	// A pipe's name says nothing of a zone.
	if (!input->regular || !name_of_path(input->name, reader.origin)) {
		memcpy(reader.origin, NOWHERE, sizeof(NOWHERE));
	}
	int ret = read_from(&reader);
	if (ret != STEER_EEXIST) {
		return ret;
	}
	bool root = found.zone[0] == 0 && found.by != STEER_NAMED_BY_SOA;
	if (root || knot_dname_in_bailiwick(found.zone, (const uint8_t *)NOWHERE) >= 0) {
		return steer_fault(fault, STEER_EREFUSED, "%s: neither the owner of an SOA nor $ORIGIN "
		                   "nor a file name NAME.zone says which zone it is; allowed: --zone "
		                   "NAME, or the SOA first, its owner with a final dot", input->name);
	}
	*name = found;
	return STEER_OK;
}

int steer_zonefile_read(steer_zonefile_t *file, const uint8_t *origin,
                        const steer_zonefile_sink_t *sink, steer_fault_t *fault)
{
	reader_t reader = {
		.file = file, .sink = sink,
		.report = { sink->error, sink->ctx, file->inputs->name, fault, 0 },
	};
	memcpy(reader.origin, origin, steer_name_len(origin));
	int ret = read_from(&reader);
	if (ret == STEER_OK) {
		ret = end_zone(&reader);
	}
	steer_name_set_free(&reader.aliases);
	free(reader.code);
	if (ret != STEER_OK) {
		return ret;
	}
	if (sink->warn != NULL) {
		steer_remarks_report(&reader.remarks, sink->warn, sink->ctx);
	}
	return steer_report_end(&reader.report);
}
