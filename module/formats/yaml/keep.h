/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What waits in memory until the rest of a mapping has been read, since keys have no order.
 *
 * Threads:  belongs to one thread.
 * Memory:   grows with what is kept, and is kept itself from one mapping to the next.
 */
#pragma once

#include "formats/yaml/events.h"

/*! A text of the file, with a zero byte behind it. */
typedef struct {
	const char *key; /*!< Of the table of keys that it is a value of; NULL: it is no key there. */
	size_t text;     /*!< Its position in the texts. */
	steer_place_t place;
} steer_yaml_item_t;

/*! Zeroed memory is an empty keep. */
typedef struct {
	char *texts;
	size_t texts_len, texts_room;
	steer_yaml_item_t *items;
	size_t count, room;
} steer_yaml_keep_t;

void steer_yaml_keep_clear(steer_yaml_keep_t *keep);
void steer_yaml_keep_free(steer_yaml_keep_t *keep);

/*! Keeps bytes behind the texts so far. \param[out] at  NULL: not wanted. */
int steer_yaml_keep_bytes(steer_yaml_keep_t *keep, steer_events_t *events, const void *bytes,
                          size_t len, size_t *at);
/*! Keeps a text, of which the node that events are at is the place, as an item. */
int steer_yaml_keep_text(steer_yaml_keep_t *keep, steer_events_t *events, const char *key,
                         const char *text);
/*! Keeps the texts of a list, which is the node that events are at, or one text alone, as items. */
int steer_yaml_keep_list(steer_yaml_keep_t *keep, steer_events_t *events, const char *key);

/*! Items with room for so many. NULL: out of memory, and they are as they were. */
void *steer_yaml_grown(void *items, size_t *room, size_t count, size_t size);
