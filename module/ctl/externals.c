/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/externals.h"

#include <stdlib.h>
#include <string.h>

#include "store/uses.h"

struct external {
	uint16_t type;
	uint16_t name_len;
	uint8_t name[]; /*!< Its key. */
};

static int by_name(const void *a, const void *b)
{
	const external_t *const *one = a, *const *two = b;
	int order = steer_key_cmp((*one)->name, (*one)->name_len, (*two)->name, (*two)->name_len);
	return order != 0 ? order : ((*one)->type > (*two)->type) - ((*one)->type < (*two)->type);
}

static bool make_room(externals_t *externals)
{
	if (externals->count < externals->room) {
		return true;
	}
	size_t room = 2 * externals->room + 16;
	external_t **items = realloc(externals->items, room * sizeof(*items));
	if (items != NULL) {
		externals->items = items;
		externals->room = room;
	}
	return items != NULL;
}

static bool add(void *ctx, uint16_t type, const uint8_t *name)
{
	externals_t *externals = ctx;
	steer_key_t key;
	steer_key_from_name(&key, name);
	external_t *external = make_room(externals) ? malloc(sizeof(*external) + key.len) : NULL;
	if (external == NULL) {
		externals->no_memory = true;
		return false;
	}
	external->type = type;
	external->name_len = key.len;
	memcpy(external->name, key.bytes, key.len);
	externals->items[externals->count++] = external;
	return true;
}

/*! Sorts them, and drops those that are there before. */
static void tidy(externals_t *externals)
{
	size_t kept = 0;
	if (externals->count > 0) {
		qsort(externals->items, externals->count, sizeof(*externals->items), by_name);
	}
	for (size_t i = 0; i < externals->count; i++) {
		external_t *external = externals->items[i];
		if (kept > 0 && by_name(&externals->items[kept - 1], &external) == 0) {
			free(external);
		} else {
			externals->items[kept++] = external;
		}
	}
	externals->count = kept;
}

int externals_gather(externals_t *externals, const steer_reader_t *records)
{
	*externals = (externals_t) { .items = NULL };
	int ret = steer_uses_externals_walk(records, add, externals);
	tidy(externals);
	return externals->no_memory ? STEER_ENOMEM : ret;
}

void externals_get(const externals_t *externals, size_t i, uint16_t *type, steer_key_t *name)
{
	const external_t *external = externals->items[i];
	*type = external->type;
	(void)steer_key_from_bytes(name, external->name, external->name_len); // It was made by core.
}

void externals_free(externals_t *externals)
{
	for (size_t i = 0; i < externals->count; i++) {
		free(externals->items[i]);
	}
	free(externals->items);
	*externals = (externals_t) { .items = NULL };
}
