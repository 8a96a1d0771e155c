/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: the formats, and the files of one command.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ctl/import.h"
#include "ctl/options.h"
#include "formats/guess.h"

static const import_format_t *const formats[] = {
	&import_zonefile,
	&import_yaml,
	&import_route53,
	&import_octodns,
	&import_geoip,
	&import_gdnsd,
};

#define FORMATS (sizeof(formats) / sizeof(*formats))

const import_format_t *import_format(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(name, formats[i]->name) == 0) {
			return formats[i];
		}
	}
	return NULL;
}

void import_format_names(char *text, size_t size)
{
	size_t len = 0;
	for (size_t i = 0; i < FORMATS && len < size; i++) {
		len += snprintf(text + len, size - len, "%s%s", i > 0 ? ", " : "", formats[i]->name);
	}
}

static const import_format_t *format_of(const import_t *import, const steer_input_t *input)
{
	static const import_format_t *const guessed[] = {
		[STEER_FORMAT_ZONE] = &import_zonefile,
		[STEER_FORMAT_YAML] = &import_yaml,
		[STEER_FORMAT_ROUTE53] = &import_route53,
	};
	return import->format != NULL ? import->format : guessed[steer_input_format(input)];
}

/*! The reader of a file: one of its own, or that of all files of the format. */
static import_reader_t *reader_of(import_t *import, const import_format_t *format)
{
	for (int i = 0; format->finish != NULL && i < import->count; i++) {
		if (import->readers[i].format == format) {
			return &import->readers[i];
		}
	}
	import_reader_t *reader = &import->readers[import->count++];
	reader->format = format;
	return reader;
}

/*! Says which format a file was taken for, if no zone was found in it and nobody named one. */
static void say_format(import_t *import, const char *path)
{
	const steer_place_t place = { path, 1, 1 };
	char names[256], text[512];
	if (import->format == NULL && import->zone == NULL) {
		import_format_names(names, sizeof(names));
		snprintf(text, sizeof(text), "read as --format %s; allowed: %s", import->current->name,
		         names);
		import_warning(import, &place, text);
	}
}

static bool is_folder(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int read_file(import_t *import, const char *path, steer_fault_t *fault)
{
	steer_input_t *input;
	if (import->format != NULL && import->format->take_path != NULL) {
		import->current = import->format;
		return import->format->take_path(import, path, &reader_of(import, import->format)->reader,
		                                 fault);
	}
	int ret = steer_input_open(&input, path, fault);
	if (ret != STEER_OK && is_folder(path)) {
		return steer_fault(fault, ret, "%s: a directory; allowed: files, or with --format gdnsd the "
		                   "folder of its configuration", path);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	const import_format_t *format = format_of(import, input);
	import->current = format;
	ret = format->take(import, input, &reader_of(import, format)->reader, fault);
	if (ret == STEER_EREFUSED) {
		say_format(import, path);
	}
	return ret;
}

static int finish_formats(import_t *import, steer_fault_t *fault)
{
	int ret = STEER_OK;
	for (int i = 0; i < import->count && ret == STEER_OK; i++) {
		const import_reader_t *reader = &import->readers[i];
		if (reader->format->finish != NULL) {
			import->current = reader->format;
			ret = reader->format->finish(import, reader->reader, fault);
		}
	}
	return ret;
}

int import_changes(import_t *import, steer_fault_t *fault)
{
	int ret = STEER_OK;
	for (int i = 0; i < import->count && ret == STEER_OK; i++) {
		const import_reader_t *reader = &import->readers[i];
		if (reader->format->change != NULL) {
			ret = reader->format->change(import, reader->reader, fault);
		}
	}
	return ret;
}

static int end_import(import_t *import, int ret, const steer_fault_t *fault)
{
	if (ret == STEER_OK) {
		return GO_ON;
	}
	progress_clear(&import->progress);
	return print_fault(fault, ret == STEER_ENOMEM ? EXIT_STORE : EXIT_REFUSED);
}

int import_files(import_t *import, char **paths, int count)
{
	import->readers = calloc(count, sizeof(*import->readers));
	if (import->readers == NULL) {
		return print_no_memory();
	}
	steer_fault_t fault;
	int ret = STEER_OK;
	for (int i = 0; i < count && ret == STEER_OK; i++) {
		ret = read_file(import, strcmp(paths[i], "-") == 0 ? "/dev/stdin" : paths[i], &fault);
	}
	if (ret == STEER_OK) {
		ret = finish_formats(import, &fault);
	}
	return end_import(import, ret, &fault);
}

void import_files_free(import_t *import)
{
	for (int i = 0; i < import->count; i++) {
		if (import->readers[i].reader != NULL) {
			import->readers[i].format->free(import->readers[i].reader);
		}
	}
	free(import->readers);
}
