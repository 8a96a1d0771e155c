/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "ctl/map.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "store/dictionary.h"

int map_view_open(map_view_t *view, const run_t *run, steer_store_mode_t mode)
{
	*view = (map_view_t) { 0 };
	int ret = view_open(&view->view, run, mode);
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open_maps(&view->view, run, &view->maps);
	if (ret != GO_ON) {
		map_view_close(view);
	}
	return ret;
}

void map_view_close(map_view_t *view)
{
	steer_reader_close(view->maps);
	view_close(&view->view);
}

int map_view_need(const map_view_t *view, const char *name, steer_map_t *map)
{
	char shown[STEER_SHOWN];
	int ret = view->maps != NULL ? steer_maps_find(view->maps, name, map) : STEER_ENOENT;
	switch (ret) {
	case STEER_OK:
		return GO_ON;
	case STEER_ENOENT:
		fprintf(stderr, "%s: no such map; steerctl map list shows them\n",
		        steer_shown(shown, name, strlen(name)));
		return EXIT_REFUSED;
	default:
		fprintf(stderr, "%s: the map: %s\n", name, steer_strerror(ret));
		return EXIT_STORE;
	}
}

int map_view_name(const view_t *view, uint8_t kind, uint32_t number, char name[MAP_NAME_TEXT])
{
	steer_dictionary_name_t found;
	int ret = steer_dictionary_name(view->reader, number, &found);
	if (ret != STEER_OK || found.kind != kind) {
		fprintf(stderr, "steerctl: no %s has the number %" PRIu32 ", which a map refers to; "
		        "steerctl check shows all damage\n", steer_dictionary_kind_name(kind), number);
		return EXIT_STORE;
	}
	const char *slash = memchr(found.text, '/', found.len);
	const char *begin = slash != NULL ? slash + 1 : found.text;
	snprintf(name, MAP_NAME_TEXT, "%.*s", (int)(found.text + found.len - begin), begin);
	return GO_ON;
}
