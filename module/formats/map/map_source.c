/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/map/map_source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "formats/map/guess.h"
#include "formats/map/maxmind_files.h"
#include "formats/map/reading.h"

const char *steer_map_format_name(steer_map_format_t format)
{
	static const char *const names[] = {
#define X(symbol, name) name,
		STEER_MAP_FORMATS(X)
#undef X
	};
	return names[format];
}

/*! Refuses what is no text, with a hint for those who have not unpacked a file. */
static int refuse_binary(const steer_input_t *input, steer_fault_t *fault)
{
	static const struct {
		const char *begin, *what;
	} kinds[] = {
		{ "\x1f\x8b", "compressed by gzip; allowed: the file that is in it" },
		{ "BZh", "compressed by bzip2; allowed: the file that is in it" },
		{ "\xfd" "7zXZ", "compressed by xz; allowed: the file that is in it" },
		{ "PK\x03\x04", "a ZIP archive; allowed: the files that are in it" },
		{ "LOCDBXX", "a database of libloc; allowed: what 'location dump' prints" },
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t len = strlen(kinds[i].begin);
		if (input->len >= len && memcmp(input->text, kinds[i].begin, len) == 0) {
			return steer_fault(fault, STEER_EREFUSED, "%s: it is %s", input->name, kinds[i].what);
		}
	}
	return memchr(input->text, '\0', input->len) != NULL ? steer_input_not_text(input->name, fault)
	                                                     : STEER_OK;
}

/*! Reads an input, and adds what it has to the summary. */
static int read_input(const steer_map_source_t *source, const steer_input_t *input,
                      const steer_map_sink_t *sink, steer_map_summary_t *summary,
                      steer_fault_t *fault)
{
	static const steer_map_reader_f readers[] = {
		[STEER_MAP_FORMAT_CSV] = steer_map_read_csv,
		[STEER_MAP_FORMAT_LIST] = steer_map_read_list,
		[STEER_MAP_FORMAT_RANGES] = steer_map_read_ranges,
		[STEER_MAP_FORMAT_LIBLOC] = steer_map_read_libloc,
		[STEER_MAP_FORMAT_MAXMIND_CSV] = steer_map_read_maxmind_csv,
		[STEER_MAP_FORMAT_MMDB] = steer_map_read_mmdb,
		[STEER_MAP_FORMAT_ATLAS] = steer_map_read_atlas,
	};
	steer_map_reading_t reading = {
		.source = source, .sink = sink, .input = input, .lines = steer_lines_of(input),
		.summary = summary,
		.report = { .error = sink->error, .ctx = sink->ctx, .name = input->name, .fault = fault },
	};
	int ret = STEER_OK;
	summary->format = steer_map_guess(source->type, input);
	if (summary->format != STEER_MAP_FORMAT_MMDB) {
		ret = refuse_binary(input, fault);
	}
	ret = ret == STEER_OK ? readers[summary->format](&reading) : ret;
	return ret == STEER_OK ? steer_report_end(&reading.report) : ret;
}

int steer_map_read_input(const steer_map_source_t *source, const steer_input_t *input,
                         const steer_map_sink_t *sink, steer_map_summary_t *summary,
                         steer_fault_t *fault)
{
	*summary = (steer_map_summary_t) { 0 };
	return read_input(source, input, sink, summary, fault);
}

static int read_file(const steer_map_source_t *source, const char *path,
                     const steer_map_sink_t *sink, steer_map_summary_t *summary,
                     steer_fault_t *fault)
{
	steer_input_t *input = NULL;
	int ret = steer_input_open_bytes(&input, path, fault);
	if (ret == STEER_OK) {
		ret = read_input(source, input, sink, summary, fault);
		steer_input_free(input);
	}
	return ret;
}

/*! Reads the blocks of MaxMind's that are in a folder. */
static int read_folder(const steer_map_source_t *source, const steer_map_sink_t *sink,
                       steer_map_summary_t *summary, steer_fault_t *fault)
{
	char *paths[STEER_MAXMIND_BLOCKS] = { NULL };
	int ret = steer_maxmind_find_blocks(source->path, paths, fault);
	for (unsigned i = 0; i < STEER_MAXMIND_BLOCKS && paths[i] != NULL; i++) {
		ret = ret == STEER_OK ? read_file(source, paths[i], sink, summary, fault) : ret;
		free(paths[i]);
	}
	return ret;
}

int steer_map_read(const steer_map_source_t *source, const steer_map_sink_t *sink,
                   steer_map_summary_t *summary, steer_fault_t *fault)
{
	struct stat info;
	*summary = (steer_map_summary_t) { 0 };
	return stat(source->path, &info) == 0 && S_ISDIR(info.st_mode)
	       ? read_folder(source, sink, summary, fault)
	       : read_file(source, source->path, sink, summary, fault);
}
