/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/store_lookup.h"

#include <stdlib.h>

#include "ctl/health_print.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/record_set.h"

/* The lookup. */

static int get(void *ctx, const uint8_t *key, size_t len, uint64_t hash, steer_entry_t **entry,
               steer_entry_t *scratch)
{
	(void)hash;
	const store_lookup_t *opened = ctx;
	const void *value;
	size_t size;
	int ret = steer_reader_get(opened->health.view.reader, STEER_DB_NODES, key, len, &value, &size);
	if (ret == STEER_OK) {
		ret = steer_node_open(&scratch->node, value, size);
	}
	scratch->zone = STEER_ZONE_UNKNOWN;
	*entry = scratch;
	return ret == STEER_EIO ? STEER_EDAMAGED : ret;
}

/*! The filter only saves time, which does not matter here. */
static bool maybe_apex(void *ctx, uint64_t hash)
{
	(void)ctx;
	(void)hash;
	return true;
}

static int target(void *ctx, uint16_t type, const steer_key_t *name, steer_external_answer_t *found)
{
	const store_lookup_t *opened = ctx;
	return steer_status_external_answer(opened->health.status, type, name, found);
}

/* The health table. */

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
	opened->lookup = (steer_lookup_t) {
		.get = get, .maybe_apex = maybe_apex, .target = target,
		.health_table = &opened->health_table.table, .chance = &opened->chance,
		.workspace = opened->workspace, .ctx = opened,
	};
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
