/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/view.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/types.h"
#include "store/maps.h"

static int renew(const run_t *run, steer_reader_t *reader)
{
	steer_fault_t fault;
	uint64_t id;
	int ret = steer_reader_renew(reader, &id);
	if (ret != STEER_OK) {
		steer_fault(&fault, ret, "%s: %s", run->dir, steer_strerror(ret));
		return print_fault(&fault, EXIT_STORE);
	}
	return GO_ON;
}

int view_open_reader(const view_t *view, const run_t *run, enum steer_env env,
                     steer_reader_t **reader)
{
	steer_fault_t fault;
	if (steer_reader_open(reader, view->store, env, &fault) != STEER_OK) {
		return print_fault(&fault, EXIT_STORE);
	}
	int ret = renew(run, *reader);
	if (ret != GO_ON) {
		steer_reader_close(*reader);
		*reader = NULL;
	}
	return ret;
}

int view_open_maps(const view_t *view, const run_t *run, steer_reader_t **maps)
{
	steer_fault_t fault;
	int ret;
	*maps = NULL;
	switch (steer_maps_look(view->store, &fault)) {
	case STEER_OK:
		ret = view_open_reader(view, run, STEER_ENV_MAPS, maps);
		// An import that came in between has first put the names of its map into the records.
		return ret == GO_ON ? renew(run, view->reader) : ret;
	case STEER_ENOENT:
		return GO_ON;
	default:
		return print_fault(&fault, EXIT_STORE);
	}
}

int view_open(view_t *view, const run_t *run, steer_store_mode_t mode)
{
	steer_fault_t fault;
	*view = (view_t) { 0 };
	if (steer_store_open(&view->store, run->dir, mode, &fault) != STEER_OK) {
		return print_fault(&fault, EXIT_STORE);
	}
	int ret = view_open_reader(view, run, STEER_ENV_RECORDS, &view->reader);
	if (ret != GO_ON) {
		view_close(view);
	}
	return ret;
}

void view_close(view_t *view)
{
	steer_reader_close(view->reader);
	steer_store_close(view->store);
	*view = (view_t) { 0 };
}

int view_damaged(const uint8_t *key, size_t len)
{
	steer_key_t parsed;
	uint8_t name[STEER_NAME_MAX];
	char text[STEER_NAME_TEXT] = "a key";
	if (steer_key_from_bytes(&parsed, key, len) == STEER_OK) {
		steer_key_to_name(name, &parsed, parsed.labels);
		steer_name_print(name, text);
	}
	fprintf(stderr, "%s: damaged in the store; steerctl check shows all damage\n", text);
	return EXIT_STORE;
}

static int zone_exists(const view_t *view, const steer_key_t *key, unsigned labels)
{
	const void *value;
	size_t len;
	return steer_reader_get(view->reader, STEER_DB_ZONES, key->bytes, key->end[labels], &value,
	                        &len);
}

int view_find_zone(const view_t *view, const uint8_t *name, uint16_t type, steer_key_t *apex)
{
	steer_key_t key;
	steer_key_from_name(&key, name);
	int found = -1;
	for (int labels = key.labels; labels >= 0; labels--) {
		int ret = zone_exists(view, &key, labels);
		if (ret == STEER_ENOENT) {
			continue;
		} else if (ret != STEER_OK) {
			return ret;
		}
		found = labels;
		if (type != TYPE_DS || labels < key.labels) {
			break;
		}
	}
	if (found < 0) {
		return STEER_ENOENT;
	}
	*apex = key;
	apex->labels = found;
	apex->len = key.end[found];
	return STEER_OK;
}

int view_need_zone(const view_t *view, const char *text, const uint8_t *name, uint16_t type,
                   steer_key_t *apex)
{
	int ret = view_find_zone(view, name, type, apex);
	switch (ret) {
	case STEER_OK:
		return GO_ON;
	case STEER_ENOENT:
		fprintf(stderr, "%s: no hosted zone encloses it; steerctl zone list shows them\n", text);
		return EXIT_REFUSED;
	default:
		fprintf(stderr, "%s: %s\n", text, steer_strerror(ret));
		return EXIT_STORE;
	}
}

int view_need_apex(const view_t *view, const char *text, const uint8_t *name, steer_key_t *apex)
{
	steer_key_from_name(apex, name);
	int ret = zone_exists(view, apex, apex->labels);
	switch (ret) {
	case STEER_OK:
		return GO_ON;
	case STEER_ENOENT:
		fprintf(stderr, "%s: not a hosted zone; steerctl zone list shows them\n", text);
		return EXIT_REFUSED;
	default:
		fprintf(stderr, "%s: %s\n", text, steer_strerror(ret));
		return EXIT_STORE;
	}
}

int view_zone(const view_t *view, const steer_key_t *apex, steer_zone_t *zone)
{
	const void *value;
	size_t len;
	int ret = steer_reader_get(view->reader, STEER_DB_ZONES, apex->bytes, apex->len, &value,
	                           &len);
	return ret == STEER_OK ? steer_zone_decode(zone, value, len) : ret;
}

int view_face(const view_t *view, const steer_key_t *apex, const uint8_t *name,
              steer_face_t *face)
{
	steer_key_t key;
	steer_node_t node;
	const void *value;
	size_t len;
	steer_key_from_name(&key, name);
	int ret = steer_reader_get(view->reader, STEER_DB_NODES, key.bytes, key.len, &value, &len);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_node_open(&node, value, len);
	if (ret != STEER_OK) {
		return ret;
	}
	return steer_node_face(&node, apex->labels, face) ? STEER_OK : STEER_ENOENT;
}

static int walk_begin(const view_t *view, enum steer_db db, steer_cursor_t **cursor)
{
	int ret = steer_cursor_open(cursor, view->reader, db);
	if (ret == STEER_OK && view->rescue) {
		steer_cursor_survive(*cursor);
	}
	return ret;
}

static int walk_failed(int ret)
{
	fprintf(stderr, "steerctl: the store cannot be read: %s\n", steer_strerror(ret));
	return EXIT_STORE;
}

/*! Ends a walk at a damaged page after a key. Later walks see the newest version. */
static int walk_cut_short(const view_t *view, const char *what, const uint8_t *bytes, size_t len,
                          bool say)
{
	steer_key_t key;
	uint64_t id;
	uint8_t name[STEER_NAME_MAX];
	char text[STEER_NAME_TEXT] = "a key";
	if (steer_key_from_bytes(&key, bytes, len) == STEER_OK) {
		steer_key_to_name(name, &key, key.labels);
		steer_name_print(name, text);
	}
	if (say) {
		fprintf(stderr, "%s: the %s cannot be read: a page of LMDB is damaged: restore a "
		        "backup\n", text, what);
	}
	int ret = steer_reader_renew(view->reader, &id);
	return ret == STEER_OK ? EXIT_STORE : walk_failed(ret);
}

/*! Finds the next zone; for a rescue with a new cursor, as the reader may have been renewed. */
static int next_zone(const view_t *view, steer_cursor_t **cursor, const steer_key_t *apex,
                     steer_pair_t *pair)
{
	if (!view->rescue) {
		return steer_cursor_next(*cursor, pair);
	}
	steer_cursor_close(*cursor);
	*cursor = NULL;
	int ret = walk_begin(view, STEER_DB_ZONES, cursor);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_cursor_seek(*cursor, apex->bytes, apex->len, pair);
	if (ret == STEER_OK && pair->key_len == apex->len &&
	    memcmp(pair->key, apex->bytes, apex->len) == 0) {
		return steer_cursor_next(*cursor, pair);
	}
	return ret;
}

static int walk_zones(const view_t *view, view_zone_f take, void *ctx, bool say)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	steer_key_t apex = { 0 };
	int status = GO_ON, ret = walk_begin(view, STEER_DB_ZONES, &cursor);
	if (ret != STEER_OK) {
		return walk_failed(ret);
	}
	for (ret = steer_cursor_seek(cursor, "", 0, &pair); ret == STEER_OK && status == GO_ON;
	     ret = next_zone(view, &cursor, &apex, &pair)) {
		if (steer_key_from_bytes(&apex, pair.key, pair.key_len) != STEER_OK) {
			status = say ? view_damaged(pair.key, pair.key_len) : EXIT_STORE;
		} else {
			status = take(ctx, &apex);
		}
	}
	steer_cursor_close(cursor);
	if (status != GO_ON || ret == STEER_ENOENT) {
		return status;
	}
	return view->rescue && ret == STEER_EIO
	       ? walk_cut_short(view, "zones after it", apex.bytes, apex.len, say) : walk_failed(ret);
}

int view_each_zone(const view_t *view, view_zone_f take, void *ctx)
{
	return walk_zones(view, take, ctx, true);
}

int view_each_zone_again(const view_t *view, view_zone_f take, void *ctx)
{
	return walk_zones(view, take, ctx, false);
}

static int take_name(const steer_key_t *apex, const steer_pair_t *pair, view_name_f take, void *ctx,
                     bool say, bool *damaged)
{
	steer_node_t node;
	steer_face_t face;
	steer_key_t key;
	if (steer_node_open(&node, pair->value, pair->value_len) != STEER_OK ||
	    steer_key_from_bytes(&key, pair->key, pair->key_len) != STEER_OK) {
		if (say) {
			view_damaged(pair->key, pair->key_len);
		}
		*damaged = true; // The other names are still worth taking.
		return GO_ON;
	}
	if (!steer_node_face(&node, apex->labels, &face)) {
		return GO_ON;
	}
	uint8_t name[STEER_NAME_MAX];
	steer_key_to_name(name, &key, key.labels);
	return take(ctx, name, &face);
}

static int walk_names(const view_t *view, const steer_key_t *apex, view_name_f take, void *ctx,
                      bool say)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair = { .key = apex->bytes, .key_len = apex->len };
	bool damaged = false;
	int status = GO_ON, ret = walk_begin(view, STEER_DB_NODES, &cursor);
	if (ret != STEER_OK) {
		return walk_failed(ret);
	}
	for (ret = steer_cursor_seek(cursor, apex->bytes, apex->len, &pair);
	     ret == STEER_OK && status == GO_ON && pair.key_len >= apex->len &&
	     memcmp(pair.key, apex->bytes, apex->len) == 0;
	     ret = steer_cursor_next(cursor, &pair)) {
		status = take_name(apex, &pair, take, ctx, say, &damaged);
	}
	steer_cursor_close(cursor);
	if (status == GO_ON && ret != STEER_OK && ret != STEER_ENOENT) {
		const char *what = pair.value == NULL ? "names of this zone"
		                                      : "names of the zone after it";
		return view->rescue && ret == STEER_EIO
		       ? walk_cut_short(view, what, pair.key, pair.key_len, say) : walk_failed(ret);
	}
	return status == GO_ON && damaged ? EXIT_STORE : status;
}

int view_each_name(const view_t *view, const steer_key_t *apex, view_name_f take, void *ctx)
{
	return walk_names(view, apex, take, ctx, true);
}

int view_each_name_again(const view_t *view, const steer_key_t *apex, view_name_f take, void *ctx)
{
	return walk_names(view, apex, take, ctx, false);
}

static int take_check(const steer_pair_t *pair, view_check_f take, void *ctx, bool *damaged)
{
	char id[STEER_CHECK_ID_MAX + 1];
	steer_health_check_t check;
	if (pair->key_len >= sizeof(id) ||
	    steer_health_check_open(&check, pair->value, pair->value_len) != STEER_OK) {
		char shown[STEER_SHOWN];
		fprintf(stderr, "health check %s: damaged in the store\n",
		        steer_shown(shown, (const char *)pair->key, pair->key_len));
		*damaged = true;
		return GO_ON;
	}
	memcpy(id, pair->key, pair->key_len);
	id[pair->key_len] = '\0';
	return check.type != STEER_CHECK_NONE ? take(ctx, id, &check) : GO_ON;
}

int view_each_check(const view_t *view, view_check_f take, void *ctx)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	bool damaged = false;
	int status = GO_ON, ret = steer_cursor_open(&cursor, view->reader, STEER_DB_CHECKS);
	if (ret != STEER_OK) {
		return walk_failed(ret);
	}
	for (ret = steer_cursor_seek(cursor, "", 0, &pair); ret == STEER_OK && status == GO_ON;
	     ret = steer_cursor_next(cursor, &pair)) {
		status = take_check(&pair, take, ctx, &damaged);
	}
	steer_cursor_close(cursor);
	if (status == GO_ON && ret != STEER_OK && ret != STEER_ENOENT) {
		return walk_failed(ret);
	}
	return status == GO_ON && damaged ? EXIT_STORE : status;
}
