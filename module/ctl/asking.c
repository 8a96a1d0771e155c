/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/asking.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/health_show.h"
#include "ctl/options.h"
#include "ctl/record_set.h"

/* The lookup. */

static int get(void *ctx, const uint8_t *key, size_t len, uint64_t hash, steer_entry_t **entry,
               steer_entry_t *scratch)
{
	(void)hash;
	const asking_t *asking = ctx;
	const void *value;
	size_t size;
	int ret = steer_reader_get(asking->health.view.reader, STEER_DB_NODES, key, len, &value, &size);
	if (ret == STEER_OK) {
		ret = steer_node_open(&scratch->node, value, size);
	}
	scratch->zone = STEER_ZONE_UNKNOWN;
	*entry = scratch;
	return ret == STEER_EIO ? STEER_EDAMAGED : ret;
}

/* The filter saves lookups, and there is no hurry. */
static bool maybe_apex(void *ctx, uint64_t hash)
{
	(void)ctx;
	(void)hash;
	return true;
}

static int target(void *ctx, uint16_t type, const steer_key_t *name, steer_target_t *found)
{
	const asking_t *asking = ctx;
	return steer_status_target(asking->health.status, type, name, found);
}

/* The health table. */

/* Room for a slot, and for as many again. */
static bool reserve(asking_t *asking, uint32_t slot)
{
	if (slot < asking->room) {
		return true;
	}
	size_t room = 2 * ((size_t)slot + 32);
	steer_state_t *slots = realloc(asking->slots, room * sizeof(*slots));
	if (slots == NULL) {
		return false;
	}
	asking->slots = slots;
	json_t **checks = realloc(asking->checks, room * sizeof(*checks));
	if (checks == NULL) {
		return false;
	}
	asking->checks = checks;
	memset(slots + asking->room, 0, (room - asking->room) * sizeof(*slots));
	memset(checks + asking->room, 0, (room - asking->room) * sizeof(*checks));
	asking->room = room;
	return true;
}

static bool take_check(void *ctx, const steer_checked_t *checked)
{
	asking_t *asking = ctx;
	uint32_t slot = checked->check.slot;
	json_t *check = reserve(asking, slot) ? health_json(checked) : NULL;
	if (check == NULL) {
		asking->no_memory = true;
		return false;
	}
	asking->slots[slot] = (steer_state_t) {
		.generation = checked->check.generation, .down = !checked->effective.up,
	};
	json_decref(asking->checks[slot]); // NULL is fine; a damaged store may have one twice.
	asking->checks[slot] = check;
	if (asking->states.count <= slot) {
		asking->states.count = slot + 1;
	}
	return true;
}

int asking_open(asking_t *asking, const run_t *run)
{
	*asking = (asking_t) { .workspace = malloc(sizeof(*asking->workspace)) };
	if (asking->workspace == NULL) {
		return print_no_memory();
	}
	int ret = health_open(&asking->health, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		free(asking->workspace);
		return ret;
	}
	ret = health_each(&asking->health, take_check, asking);
	if (ret == GO_ON && asking->no_memory) {
		ret = print_no_memory();
	}
	if (ret != GO_ON) {
		asking_close(asking);
		return ret;
	}
	asking->states.slots = asking->slots;
	asking->lookup = (steer_lookup_t) {
		.get = get, .maybe_apex = maybe_apex, .target = target,
		.states = &asking->states, .chance = &asking->chance,
		.workspace = asking->workspace, .ctx = asking,
	};
	return GO_ON;
}

void asking_close(asking_t *asking)
{
	for (size_t i = 0; i < asking->states.count; i++) {
		json_decref(asking->checks[i]);
	}
	free(asking->checks);
	free(asking->slots);
	free(asking->workspace);
	health_close(&asking->health);
	*asking = (asking_t) { 0 };
}

json_t *asking_check(const asking_t *asking, const steer_set_t *set)
{
	char id[CHECK_ID_TEXT];
	if (!steer_set_health(set, id) || set->slot >= asking->states.count ||
	    asking->slots[set->slot].generation != set->generation) {
		return NULL;
	}
	json_t *check = asking->checks[set->slot];
	const char *name = json_string_value(json_object_get(check, "health_check"));
	return name != NULL && strcmp(name, id) == 0 ? check : NULL;
}
