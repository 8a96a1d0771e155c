/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief map: the maps of a store.
 */
#include "ctl/map.h"

#include <inttypes.h>
#include <stdio.h>

#include "ctl/author.h"
#include "ctl/options.h"
#include "ctl/output.h"

/* list */

typedef struct {
	const run_t *run;
	json_list_t list;
	int status; /*!< GO_ON, or the exit status after an error message. */
} lister_t;

/*! Where a map is from, as it can be shown. */
typedef struct {
	char imported[TIME_TEXT], file[AUTHOR_SHOWN], format[AUTHOR_SHOWN];
} origin_text_t;

static void print_origin(origin_text_t *text, const steer_map_origin_t *origin)
{
	time_print(text->imported, origin->imported);
	author_show(text->file, origin->file, origin->file_len);
	author_show(text->format, origin->format, origin->format_len);
}

static int list_json(lister_t *lister, const steer_stored_map_t *stored, uint64_t entries,
                     const origin_text_t *origin)
{
	const steer_network_map_t *networks = &stored->map->networks;
	json_t *value = json_pack("{s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:s}", "map", stored->name,
	                          "type", steer_map_type_name(networks->type),
	                          "entries", (json_int_t)entries,
	                          "classes", (json_int_t)networks->classes_count,
	                          "bytes", (json_int_t)stored->size,
	                          "imported", origin->imported, "format", origin->format,
	                          "file", origin->file);
	return json_list_add(&lister->list, value) == STEER_OK ? GO_ON : print_no_memory();
}

static bool list_map(void *ctx, const steer_stored_map_t *stored)
{
	lister_t *lister = ctx;
	if (stored->map == NULL) { // The rest is still worth printing.
		fprintf(stderr, "%s: the map is damaged; allowed: import it again, or delete it\n",
		        stored->name);
		lister->status = EXIT_STORE;
		return true;
	}
	const steer_network_map_t *networks = &stored->map->networks;
	const bool regions = networks->type == STEER_MAP_REGIONS;
	const uint64_t entries = regions ? steer_map_sites(stored->map) : networks->networks;
	origin_text_t origin;
	print_origin(&origin, &stored->map->origin);
	if (lister->run->json) {
		int ret = list_json(lister, stored, entries, &origin);
		lister->status = ret != GO_ON ? ret : lister->status;
		return ret == GO_ON;
	}
	printf("%s\t%s\t%" PRIu64 "\t%zu\t%s\t%s\t%s\n", stored->name,
	       steer_map_type_name(networks->type), entries, stored->size, origin.imported,
	       origin.format, origin.file);
	return true;
}

static int list(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	map_view_t view;
	int ret = options_parse(run, &argc, &argv, options, 0, 0);
	if (ret == GO_ON) {
		ret = map_view_open(&view, run, STEER_STORE_READ);
	}
	if (ret != GO_ON) {
		return ret;
	}
	lister_t lister = { .run = run, .status = GO_ON };
	json_list_begin(&lister.list, stdout);
	ret = view.maps != NULL ? steer_maps_walk(view.maps, list_map, &lister) : STEER_OK;
	if (ret != STEER_OK) {
		fprintf(stderr, "%s: %s\n", run->program, steer_strerror(ret));
		lister.status = EXIT_STORE;
	}
	map_view_close(&view);
	return print_list_end(run, &lister.list, lister.status);
}

/* delete */

static int delete(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	steer_store_t *store = NULL;
	steer_fault_t fault;
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret != GO_ON) {
		return ret;
	}
	if (steer_store_open(&store, run->dir, STEER_STORE_WRITE, &fault) != STEER_OK) {
		return print_fault(&fault, EXIT_STORE);
	}
	ret = steer_maps_delete(store, argv[0], &fault);
	steer_store_close(store);
	if (ret != STEER_OK) {
		return print_store_fault(&fault);
	}
	return run->json ? print_json(json_pack("{s:s}", "deleted", argv[0])) : EXIT_DONE;
}

int verb_map(run_t *run, int argc, char **argv)
{
	static const action_t actions[] = {
		{ "list", "steerctl map list", list },
		{ "import", "steerctl map import", map_import },
		{ "export", "steerctl map export", map_export },
		{ "lookup", "steerctl map lookup", map_lookup },
		{ "delete", "steerctl map delete", delete },
		{ 0 },
	};
	return options_action(run, argc, argv, actions);
}
