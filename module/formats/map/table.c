/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/utf8.h"

/*! A reading of a table. */
typedef struct {
	steer_map_reading_t *reading;
	const steer_table_t *table;
	unsigned fields;                 /*!< Number of the header's fields. */
	int position[STEER_COLUMNS_MAX]; /*!< Field of each column; -1: it is left out. */
	char buffer[STEER_MAP_LINE_MAX];
	steer_field_t field[STEER_MAP_FIELDS_MAX];
} reader_t;

/*! Splits the current line. \return Number of fields; 0: it cannot be split. */
static unsigned split(reader_t *reader, const char **at, const char **wrong)
{
	const steer_lines_t *lines = &reader->reading->lines;
	return steer_fields_split(lines->text, lines->len, reader->buffer, reader->field, at, wrong);
}

/*! Names the columns that a header may have. */
static const char *list_columns(const steer_table_t *table, char text[STEER_WRONG])
{
	size_t len = 0;
	text[0] = '\0';
	for (unsigned i = 0; i < table->count && len < STEER_WRONG; i++) {
		len += snprintf(text + len, STEER_WRONG - len, "%s%s", i > 0 ? "," : "",
		                table->columns[i].name);
	}
	return text;
}

/*! A header that is wrong makes every line wrong, so it is never skipped. */
__attribute__((format(printf, 3, 4)))
static int refuse(reader_t *reader, const char *at, const char *format, ...)
{
	char what[STEER_WRONG], text[3 * STEER_WRONG], columns[STEER_WRONG];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	const steer_lines_t *lines = &reader->reading->lines;
	const steer_place_t place = { reader->reading->input->name, lines->number,
	                              1 + (at - lines->text) };
	snprintf(text, sizeof(text), "%s; allowed: a header line with columns of %s", what,
	         list_columns(reader->table, columns));
	int ret = steer_report(&reader->reading->report, &place, text);
	return ret == STEER_OK ? steer_report_end(&reader->reading->report) : ret;
}

static bool field_names(const steer_field_t *field, const char *name)
{
	return strlen(name) == field->len && strncasecmp(field->text, name, field->len) == 0;
}

/*! Finds the column that a field of the header names. \return -1: none. */
static int find_column(const reader_t *reader, const steer_field_t *field)
{
	for (unsigned i = 0; i < reader->table->count; i++) {
		if (field_names(field, reader->table->columns[i].name)) {
			return i;
		}
	}
	return -1;
}

static int read_header(reader_t *reader)
{
	const steer_table_t *table = reader->table;
	char shown[STEER_SHOWN];
	const char *at, *wrong;
	memset(reader->position, 0xff, sizeof(reader->position));
	reader->fields = split(reader, &at, &wrong);
	if (reader->fields == 0) {
		return refuse(reader, at, "%.*s", (int)strcspn(wrong, ";"), wrong);
	}
	for (unsigned i = 0; i < reader->fields; i++) {
		const steer_field_t *field = &reader->field[i];
		int column = find_column(reader, field);
		if (column < 0 && !table->has_others) {
			return refuse(reader, field->at, "'%s' is no column",
			              steer_shown(shown, field->text, field->len));
		}
		if (column >= 0 && reader->position[column] >= 0) {
			return refuse(reader, field->at, "a second column %s", table->columns[column].name);
		}
		if (column >= 0) {
			reader->position[column] = i;
		}
	}
	for (unsigned i = 0; i < table->count; i++) {
		if (reader->position[i] < 0 && table->columns[i].need != STEER_COLUMN_OPTIONAL) {
			return refuse(reader, reader->reading->lines.text, "no column %s",
			              table->columns[i].name);
		}
	}
	return STEER_OK;
}

static int read_line(steer_map_reading_t *reading, void *ctx)
{
	reader_t *reader = ctx;
	steer_values_t values = { 0 };
	char wrong[STEER_WRONG];
	const char *at, *why;
	unsigned count = split(reader, &at, &why);
	if (count == 0) {
		return steer_map_bad(reading, at, "%s", why);
	}
	if (count != reader->fields) {
		return steer_map_bad(reading, NULL, "%u field%s; allowed: %u, as in the header",
		                     count, count == 1 ? "" : "s", reader->fields);
	}
	for (unsigned i = 0; i < reader->table->count; i++) {
		const steer_column_t *column = &reader->table->columns[i];
		if (reader->position[i] < 0) {
			continue;
		}
		const steer_field_t *field = &reader->field[reader->position[i]];
		if (field->len == 0 && column->need != STEER_COLUMN_FILLED) {
			continue;
		}
		if (field->len == 0) {
			return steer_map_bad(reading, field->at, "no %s; allowed: one", column->name);
		}
		if (!column->value(&values, field, wrong)) {
			return steer_map_bad(reading, field->at, "%s", wrong);
		}
	}
	if (!steer_values_complete(&values, wrong)) {
		return steer_map_bad(reading, NULL, "%s", wrong);
	}
	return reader->table->line(reading, &values, reader->table->ctx);
}

int steer_table_read(steer_map_reading_t *reading, const steer_table_t *table)
{
	reader_t reader = { .reading = reading, .table = table };
	bool more;
	int ret = steer_map_next_line(reading, &more);
	if (ret == STEER_OK && !more) {
		reading->lines.text = reading->lines.end;
		reading->lines.number += reading->lines.number == 0; // An empty file has a place, too.
		return refuse(&reader, reading->lines.text, "no line");
	}
	ret = ret == STEER_OK ? read_header(&reader) : ret;
	return ret == STEER_OK ? steer_map_lines(reading, read_line, &reader) : ret;
}
