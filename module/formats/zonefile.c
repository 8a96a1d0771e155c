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

#include "formats/alias_lines.h"
#include "formats/scan.h"
#include "formats/seen.h"
#include "formats/text.h"
#include "formats/zonefile_place.h"

/*! The type ALIAS of PowerDNS, which Knot and others take by its number alone. */
#define TYPE_ALIAS 65401
/*! TTL of records before the first $TTL; as Knot. */
#define DEFAULT_TTL 3600
/*! Origin while a zone's name is looked for and nothing tells it: a name that nobody types. */
#define NOWHERE "\\000\\255."
#define NOWHERE_WIRE (const uint8_t *)"\x02\x00\xff"

struct steer_zonefile {
	steer_input_t *inputs; /*!< The zone file, then what it included. */
};

/*! One reading. */
typedef struct {
	steer_zonefile_t *file;
	const steer_zonefile_sink_t *sink;
	steer_report_t report;
	steer_seen_t aliases; /*!< Owners of ALIAS records. */
	uint8_t *probe; /*!< Looking for the zone's name: goes here, and the reading ends. */
	unsigned depth;
} reader_t;

static int read_input(reader_t *reader, const steer_input_t *input, const char *origin,
                      uint32_t ttl);

int steer_zonefile_take(steer_zonefile_t **file, steer_input_t *input)
{
	steer_zonefile_t *made = calloc(1, sizeof(*made));
	if (made == NULL || steer_alias_lines_copy(input) != STEER_OK) {
		free(made);
		return STEER_ENOMEM;
	}
	made->inputs = input;
	*file = made;
	return STEER_OK;
}

int steer_zonefile_open(steer_zonefile_t **file, const char *path, steer_fault_t *fault)
{
	steer_input_t *input = NULL;
	int ret = steer_input_open(&input, path, fault);
	if (ret == STEER_OK && steer_zonefile_take(file, input) != STEER_OK) {
		steer_input_free(input);
		ret = steer_fault(fault, STEER_ENOMEM, "%s: out of memory", path);
	}
	return ret;
}

int steer_zonefile_text(steer_zonefile_t **file, const char *name, const char *text, size_t len)
{
	steer_input_t *input = NULL;
	int ret = steer_input_text(&input, name, text, len);
	if (ret == STEER_OK) {
		ret = steer_zonefile_take(file, input);
	}
	if (ret != STEER_OK) {
		steer_input_free(input);
	}
	return ret;
}

void steer_zonefile_release(steer_zonefile_t *file)
{
	steer_input_release(file->inputs);
}

void steer_zonefile_close(steer_zonefile_t *file)
{
	if (file != NULL) {
		steer_input_free(file->inputs);
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
	uint32_t line = scanner->line_counter, column = 0;
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

/* An alias of a zone file is one for addresses of both kinds, since it does not say which. */
static int take_alias(reader_t *reader, const steer_text_record_t *record)
{
	static const uint16_t types[] = { KNOT_RRTYPE_A, KNOT_RRTYPE_AAAA };
	const steer_zonefile_sink_t *sink = reader->sink;
	if (sink->set == NULL) {
		return steer_report(&reader->report, &record->place, "aliases are not taken here");
	}
	uint32_t before;
	int ret = steer_seen_add(&reader->aliases, record->owner, record->place.line, &before);
	if (ret != STEER_OK) {
		return steer_fault(reader->report.fault, ret, "out of memory");
	}
	if (before != 0) {
		return steer_report(&reader->report, &record->place,
		                    "one ALIAS is allowed at a name, and this is another");
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(*types) && ret == STEER_OK; i++) {
		const steer_text_set_t set = {
			.owner = record->owner, .type = types[i], .place = record->place,
			.set = { .id = "", .alias = record->rdata, .evaluate = true },
		};
		ret = sink->set(sink->ctx, &set, reader->report.fault);
	}
	return ret;
}

/* The first record tells the zone's name. */
static int probe_zone(reader_t *reader, const zs_scanner_t *scanner, bool record)
{
	bool soa = record && scanner->r_type == KNOT_RRTYPE_SOA;
	knot_dname_copy_lower(reader->probe, soa ? scanner->r_owner : scanner->zone_origin);
	return STEER_EEXIST;
}

static int take_record(reader_t *reader, const steer_input_t *input, zs_scanner_t *scanner,
                       const steer_zonefile_place_t *from)
{
	if (reader->probe != NULL) {
		return probe_zone(reader, scanner, true);
	}
	steer_text_record_t record = {
		.owner = scanner->r_owner,
		.rdata = scanner->r_data,
		.rdata_len = scanner->r_data_length,
		.type = scanner->r_type,
		.ttl = scanner->r_ttl,
		.place = { .file = input->name },
	};
	steer_zonefile_begin(from, input, scanner, &record.place.line, &record.place.column);
	const char *end = steer_zonefile_position(scanner, input);
	bool alias = record.type == TYPE_ALIAS || steer_alias_lines_between(input, from->at, end);
	uint16_t form = alias ? KNOT_RRTYPE_CNAME : record.type;
	if (!steer_type_is_data(record.type)) {
		return steer_report(&reader->report, &record.place,
		                    "a type for questions and messages, not for records of a zone");
	}
	if (!steer_rdata_check(form, record.rdata, record.rdata_len)) {
		return steer_report(&reader->report, &record.place,
		                    "the bytes behind \\# do not have the form of the type");
	}
	knot_dname_to_lower(scanner->r_owner);
	steer_rdata_canonical(form, scanner->r_data, record.rdata_len);
	return alias ? take_alias(reader, &record)
	             : reader->sink->record(reader->sink->ctx, &record, reader->report.fault);
}

/* Opens what $INCLUDE names; the scanner has put "./" before a relative name. */
static int open_included(reader_t *reader, const steer_input_t *input, const char *name,
                         steer_input_t **included, steer_fault_t *fault)
{
	if (reader->depth >= STEER_INCLUDE_MAX) {
		return steer_fault(fault, STEER_EREFUSED,
		                   "more than %u files, each included by the one before",
		                   STEER_INCLUDE_MAX);
	}
	if (input->dir == NULL) {
		return steer_fault(fault, STEER_EREFUSED, "$INCLUDE is for files");
	}
	bool relative = name[0] != '/';
	char *path = NULL;
	if (asprintf(&path, "%s%s", relative ? input->dir : "", name + (relative ? 2 : 0)) < 0) {
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	steer_input_t *opened = NULL;
	int ret = steer_input_open(&opened, path, fault);
	free(path);
	if (ret == STEER_OK && steer_alias_lines_copy(opened) != STEER_OK) {
		steer_input_free(opened);
		ret = steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	if (ret == STEER_OK) {
		*included = opened;
	}
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
		included->next = reader->file->inputs->next;
		reader->file->inputs->next = included;
		ret = read_input(reader, included, (const char *)scanner->buffer,
		                 scanner->default_ttl);
		steer_input_release(included);
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
		steer_zonefile_position(scanner, input), scanner->line_counter, false,
	};
	int ret;
	switch (scanner->state) {
	case ZS_STATE_DATA:
		ret = take_record(reader, input, scanner, from);
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
	    zs_set_input_string(scanner, steer_alias_lines_text(input), input->len) != 0) {
		zs_deinit(scanner); // NULL is fine.
		free(scanner);
		return steer_fault(reader->report.fault, STEER_ENOMEM, "out of memory");
	}
	reader->depth++;
	steer_zonefile_place_t from = { input->text, 1, false };
	int ret = STEER_OK;
	while (ret == STEER_OK && zs_parse_record(scanner) == 0 &&
	       scanner->state != ZS_STATE_EOF) {
		ret = step(reader, input, scanner, &from);
	}
	reader->depth--;
	if (ret == STEER_OK && reader->probe != NULL && reader->depth == 0) {
		ret = probe_zone(reader, scanner, false);
	}
	zs_deinit(scanner);
	free(scanner);
	return ret;
}

/* What the base name of a file, less ".zone", says as a zone's name; else NOWHERE. */
static void origin_of_path(const char *path, char origin[STEER_NAME_TEXT])
{
	const char *slash = strrchr(path, '/');
	const char *base = slash != NULL ? slash + 1 : path;
	size_t len = strlen(base);
	if (len > 5 && strcmp(base + len - 5, ".zone") == 0) {
		len -= 5;
	}
	uint8_t name[KNOT_DNAME_MAXLEN];
	char text[STEER_NAME_TEXT];
	snprintf(text, sizeof(text), "%.*s", (int)len, base);
	if (len < sizeof(text) && steer_name_parse(text, name) == STEER_OK) {
		steer_name_print(name, origin);
	} else {
		strcpy(origin, NOWHERE);
	}
}

int steer_zonefile_zone(steer_zonefile_t *file, uint8_t *name, steer_fault_t *fault)
{
	const steer_input_t *input = file->inputs;
	char origin[STEER_NAME_TEXT];
	if (input->regular) {
		origin_of_path(input->name, origin);
	} else {
		strcpy(origin, NOWHERE); // A pipe's name is no zone's.
	}
	uint8_t found[KNOT_DNAME_MAXLEN];
	reader_t reader = {
		.file = file, .probe = found,
		.report = { .name = input->name, .fault = fault },
	};
	int ret = read_input(&reader, input, origin, DEFAULT_TTL);
	if (ret != STEER_EEXIST) {
		return ret;
	}
	if (knot_dname_in_bailiwick(found, NOWHERE_WIRE) >= 0) {
		return steer_fault(fault, STEER_EREFUSED,
		                   "%s: of which zone it is, neither $ORIGIN "
		                   "nor the owner of its SOA nor its name tells",
		                   input->name);
	}
	knot_dname_copy_lower(name, found);
	return STEER_OK;
}

int steer_zonefile_read(steer_zonefile_t *file, const uint8_t *zone,
                        const steer_zonefile_sink_t *sink, steer_fault_t *fault)
{
	char origin[STEER_NAME_TEXT];
	steer_name_print(zone, origin);
	reader_t reader = {
		.file = file, .sink = sink,
		.report = { sink->error, sink->ctx, file->inputs->name, fault, 0 },
	};
	int ret = read_input(&reader, file->inputs, origin, DEFAULT_TTL);
	steer_seen_free(&reader.aliases);
	return ret == STEER_OK ? steer_report_end(&reader.report) : ret;
}
