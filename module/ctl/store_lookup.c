/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/store_lookup.h"

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

int store_lookup_open(store_lookup_t *opened, const run_t *run)
{
	*opened = (store_lookup_t) {
		.workspace = malloc(sizeof(*opened->workspace)), .checks = json_object(),
	};
	int ret = opened->workspace != NULL && opened->checks != NULL
	          ? health_open(&opened->health, run, STEER_STORE_READ) : print_no_memory();
	if (ret != GO_ON) {
		json_decref(opened->checks);
		free(opened->workspace);
		return ret;
	}
	ret = health_each(&opened->health, take_check, opened);
	if (ret == GO_ON && opened->no_memory) {
		ret = print_no_memory();
	}
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
	return GO_ON;
}

void store_lookup_close(store_lookup_t *opened)
{
	json_decref(opened->checks);
	steer_health_table_free(&opened->health_table);
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
