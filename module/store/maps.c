/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/maps.h"

#include <stdio.h>
#include <string.h>

#include "core/regions.h"
#include "core/utf8.h"
#include "store/handles.h"

bool steer_maps_name_is_good(const char *name)
{
	return steer_region_name_is_good(name, strnlen(name, STEER_REGION_NAME_MAX + 1));
}

/* The environment. */

/*! Makes the environment, with a map of the size that the records have. */
static int make(steer_store_t *store, steer_rights_t *rights, steer_fault_t *fault)
{
	steer_folder_t folder;
	struct stat data;
	uint64_t map_size;
	int ret = steer_env_look(store, STEER_ENV_RECORDS, &folder, &data, &map_size, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	steer_folder_close(&folder);
	return steer_env_make(store, STEER_ENV_MAPS, map_size, rights, fault);
}

/*! Opens the environment. \param[in] needed  It is made if there is none. */
static int open_env(steer_store_t *store, bool needed, steer_fault_t *fault)
{
	steer_rights_t before;
	if (store->env[STEER_ENV_MAPS] != NULL) {
		return STEER_OK;
	}
	if (steer_rights_take(&before, &store->folder.store) != 0) {
		return steer_no_memory(fault);
	}
	int ret = STEER_OK;
	if (!steer_env_is_there(store, STEER_ENV_MAPS)) {
		ret = needed ? make(store, &before, fault) : STEER_ENOENT;
	}
	if (ret == STEER_OK) {
		ret = steer_env_open(store, STEER_ENV_MAPS, fault);
	}
	steer_rights_restore(&before);
	return ret;
}

int steer_maps_look(steer_store_t *store, steer_fault_t *fault)
{
	return open_env(store, false, fault);
}

/* Writing. */

typedef struct {
	steer_store_t *store;
	MDB_txn *txn;
	const char *name;
	MDB_val key;
	steer_fault_t *fault;
} edit_t;

static int begin(edit_t *edit, steer_store_t *store, const char *name, steer_fault_t *fault)
{
	*edit = (edit_t) {
		.store = store, .name = name, .key = { strlen(name), (void *)name }, .fault = fault,
	};
	int err = steer_txn_begin(store->env[STEER_ENV_MAPS], &edit->txn);
	return err == MDB_SUCCESS ? STEER_OK : steer_store_fault(store, "maps", err, fault);
}

/*! The fault of a failed call. */
static int failed(const edit_t *edit, int err)
{
	return err == MDB_MAP_FULL
	       ? steer_fault(edit->fault, STEER_EFULL, "%s: no room for the map '%s': delete another "
	                     "one, or make a store with a larger --map-size and import an export",
	                     edit->store->dir, edit->name)
	       : steer_store_fault(edit->store, "maps", err, edit->fault);
}

/*! Commits if all has gone well, and wakes those who watch. */
static int end(edit_t *edit, int ret)
{
	if (ret != STEER_OK) {
		steer_txn_abort(edit->txn);
		return ret;
	}
	int err = steer_txn_commit(edit->txn);
	if (err != MDB_SUCCESS) {
		return failed(edit, err);
	}
	steer_store_ring(edit->store);
	return STEER_OK;
}

/*! Checks that a map can take its place: of the same type, or new, if there are not too many. */
static int check_place(const edit_t *edit, const steer_map_t *map)
{
	MDB_dbi dbi = edit->store->dbi[STEER_DB_MAPS];
	MDB_val key = edit->key, value;
	MDB_stat stat;
	steer_map_t was;
	int err = mdb_get(edit->txn, dbi, &key, &value);
	if (err == MDB_SUCCESS) { // A damaged one gives way to any other.
		return steer_map_open(&was, value.mv_data, value.mv_size) != STEER_OK ||
		       was.networks.type == map->networks.type ? STEER_OK
		       : steer_fault(edit->fault, STEER_EREFUSED, "map '%s' is of the type %s; allowed: "
		                     "one of that type, or delete it first", edit->name,
		                     steer_map_type_name(was.networks.type));
	}
	if (err == MDB_NOTFOUND) {
		err = mdb_stat(edit->txn, dbi, &stat);
	}
	if (err != MDB_SUCCESS) {
		return failed(edit, err);
	}
	return stat.ms_entries < STEER_MAPS_MAX ? STEER_OK
	       : steer_fault(edit->fault, STEER_EREFUSED, "%s: there are %d maps; allowed: %d",
	                     edit->store->dir, STEER_MAPS_MAX, STEER_MAPS_MAX);
}

int steer_maps_put(steer_store_t *store, const char *name, const void *value, size_t size,
                   steer_fault_t *fault)
{
	char shown[STEER_SHOWN];
	steer_map_t map;
	edit_t edit;
	if (!steer_maps_name_is_good(name)) {
		return steer_fault(fault, STEER_EINVAL, "'%s' cannot be the name of a map; allowed: 1 to "
		                   "%d letters, digits, '-' and '_'", steer_shown(shown, name, strlen(name)),
		                   STEER_REGION_NAME_MAX);
	}
	if (steer_map_open(&map, value, size) != STEER_OK) {
		return steer_fault(fault, STEER_EINVAL, "what is to be put as '%s' is no map", name);
	}
	int ret = open_env(store, true, fault);
	if (ret == STEER_OK) {
		ret = begin(&edit, store, name, fault);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	ret = check_place(&edit, &map);
	if (ret == STEER_OK) {
		MDB_val v = { size, (void *)value };
		int err = mdb_put(edit.txn, store->dbi[STEER_DB_MAPS], &edit.key, &v, 0);
		ret = err == MDB_SUCCESS ? STEER_OK : failed(&edit, err);
	}
	return end(&edit, ret);
}

static int no_such_map(const char *name, steer_fault_t *fault)
{
	char shown[STEER_SHOWN];
	return steer_fault(fault, STEER_ENOENT, "%s: no such map; steerctl map list shows them",
	                   steer_shown(shown, name, strlen(name)));
}

int steer_maps_delete(steer_store_t *store, const char *name, steer_fault_t *fault)
{
	edit_t edit;
	int ret = steer_maps_name_is_good(name) ? open_env(store, false, fault) : STEER_ENOENT;
	if (ret == STEER_ENOENT) {
		return no_such_map(name, fault);
	}
	if (ret == STEER_OK) {
		ret = begin(&edit, store, name, fault);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	int err = mdb_del(edit.txn, store->dbi[STEER_DB_MAPS], &edit.key, NULL);
	return end(&edit, err == MDB_SUCCESS ? STEER_OK
	           : err == MDB_NOTFOUND ? no_such_map(name, fault) : failed(&edit, err));
}

/* Reading. */

int steer_maps_find(const steer_reader_t *maps, const char *name, steer_map_t *map)
{
	const void *value;
	size_t size;
	if (!steer_maps_name_is_good(name)) {
		return STEER_ENOENT;
	}
	int ret = steer_reader_get(maps, STEER_DB_MAPS, name, strlen(name), &value, &size);
	return ret == STEER_OK ? steer_map_open(map, value, size) : ret;
}

static bool take_pair(const steer_pair_t *pair, steer_maps_f take, void *ctx)
{
	steer_map_t map;
	steer_stored_map_t stored = { .size = pair->value_len };
	steer_utf8_mask(stored.name, sizeof(stored.name), (const char *)pair->key, pair->key_len);
	stored.map = steer_map_open(&map, pair->value, pair->value_len) == STEER_OK ? &map : NULL;
	return take(ctx, &stored);
}

int steer_maps_walk(const steer_reader_t *maps, steer_maps_f take, void *ctx)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	int ret = steer_cursor_open(&cursor, maps, STEER_DB_MAPS);
	if (ret != STEER_OK) {
		return ret;
	}
	bool on = true;
	for (ret = steer_cursor_seek(cursor, NULL, 0, &pair); on && ret == STEER_OK;
	     ret = on ? steer_cursor_next(cursor, &pair) : STEER_OK) {
		on = take_pair(&pair, take, ctx);
	}
	steer_cursor_close(cursor);
	return ret == STEER_ENOENT ? STEER_OK : ret;
}
