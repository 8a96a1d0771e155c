/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief import: networks of locations, which become a map for each collection.
 *
 * Maps are not part of a change set: they are put after it, so that a refused import changes none.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/import.h"
#include "ctl/map_put.h"
#include "ctl/options.h"
#include "store/maps.h"

/*! A map that is being made. */
struct import_map {
	import_map_t *next;
	char name[STEER_REGION_NAME_MAX + 1];
	const char *file; /*!< The first one that has networks of it. */
	const import_format_t *format;
	steer_map_builder_t *builder;
	uint64_t rows;
};

static import_map_t *find_map(import_t *import, const char *name)
{
	import_map_t *map = import->maps;
	while (map != NULL && strcmp(map->name, name) != 0) {
		map = map->next;
	}
	return map;
}

static import_map_t *make_map(import_t *import, const steer_text_network_t *network)
{
	import_map_t *map = calloc(1, sizeof(*map));
	if (map == NULL) {
		return NULL;
	}
	snprintf(map->name, sizeof(map->name), "%s", network->collection);
	map->file = network->place.file;
	map->format = import->current;
	map->builder = steer_map_builder_new(STEER_MAP_CIDR, map->name);
	if (map->builder == NULL) {
		free(map);
		return NULL;
	}
	map->next = import->maps;
	import->maps = map;
	import->maps_count++;
	return map;
}

int import_network(void *ctx, const steer_text_network_t *network, steer_fault_t *fault)
{
	import_t *import = ctx;
	import_map_t *map = find_map(import, network->collection);
	if (map == NULL && import->maps_count == STEER_MAPS_MAX) {
		const steer_place_t *at = &network->place;
		return steer_fault(fault, STEER_EREFUSED, "%s:%u:%u: networks of more collections than "
		                   "there can be maps; allowed: %d", at->file, at->line, at->column,
		                   STEER_MAPS_MAX);
	}
	map = map != NULL ? map : make_map(import, network);
	if (map == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "out of memory");
	}
	const steer_map_row_t row = {
		.network = network->network, .name = network->location, .at = network->place,
	};
	progress_count(&import->progress);
	import->taken = true;
	map->rows++;
	return steer_map_builder_add(map->builder, &row, fault);
}

/*! What putting the maps needs. */
static map_put_t putting(const import_t *import, steer_reader_t *maps, const import_map_t *map)
{
	map_put_t put = {
		.run = import->run, .view = &import->view, .maps = maps, .name = map->name,
		.type = STEER_MAP_CIDR, .builder = map->builder, .files = map->file,
		.formats = map->format->title, .dry_run = import->dry_run,
	};
	steer_now(&put.now);
	return put;
}

/*! Refuses more maps than there can be while nothing is written. */
static int check_count(const import_t *import, steer_reader_t *maps)
{
	const void *value;
	size_t size;
	uint64_t count = maps != NULL ? steer_reader_entries(maps, STEER_DB_MAPS) : 0;
	for (const import_map_t *map = import->maps; map != NULL; map = map->next) {
		count += maps == NULL || steer_reader_get(maps, STEER_DB_MAPS, map->name,
		                                          strlen(map->name), &value, &size) != STEER_OK;
	}
	if (count > STEER_MAPS_MAX) {
		fprintf(stderr, "%s: there would be %" PRIu64 " maps; allowed: %d\n", import->run->dir,
		        count, STEER_MAPS_MAX);
		return EXIT_REFUSED;
	}
	return GO_ON;
}

int import_maps_check(import_t *import)
{
	steer_reader_t *maps = NULL;
	int ret = import->maps != NULL ? view_open_maps(&import->view, import->run, &maps) : GO_ON;
	ret = ret == GO_ON ? check_count(import, maps) : ret;
	for (import_map_t *map = import->maps; map != NULL && ret == GO_ON; map = map->next) {
		const map_put_t put = putting(import, maps, map);
		ret = map_put_check(&put);
		ret = ret == GO_ON ? map_put_end(&put) : ret;
	}
	steer_reader_close(maps);
	return ret;
}

/*! Prints what became of a map; as JSON into the list. */
static int print_map(const import_t *import, const import_map_t *map, const char *result,
                     json_list_t *list)
{
	if (import->run->json) {
		json_t *value = json_pack("{s:s, s:s, s:I}", "map", map->name, "result", result, "rows",
		                          (json_int_t)map->rows);
		return json_list_add(list, value) == STEER_OK ? GO_ON : print_no_memory();
	}
	if (strcmp(result, "unchanged") != 0) {
		printf("map %s: %s, %" PRIu64 " row%s%s\n", map->name, result, map->rows,
		       plural(map->rows), import->dry_run ? ", dry run" : "");
	}
	return GO_ON;
}

int import_maps_put(import_t *import)
{
	steer_reader_t *maps = NULL;
	json_list_t list;
	int ret = import->maps != NULL ? view_open_maps(&import->view, import->run, &maps) : GO_ON;
	if (import->run->json) {
		json_open_member(stdout, "maps");
		json_list_begin(&list, stdout);
	}
	for (import_map_t *map = import->maps; map != NULL && ret == GO_ON; map = map->next) {
		const char *result;
		const map_put_t put = putting(import, maps, map);
		ret = map_put(&put, &result);
		ret = ret == GO_ON ? print_map(import, map, result, &list) : ret;
	}
	if (import->run->json) {
		json_list_end(&list);
	}
	steer_reader_close(maps);
	return ret == GO_ON ? EXIT_DONE : ret;
}

void import_maps_free(import_t *import)
{
	while (import->maps != NULL) {
		import_map_t *next = import->maps->next;
		steer_map_builder_free(import->maps->builder);
		free(import->maps);
		import->maps = next;
	}
}
