/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What is kept until the rest of a mapping has been read, since keys have no order.
 *
 * Threads:  belongs to one thread.
 * Memory:   grows with what is kept, and is used again for the next mapping.
 */
#pragma once

#include "formats/yaml/events.h"

/*! A text of the file, NUL-terminated. */
typedef struct {
	const char *key; /*!< The key that it is a value of; NULL: it is an unknown key itself. */
	size_t text;     /*!< Its offset in the texts. */
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

/*! Appends bytes to the texts. \param[out] at  Their offset; NULL: not wanted. */
int steer_yaml_keep_bytes(steer_yaml_keep_t *keep, steer_events_t *events, const void *bytes,
                          size_t len, size_t *at);
/*! Keeps a text as an item, whose place is that of the current node. */
int steer_yaml_keep_text(steer_yaml_keep_t *keep, steer_events_t *events, const char *key,
                         const char *text);
/*! Keeps the texts of a list, or one text alone, which is the current node, as items. */
int steer_yaml_keep_list(steer_yaml_keep_t *keep, steer_events_t *events, const char *key);
