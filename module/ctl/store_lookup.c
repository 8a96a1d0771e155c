/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/store_lookup.h"

#include <stdio.h>
#include <stdlib.h>

#include "ctl/health_print.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/record_set.h"

static bool take_check(void *ctx, const steer_health_status_t *checked)
{
	store_lookup_t *opened = ctx;
	char id[CHECK_ID_TEXT];
	snprintf(id, sizeof(id), "%.*s", (int)checked->id_len, checked->id);
	opened->no_memory = steer_health_table_put(&opened->health_table, checked) != STEER_OK ||
	                    json_object_set_new_nocheck(opened->checks, id, health_json(checked)) != 0;
	return !opened->no_memory;
}

/*! Opens the health checks and the maps. */
static int open_tables(store_lookup_t *opened, const run_t *run)
{
	const view_t *view = &opened->health.view;
	int ret = view_open_maps(view, run, &opened->maps);
	if (ret == GO_ON) {
		ret = health_each(&opened->health, take_check, opened);
	}
	if (ret == GO_ON && opened->no_memory) {
		ret = print_no_memory();
	}
	if (ret != GO_ON) {
		return ret;
	}
	ret = steer_map_set_open(opened->map_set, opened->maps, view->reader, NULL);
	if (ret != STEER_OK) {
		fprintf(stderr, "%s: the maps cannot be read: %s\n", run->program, steer_strerror(ret));
		return EXIT_STORE;
	}
	return GO_ON;
}

int store_lookup_open(store_lookup_t *opened, const run_t *run)
{
	*opened = (store_lookup_t) {
		.workspace = calloc(1, sizeof(*opened->workspace)), .checks = json_object(),
		.map_set = calloc(1, sizeof(*opened->map_set)),
	};
	int ret = opened->workspace != NULL && opened->checks != NULL && opened->map_set != NULL
	          ? health_open(&opened->health, run, STEER_STORE_READ) : print_no_memory();
	if (ret != GO_ON) {
		json_decref(opened->checks);
		free(opened->map_set);
		free(opened->workspace);
		return ret;
	}
	ret = open_tables(opened, run);
	if (ret != GO_ON) {
		store_lookup_close(opened);
		return ret;
	}
	opened->readers = (steer_records_lookup_t) {
		.records = opened->health.view.reader, .status = opened->health.status,
	};
	opened->lookup = steer_records_lookup(&opened->readers);
	opened->lookup.health_table = &opened->health_table.table;
	opened->lookup.chance = &opened->chance;
	opened->lookup.workspace = opened->workspace;
	opened->lookup.maps = &opened->map_set->maps;
	return GO_ON;
}

void store_lookup_close(store_lookup_t *opened)
{
	json_decref(opened->checks);
	steer_health_table_free(&opened->health_table);
	steer_reader_close(opened->maps);
	free(opened->map_set);
	free(opened->workspace);
	health_close(&opened->health);
	*opened = (store_lookup_t) { 0 };
}

json_t *store_lookup_check(const store_lookup_t *opened, const steer_set_t *set)
{
	char id[CHECK_ID_TEXT];
	const steer_health_table_t *table = &opened->health_table.table;
	return steer_set_health(set, id) && set->slot < table->count &&
	       table->slots[set->slot].generation == set->generation
	       ? json_object_get(opened->checks, id) : NULL;
}
