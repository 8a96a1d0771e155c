/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/store_lookup.h"

#include <stdlib.h>
#include <string.h>

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

/*! Makes room for a slot, and for growth. */
static bool reserve(store_lookup_t *opened, uint32_t slot)
{
	if (slot < opened->room) {
		return true;
	}
	size_t room = 2 * ((size_t)slot + 32);
	steer_health_slot_t *slots = realloc(opened->slots, room * sizeof(*slots));
	if (slots == NULL) {
		return false;
	}
	opened->slots = slots;
	json_t **checks = realloc(opened->checks, room * sizeof(*checks));
	if (checks == NULL) {
		return false;
	}
	opened->checks = checks;
	memset(slots + opened->room, 0, (room - opened->room) * sizeof(*slots));
	memset(checks + opened->room, 0, (room - opened->room) * sizeof(*checks));
	opened->room = room;
	return true;
}

static bool take_check(void *ctx, const steer_health_status_t *checked)
{
	store_lookup_t *opened = ctx;
	uint32_t slot = checked->check.slot;
	json_t *check = reserve(opened, slot) ? health_json(checked) : NULL;
	if (check == NULL) {
		opened->no_memory = true;
		return false;
	}
	opened->slots[slot] = (steer_health_slot_t) {
		.generation = checked->check.generation, .down = !checked->effective.up,
	};
	json_decref(opened->checks[slot]); // Two share a slot in a damaged store.
	opened->checks[slot] = check;
	if (opened->health_table.count <= slot) {
		opened->health_table.count = slot + 1;
	}
	return true;
}

int store_lookup_open(store_lookup_t *opened, const run_t *run)
{
	*opened = (store_lookup_t) { .workspace = malloc(sizeof(*opened->workspace)) };
	if (opened->workspace == NULL) {
		return print_no_memory();
	}
	int ret = health_open(&opened->health, run, STEER_STORE_READ);
	if (ret != GO_ON) {
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
	opened->health_table.slots = opened->slots;
	opened->lookup = (steer_lookup_t) {
		.get = get, .maybe_apex = maybe_apex, .target = target,
		.health_table = &opened->health_table, .chance = &opened->chance,
		.workspace = opened->workspace, .ctx = opened,
	};
	return GO_ON;
}

void store_lookup_close(store_lookup_t *opened)
{
	for (size_t i = 0; i < opened->health_table.count; i++) {
		json_decref(opened->checks[i]);
	}
	free(opened->checks);
	free(opened->slots);
	free(opened->workspace);
	health_close(&opened->health);
	*opened = (store_lookup_t) { 0 };
}

json_t *store_lookup_check(const store_lookup_t *opened, const steer_set_t *set)
{
	char id[CHECK_ID_TEXT];
	if (!steer_set_health(set, id) || set->slot >= opened->health_table.count ||
	    opened->slots[set->slot].generation != set->generation) {
		return NULL;
	}
	json_t *check = opened->checks[set->slot];
	const char *name = json_string_value(json_object_get(check, "health_check"));
	return name != NULL && strcmp(name, id) == 0 ? check : NULL;
}
