/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Mappings and lists as text: in braces and brackets where they fit on a line, else with a
 *        line for each of their parts.
 *
 * What a mapping has is put by a function, which is called again if it did not fit; it must put the
 * same again, and may return early when the line is full.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include <stdint.h>

#include "formats/yaml/scalar.h"

/*! Columns of the longest line that is not broken. */
#define STEER_YAML_WIDTH 100

/*! A mapping that is being written. */
typedef struct {
	steer_yaml_sink_t *sink;
	bool flow;       /*!< Between braces. */
	bool begun;      /*!< It has a key. */
	bool after_dash; /*!< Its first key follows a dash. */
	unsigned indent; /*!< Blanks before its other keys. */
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

/*! Puts a plain key and its value. */
void steer_yaml_map_text(steer_yaml_map_t *map, const char *key, const char *text);
/*! Puts text as it is: a number, a time, yes or no. */
void steer_yaml_map_plain(steer_yaml_map_t *map, const char *key, const char *text);
void steer_yaml_map_number(steer_yaml_map_t *map, const char *key, uint32_t number);
/*! Puts a list. \param[in] lines  Outside braces, a line for each item even if all fit on one. */
void steer_yaml_map_list(steer_yaml_map_t *map, const char *key, bool lines,
                         steer_yaml_items_f items, const void *ctx);
/*! Puts mappings by keys that may be any text: outside braces, a line for each if it fits. */
steer_yaml_map_t steer_yaml_map_open(steer_yaml_map_t *map, const char *key);
void steer_yaml_map_entry(steer_yaml_map_t *inner, const char *key, steer_yaml_body_f body,
                          const void *ctx);
void steer_yaml_map_close(steer_yaml_map_t *inner);

void steer_yaml_list_item(steer_yaml_list_t *list, const char *text);
/*! Puts text as it is: a number. */
void steer_yaml_list_plain(steer_yaml_list_t *list, const char *text);

/*! Whether the line has no room left, so that what follows is lost. */
static inline bool steer_yaml_is_full(const steer_yaml_sink_t *sink)
{
	return sink->out == NULL && sink->len > sink->room;
}
