/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/view_walk.h"

#include <stdio.h>

#include "core/utf8.h"
#include "ctl/options.h"
#include "formats/name_text.h"

int view_walk_begin(const view_t *view, enum steer_db db, steer_cursor_t **cursor)
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
	int ret = view_walk_begin(view, STEER_DB_ZONES, cursor);
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
	int status = GO_ON, ret = view_walk_begin(view, STEER_DB_ZONES, &cursor);
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

int view_walk_take(view_walk_t *walk, const steer_pair_t *pair)
{
	steer_node_t node;
	steer_face_t face;
	steer_key_t key;
	if (steer_node_open(&node, pair->value, pair->value_len) != STEER_OK ||
	    steer_key_from_bytes(&key, pair->key, pair->key_len) != STEER_OK) {
		if (walk->say) {
			view_damaged(pair->key, pair->key_len);
		}
		walk->damaged = true; // The other names are still worth taking.
		return GO_ON;
	}
	if (!steer_node_face(&node, walk->apex->labels, &face)) {
		return GO_ON;
	}
	uint8_t name[STEER_NAME_MAX];
	steer_key_to_name(name, &key, key.labels);
	return walk->take(walk->ctx, name, &face);
}

int view_walk_end(const view_walk_t *walk, int status, int ret, const steer_pair_t *last)
{
	const view_t *view = walk->view;
	if (status == GO_ON && ret != STEER_OK && ret != STEER_ENOENT) {
		const char *what = last->value == NULL ? "names of this zone"
		                                       : "names of the zone after it";
		return view->rescue && ret == STEER_EIO
		       ? walk_cut_short(view, what, last->key, last->key_len, walk->say)
		       : walk_failed(ret);
	}
	return status == GO_ON && walk->damaged ? EXIT_STORE : status;
}

static int walk_names(view_walk_t *walk)
{
	const steer_key_t *apex = walk->apex;
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair = { .key = apex->bytes, .key_len = apex->len };
	int status = GO_ON, ret = view_walk_begin(walk->view, STEER_DB_NODES, &cursor);
	if (ret != STEER_OK) {
		return walk_failed(ret);
	}
	for (ret = steer_cursor_seek(cursor, apex->bytes, apex->len, &pair);
	     ret == STEER_OK && status == GO_ON && view_walk_is_in(&pair, apex->bytes, apex->len);
	     ret = steer_cursor_next(cursor, &pair)) {
		status = view_walk_take(walk, &pair);
	}
	steer_cursor_close(cursor);
	return view_walk_end(walk, status, ret, &pair);
}

int view_each_name(const view_t *view, const steer_key_t *apex, view_name_f take, void *ctx)
{
	view_walk_t walk = { view, apex, take, ctx, .say = true };
	return walk_names(&walk);
}

int view_each_name_again(const view_t *view, const steer_key_t *apex, view_name_f take, void *ctx)
{
	view_walk_t walk = { view, apex, take, ctx, .say = false };
	return walk_names(&walk);
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
