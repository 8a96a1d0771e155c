/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/view.h"

#include <stdio.h>

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
