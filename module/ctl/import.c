/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/import.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/commit.h"
#include "ctl/options.h"

static int parse_action(import_t *import, const char *format, bool merge, bool replace)
{
	import->format = import_format(format);
	if (import->format == NULL && strcmp(format, "auto") != 0) {
		char names[256];
		import_format_names(names, sizeof(names));
		return options_wrong(import->run, "'%s' is not a format; allowed: auto, %s", format, names);
	}
	if (merge && replace) {
		return options_wrong(import->run, "--merge or --replace, not both");
	}
	import->action = merge ? STEER_ZONE_MERGE : STEER_ZONE_REPLACE;
	return GO_ON;
}

/*! Completes zones from the store as it is now, not as it was before a long time of reading. */
static int complete(import_t *import)
{
	uint64_t id;
	int ret = steer_reader_renew(import->view.reader, &id);
	if (ret != STEER_OK) {
		fprintf(stderr, "%s: %s\n", import->run->dir, steer_strerror(ret));
		return EXIT_STORE;
	}
	return import_complete(import);
}

static const char *named_by(void *ctx, const uint8_t *apex)
{
	const import_zone_t *zone = import_find(ctx, apex);
	return zone != NULL ? zone->named_by : NULL;
}

static int begun(void *ctx, steer_fault_t *fault)
{
	return import_changes(ctx, fault);
}

static int applied(void *ctx)
{
	return import_maps_put(ctx);
}

/*! Notes what an import of zones changes; that of changes is asked for. */
static void note_group(void *ctx, char sign, const uint8_t *name, const steer_group_t *group)
{
	import_t *import = ctx;
	if (import->zones == NULL) {
		return;
	}
	pairs_add(&import->losses.pairs, sign, name, group);
}

/*! The closest zone of the import that encloses a name. */
static const uint8_t *zone_of(void *ctx, const uint8_t *name)
{
	static const uint8_t root[] = { 0 };
	for (; name[0] != 0; name += 1 + name[0]) {
		const import_zone_t *zone = import_find(ctx, name);
		if (zone != NULL) {
			return zone->name;
		}
	}
	return root;
}

static int write_zones(import_t *import)
{
	const commit_watch_t watch = {
		.progress = &import->progress, .named_by = named_by, .begun = begun,
		.applied = applied, .group = note_group, .ctx = import,
	};
	losses_begin(&import->losses, zone_of, import);
	int ret = commit(import->run, &import->view, import->change, import->dry_run, &watch);
	if (ret == EXIT_DONE) {
		losses_print(&import->losses);
	}
	losses_end(&import->losses);
	return ret;
}

static void warn_of_nothing(char *const *paths, int count)
{
	static const char text[] = "warning: there is nothing to import";
	print_at(count == 1 ? paths[0] : NULL, 1, 1, text);
}

static int run_import(import_t *import, char **paths, int count)
{
	int ret = view_open(&import->view, import->run, STEER_STORE_WRITE);
	if (ret != GO_ON) {
		return ret;
	}
	steer_reader_reset(import->view.reader);
	progress_begin(&import->progress);
	import->change = steer_change_new();
	if (import->change == NULL) {
		ret = print_no_memory();
		goto done;
	}
	ret = import_files(import, paths, count);
	if (ret != GO_ON) {
		goto done;
	}
	progress_clear(&import->progress);
	ret = complete(import);
	if (ret == GO_ON) {
		ret = import_maps_check(import);
	}
	if (ret != GO_ON) {
		goto done;
	}
	import_warn(import);
	progress_show(&import->progress, ", being compared and written");
	ret = write_zones(import);
	if (ret == EXIT_DONE && !import->taken) {
		warn_of_nothing(paths, count);
	}
done:
	steer_change_free(import->change);
	view_close(&import->view);
	return ret;
}

static void free_import(import_t *import)
{
	import_files_free(import);
	import_maps_free(import);
	tdestroy(import->zones, free);
}

int verb_import(run_t *run, int argc, char **argv)
{
	const char *format = "auto", *zone_text = NULL;
	bool merge = false, replace = false;
	import_t import = { .run = run };
	const option_t options[] = {
		{ "format", OPTION_WORD, &format },
		{ "zone", OPTION_WORD, &zone_text },
		{ "merge", OPTION_FLAG, &merge },
		{ "replace", OPTION_FLAG, &replace },
		{ "include-anywhere", OPTION_FLAG, &import.include_anywhere },
		{ "dry-run", OPTION_FLAG, &import.dry_run },
		{ 0 },
	};
	uint8_t zone[STEER_NAME_MAX];
	int ret = options_parse(run, &argc, &argv, options, 1, INT32_MAX);
	if (ret != GO_ON) {
		return ret;
	}
	ret = parse_action(&import, format, merge, replace);
	if (ret != GO_ON) {
		return ret;
	}
	if (zone_text != NULL) {
		ret = option_name(run, zone_text, zone);
		if (ret != GO_ON) {
			return ret;
		}
		import.named = zone;
	}
	ret = run_import(&import, argv, argc);
	free_import(&import);
	return ret;
}
