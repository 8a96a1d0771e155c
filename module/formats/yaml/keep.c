/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/yaml/keep.h"

#include <stdlib.h>
#include <string.h>

#include "formats/array.h"
#include "formats/yaml/keys.h"

/*! Most items of a list; an answer could not hold more values. */
#define LIST_MAX 65536

void steer_yaml_keep_clear(steer_yaml_keep_t *keep)
{
	keep->texts_len = 0;
	keep->count = 0;
}

void steer_yaml_keep_free(steer_yaml_keep_t *keep)
{
	free(keep->texts);
	free(keep->items);
	*keep = (steer_yaml_keep_t) { 0 };
}

int steer_yaml_keep_bytes(steer_yaml_keep_t *keep, steer_events_t *events, const void *bytes,
                          size_t len, size_t *at)
{
	char *texts = steer_array_grown(keep->texts, &keep->texts_room, keep->texts_len + len, 1);
	if (texts == NULL) {
		return steer_events_no_memory(events);
	}
	keep->texts = texts;
	if (at != NULL) {
		*at = keep->texts_len;
	}
	memcpy(texts + keep->texts_len, bytes, len);
	keep->texts_len += len;
	return STEER_OK;
}

int steer_yaml_keep_text(steer_yaml_keep_t *keep, steer_events_t *events, const char *key,
                         const char *text)
{
	steer_yaml_item_t *items = steer_array_grown(keep->items, &keep->room, keep->count + 1,
	                                            sizeof(*items));
	if (items == NULL) {
		return steer_events_no_memory(events);
	}
	keep->items = items;
	steer_yaml_item_t item = { .key = key, .place = events->place };
	int ret = steer_yaml_keep_bytes(keep, events, text, strlen(text) + 1, &item.text);
	if (ret != STEER_OK) {
		return ret;
	}
	items[keep->count++] = item;
	return STEER_OK;
}

static int keep_node(steer_yaml_keep_t *keep, steer_events_t *events, const char *key)
{
	const char *text = NULL;
	int ret = steer_yaml_take_text(events, key, &text);
	return ret == STEER_OK && text != NULL ? steer_yaml_keep_text(keep, events, key, text) : ret;
}

int steer_yaml_keep_list(steer_yaml_keep_t *keep, steer_events_t *events, const char *key)
{
	if (events->kind != NODE_LIST) {
		return keep_node(keep, events, key);
	}
	const steer_place_t begin = events->place;
	unsigned count = 0;
	int ret = STEER_OK;
	for (; steer_events_item(events, &ret); count++) {
		ret = count < LIST_MAX ? keep_node(keep, events, key)
		                       : steer_yaml_too_many(events, key, count, LIST_MAX);
	}
	if (ret != STEER_OK || count > 0) {
		return ret;
	}
	return steer_events_wrong_at(events, &begin, "%s: none; allowed: at least one", key);
}
