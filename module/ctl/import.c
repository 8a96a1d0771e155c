/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "ctl/commit.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/types.h"
#include "formats/zonefile.h"

/*! A zone of the import. */
typedef struct {
	uint8_t name[STEER_NAME_MAX];
	size_t name_len;
	unsigned number; /*!< In the change set. */
	bool soa;        /*!< Its SOA has been read. */
	const char *path; /*!< Of its first file. */
	uint64_t left_out;
} zone_t;

typedef struct {
	const run_t *run;
	steer_change_t *change;
	steer_zone_action_t action;
	const uint8_t *named; /*!< The zone of all files, or NULL: each tells its own. */
	steer_zonefile_t **files;
	int count;
	void *zones;          /*!< Tree of zone_t, by name. */
	zone_t *zone;         /*!< Of the file being read. */
	progress_t progress;
} import_t;

static void warn_outside(import_t *import, const steer_zonefile_record_t *record)
{
	char owner[STEER_NAME_TEXT], zone[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	char line[2 * STEER_NAME_TEXT + 64];
	steer_name_print(record->owner, owner);
	steer_name_print(import->zone->name, zone);
	steer_type_print(record->type, type);
	snprintf(line, sizeof(line), "warning: ignoring %s %s outside the zone %s", owner, type,
	         zone);
	progress_clear(&import->progress);
	print_at(record->file, record->line, record->column, line);
}

static int take_record(void *ctx, const steer_zonefile_record_t *record, steer_fault_t *fault)
{
	import_t *import = ctx;
	zone_t *zone = import->zone;
	progress_count(&import->progress);
	if (!steer_name_in(record->owner, zone->name)) {
		warn_outside(import, record);
		return STEER_OK;
	}
	bool apex = steer_name_len(record->owner) == zone->name_len;
	if (type_is_signing(record->type, apex)) {
		zone->left_out++;
		return STEER_OK;
	}
	if (record->type == TYPE_SOA) {
		if (zone->soa) {
			return STEER_OK; // As Knot.
		}
		zone->soa = apex;
	}
	const steer_record_t added = {
		.owner = record->owner, .type = record->type, .ttl = record->ttl,
		.rdata = record->rdata, .rdata_len = record->rdata_len,
		.origin = { record->file, record->line, record->column },
	};
	int ret = steer_change_add(import->change, zone->number, &added);
	return ret == STEER_OK ? ret : steer_fault(fault, ret, "%s", steer_strerror(ret));
}

static void take_error(void *ctx, const char *file, uint32_t line, uint32_t column,
                       const char *text)
{
	const import_t *import = ctx;
	progress_clear(&import->progress);
	print_at(file, line, column, text);
}

static int by_name(const void *a, const void *b)
{
	const zone_t *x = a, *y = b;
	return x->name_len != y->name_len
	               ? (x->name_len > y->name_len) - (x->name_len < y->name_len)
	               : memcmp(x->name, y->name, x->name_len);
}

/* The zone of that name, which several files may share. */
static int find_zone(import_t *import, const uint8_t *name, const char *path)
{
	zone_t *zone = calloc(1, sizeof(*zone));
	if (zone == NULL) {
		return print_no_memory();
	}
	zone->name_len = steer_name_len(name);
	memcpy(zone->name, name, zone->name_len);
	zone->path = path;
	zone_t **found = tsearch(zone, &import->zones, by_name);
	if (found == NULL) {
		free(zone);
		return print_no_memory();
	}
	import->zone = *found;
	if (*found != zone) {
		free(zone);
		return GO_ON;
	}
	return steer_change_zone(import->change, name, import->action, &zone->number) == STEER_OK
	       ? GO_ON : print_no_memory();
}

static int input_fault(const import_t *import, const steer_fault_t *fault)
{
	progress_clear(&import->progress);
	return print_fault(fault, fault->code == STEER_ENOMEM ? EXIT_STORE : EXIT_REFUSED);
}

static int read_file(import_t *import, steer_zonefile_t *file, const char *path)
{
	const steer_zonefile_sink_t sink = { take_record, take_error, import };
	uint8_t name[STEER_NAME_MAX];
	steer_fault_t fault;
	if (import->named == NULL && steer_zonefile_zone(file, name, &fault) != STEER_OK) {
		return input_fault(import, &fault);
	}
	const uint8_t *zone = import->named != NULL ? import->named : name;
	int ret = find_zone(import, zone, path);
	if (ret == GO_ON && steer_zonefile_read(file, zone, &sink, &fault) != STEER_OK) {
		ret = input_fault(import, &fault);
	}
	steer_zonefile_release(file);
	return ret;
}

/* The files stay until the change set has been applied, whose messages name them. */
static int read_files(import_t *import, char **paths, int count)
{
	import->files = calloc(count, sizeof(*import->files));
	if (import->files == NULL) {
		return print_no_memory();
	}
	int ret = GO_ON;
	for (import->count = 0; import->count < count && ret == GO_ON; import->count++) {
		const char *path = paths[import->count];
		steer_zonefile_t **file = &import->files[import->count];
		steer_fault_t fault;
		if (steer_zonefile_open(file, strcmp(path, "-") == 0 ? "/dev/stdin" : path,
		                        &fault) != STEER_OK) {
			ret = input_fault(import, &fault);
		} else {
			ret = read_file(import, *file, path);
		}
	}
	return ret;
}

static void warn_left_out(const void *node, VISIT visit, int depth)
{
	(void)depth;
	const zone_t *zone = *(zone_t *const *)node;
	if ((visit != postorder && visit != leaf) || zone->left_out == 0) {
		return;
	}
	char name[STEER_NAME_TEXT];
	steer_name_print(zone->name, name);
	fprintf(stderr,
	        "zone %s: warning: left out %" PRIu64 " record%s of a signed zone (RRSIG, NSEC, "
	        "DNSKEY and such): a hosted zone is not signed, so remove its DS at the parent first\n",
	        name, zone->left_out, zone->left_out == 1 ? "" : "s");
}

static int parse_action(import_t *import, const char *format, bool merge, bool replace)
{
	if (strcmp(format, "auto") != 0 && strcmp(format, "zone") != 0) {
		return options_wrong(import->run, "'%s' is no format; allowed: auto, zone", format);
	}
	if (merge && replace) {
		return options_wrong(import->run, "--merge or --replace, not both");
	}
	import->action = merge ? STEER_ZONE_MERGE : STEER_ZONE_REPLACE;
	return GO_ON;
}

/* The store would refuse it too, and could not say what to do. */
static void find_incomplete(const void *node, VISIT visit, void *found)
{
	const zone_t *zone = *(zone_t *const *)node;
	if ((visit == postorder || visit == leaf) && !zone->soa) {
		*(const zone_t **)found = zone;
	}
}

static int check_complete(const import_t *import)
{
	const zone_t *incomplete = NULL;
	if (import->action == STEER_ZONE_REPLACE) {
		twalk_r(import->zones, find_incomplete, &incomplete);
	}
	if (incomplete == NULL) {
		return GO_ON;
	}
	char name[STEER_NAME_TEXT];
	steer_name_print(incomplete->name, name);
	progress_clear(&import->progress);
	char line[STEER_NAME_TEXT + 128];
	snprintf(line, sizeof(line), "no SOA record at the apex of the zone %s; --merge changes only "
	         "the record sets of a file", name);
	print_at(incomplete->path, 1, 1, line); // It is missing in all of the file.
	return EXIT_REFUSED;
}

static int run_import(import_t *import, char **paths, int count, bool dry_run)
{
	steer_fault_t fault;
	steer_store_t *store = NULL;
	if (steer_store_open(&store, import->run->dir, STEER_STORE_WRITE, &fault) != STEER_OK) {
		return print_fault(&fault, EXIT_STORE);
	}
	progress_begin(&import->progress);
	import->change = steer_change_new();
	int ret = import->change != NULL ? read_files(import, paths, count) : print_no_memory();
	if (ret == GO_ON) {
		ret = check_complete(import);
	}
	if (ret == GO_ON) {
		progress_clear(&import->progress);
		twalk(import->zones, warn_left_out);
		progress_show(&import->progress, ", being compared and written");
		ret = commit(import->run, store, import->change, dry_run, &import->progress);
	}
	steer_change_free(import->change);
	steer_store_close(store);
	return ret;
}

static void free_import(import_t *import)
{
	for (int i = 0; i < import->count; i++) {
		steer_zonefile_close(import->files[i]);
	}
	free(import->files);
	tdestroy(import->zones, free);
}

int verb_import(run_t *run, int argc, char **argv)
{
	const char *format = "auto", *zone_text = NULL;
	bool merge = false, replace = false, dry_run = false;
	const option_t options[] = {
		{ "format", OPTION_WORD, &format },
		{ "zone", OPTION_WORD, &zone_text },
		{ "merge", OPTION_FLAG, &merge },
		{ "replace", OPTION_FLAG, &replace },
		{ "dry-run", OPTION_FLAG, &dry_run },
		{ 0 },
	};
	import_t import = { .run = run };
	uint8_t zone[STEER_NAME_MAX];
	int ret = options_parse(run, &argc, &argv, options, 1, INT32_MAX);
	if (ret == GO_ON) {
		ret = parse_action(&import, format, merge, replace);
	}
	if (ret == GO_ON && zone_text != NULL) {
		ret = option_name(run, zone_text, zone);
		import.named = zone;
	}
	if (ret == GO_ON) {
		ret = run_import(&import, argv, argc, dry_run);
		free_import(&import);
	}
	return ret;
}
