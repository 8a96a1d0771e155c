/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief map import: files of one type become a map, in place of the one of that name.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/map.h"
#include "ctl/map_put.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "formats/map/map_builder.h"
#include "formats/map/map_source.h"

typedef struct {
	const run_t *run;
	const char *name;
	bool dry_run;
	steer_map_source_t source;    /*!< Of each file; its path changes. */
	map_view_t view;
	steer_map_builder_t *builder;
	steer_now_t now;
	uint64_t rows, unmeasured;
	char files[STEER_LOG_TEXT_MAX + 1], formats[STEER_LOG_TEXT_MAX + 1]; /*!< For the map. */
	unsigned seen;                /*!< Formats that are in the list: a bit for each. */
	json_t *files_json;
} map_import_t;

/* Options. */

static int wrong_type(const run_t *run, const char *type)
{
	char allowed[128] = "";
	for (unsigned i = 0; i < STEER_MAP_TYPES_COUNT; i++) {
		option_list(allowed, sizeof(allowed), steer_map_type_name(i));
	}
	return type == NULL ? options_wrong(run, "no --type; allowed: %s", allowed)
	                    : options_wrong(run, "'%s' is not a type; allowed: %s", type, allowed);
}

static int check_options(map_import_t *import, const char *type)
{
	const run_t *run = import->run;
	const steer_map_source_t *source = &import->source;
	if (type == NULL || !steer_map_type_parse(type, &import->source.type)) {
		return wrong_type(run, type);
	}
	if (source->locations != NULL && source->type != STEER_MAP_GEO) {
		return options_wrong(run, "--locations is for --type geo");
	}
	if ((source->region != NULL || source->targets != NULL) && source->type != STEER_MAP_LATENCY) {
		return options_wrong(run, "--region and --targets are for --type latency");
	}
	if (source->region != NULL && source->targets != NULL) {
		return options_wrong(run, "--region and --targets; allowed: one of them");
	}
	import->name = import->name != NULL ? import->name : type;
	return steer_maps_name_is_good(import->name) ? GO_ON
	       : options_wrong(run, "'%s' cannot be the name of a map; allowed: 1 to %d letters, "
	                       "digits, '-' and '_'", import->name, STEER_REGION_NAME_MAX);
}

/* Reading. */

static void print_error(void *ctx, const steer_place_t *place, const char *text)
{
	(void)ctx;
	print_at(place->file, place->line, place->column, text);
}

static void warn_bad(const char *path, const steer_map_summary_t *summary)
{
	char text[sizeof(summary->first_bad.text) + 64];
	snprintf(text, sizeof(text), "warning: %" PRIu64 " bad line%s skipped, the first: %s",
	         summary->bad, plural(summary->bad), summary->first_bad.text);
	print_at(path, 0, 0, text);
}

/*! Keeps what the map and the user are told of a file. */
static void note_file(map_import_t *import, const steer_map_summary_t *summary)
{
	const char *path = import->source.path, *format = steer_map_format_name(summary->format);
	char shown[AUTHOR_SHOWN];
	author_show(shown, path, strnlen(path, STEER_LOG_TEXT_MAX));
	import->rows += summary->rows;
	import->unmeasured += summary->unmeasured;
	option_list(import->files, sizeof(import->files), path);
	if ((import->seen & 1u << summary->format) == 0) {
		import->seen |= 1u << summary->format;
		option_list(import->formats, sizeof(import->formats), format);
	}
	json_array_append_new(import->files_json, json_pack("{s:s, s:s, s:I, s:I, s:I}", "file", shown,
	                      "format", format, "rows", (json_int_t)summary->rows, "bad",
	                      (json_int_t)summary->bad, "unmeasured",
	                      (json_int_t)summary->unmeasured));
	if (summary->bad > 0) {
		warn_bad(path, summary);
	}
}

static int read_files(map_import_t *import, char **paths, int paths_count)
{
	const steer_map_sink_t sink = { steer_map_builder_add, print_error, import->builder };
	for (int i = 0; i < paths_count; i++) {
		steer_map_summary_t summary;
		steer_fault_t fault;
		import->source.path = strcmp(paths[i], "-") == 0 ? "/dev/stdin" : paths[i];
		int ret = steer_map_read(&import->source, &sink, &summary, &fault);
		if (ret != STEER_OK) {
			return map_put_fault(ret, &fault);
		}
		note_file(import, &summary);
	}
	if (import->rows == 0) { // More likely a mistake than a map that says nothing.
		fprintf(stderr, "%s: no rows in what was read; allowed: at least one, or map delete\n",
		        import->run->program);
		return EXIT_REFUSED;
	}
	return GO_ON;
}

/* The map. */

static int print_result(map_import_t *import, const char *result)
{
	if (import->run->json) {
		return print_json(json_pack("{s:s, s:s, s:s, s:b, s:I, s:O}", "map", import->name, "type",
		                            steer_map_type_name(import->source.type), "result", result,
		                            "dry_run", (int)import->dry_run, "rows",
		                            (json_int_t)import->rows, "files", import->files_json));
	}
	printf("%s: %s, %" PRIu64 " row%s", import->name, result, import->rows, plural(import->rows));
	if (import->unmeasured > 0) {
		printf(", %" PRIu64 " ping%s without a result or a known target", import->unmeasured,
		       plural(import->unmeasured));
	}
	printf("%s\n", import->dry_run ? ", dry run" : "");
	return EXIT_DONE;
}

static int import_map(map_import_t *import, char **paths, int paths_count)
{
	const char *result;
	const map_put_t put = {
		.run = import->run, .view = &import->view.view, .maps = import->view.maps,
		.name = import->name, .type = import->source.type, .builder = import->builder,
		.files = import->files, .formats = import->formats, .now = import->now,
		.dry_run = import->dry_run,
	};
	int ret = map_put_check(&put);
	if (ret == GO_ON) {
		map_put_let_go(&put);
		ret = read_files(import, paths, paths_count);
	}
	if (ret == GO_ON) {
		ret = map_put_end(&put);
	}
	if (ret == GO_ON) {
		ret = map_put(&put, &result);
	}
	return ret == GO_ON ? print_result(import, result) : ret;
}

int map_import(run_t *run, int argc, char **argv)
{
	map_import_t import = { .run = run };
	const char *type = NULL;
	const option_t options[] = {
		{ "type", OPTION_WORD, &type },
		{ "name", OPTION_WORD, &import.name },
		{ "region", OPTION_WORD, &import.source.region },
		{ "targets", OPTION_WORD, &import.source.targets },
		{ "locations", OPTION_WORD, &import.source.locations },
		{ "skip-bad", OPTION_FLAG, &import.source.skip_bad },
		{ "dry-run", OPTION_FLAG, &import.dry_run },
		{ 0 },
	};
	int ret = options_parse(run, &argc, &argv, options, 1, INT32_MAX);
	if (ret == GO_ON) {
		ret = check_options(&import, type);
	}
	if (ret == GO_ON) {
		ret = map_view_open(&import.view, run, STEER_STORE_WRITE);
	}
	if (ret != GO_ON) {
		return ret;
	}
	const char *collection = import.source.type == STEER_MAP_CIDR ? import.name : NULL;
	steer_now(&import.now);
	import.files_json = json_array();
	import.builder = steer_map_builder_new(import.source.type, collection);
	ret = import.builder == NULL || import.files_json == NULL
	      ? print_no_memory() : import_map(&import, argv, argc);
	steer_map_builder_free(import.builder);
	json_decref(import.files_json);
	map_view_close(&import.view);
	return ret;
}
