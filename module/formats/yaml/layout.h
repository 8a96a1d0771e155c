/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Mappings and lists as text: in braces and brackets where they fit on a line, else a line
 *        for each of their parts.
 *
 * What a mapping has is told by a function, which is called once more if it did not fit; it must
 * say the same again, and may end early when the line is full.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include <stdint.h>

#include "formats/yaml/scalar.h"

/*! Columns of a line that is not broken. */
#define STEER_YAML_WIDTH 100

/*! A mapping that is being written. */
typedef struct {
	steer_yaml_sink_t *sink;
	bool flow;       /*!< Between braces. */
	bool begun;      /*!< It has a key. */
	bool behind;     /*!< Its first key stands behind a dash. */
	unsigned indent; /*!< Blanks in front of its other keys. */
} steer_yaml_map_t;

/*! A list that is being written. */
typedef struct {
	steer_yaml_sink_t *sink;
	bool flow;       /*!< Between brackets. */
	bool begun;
	unsigned indent;
} steer_yaml_list_t;

/*! Puts what a mapping, or a list, has. */
typedef void (*steer_yaml_body_f)(steer_yaml_map_t *map, const void *ctx);
typedef void (*steer_yaml_items_f)(steer_yaml_list_t *list, const void *ctx);

/*!
 * Puts a mapping, which begins a line.
 *
 * \param[in] key  Any text; NULL: it is an item of a list.
 */
void steer_yaml_put_mapping(steer_yaml_sink_t *sink, unsigned indent, const char *key,
                            steer_yaml_body_f body, const void *ctx);

/*! Puts a key that is plain, and its value. */
void steer_yaml_map_text(steer_yaml_map_t *map, const char *key, const char *text);
/*! Text that stands as it is: a number, a time, yes or no. */
void steer_yaml_map_plain(steer_yaml_map_t *map, const char *key, const char *text);
void steer_yaml_map_number(steer_yaml_map_t *map, const char *key, uint32_t number);
/*! \param[in] lines  Outside of braces a line for each item, also if they would fit on one. */
void steer_yaml_map_list(steer_yaml_map_t *map, const char *key, bool lines,
                         steer_yaml_items_f items, const void *ctx);
/*! Mappings by keys that may be any text: outside of braces a line for each, if it fits there. */
steer_yaml_map_t steer_yaml_map_open(steer_yaml_map_t *map, const char *key);
void steer_yaml_map_entry(steer_yaml_map_t *inner, const char *key, steer_yaml_body_f body,
                          const void *ctx);
void steer_yaml_map_close(steer_yaml_map_t *inner);

void steer_yaml_list_item(steer_yaml_list_t *list, const char *text);

/*! Whether the line has no room left, so that what follows is lost. */
static inline bool steer_yaml_is_full(const steer_yaml_sink_t *sink)
{
	return sink->out == NULL && sink->len > sink->room;
}
