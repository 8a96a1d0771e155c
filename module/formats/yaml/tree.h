/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A document of YAML as values that know their places, for formats whose keys refer to each
 *        other.
 *
 * All values are in one array, in the order of the text, each with the number of the first one
 * behind its parts; in a mapping, keys and values alternate.
 *
 * Threads:  a tree belongs to one thread.
 * Memory:   24 bytes a value, and the texts; both bounded, as is the depth.
 * Trust:    a file can be anything; reading takes time in proportion to its size, times its
 *           logarithm.
 * Units:    lines and columns count from 1, columns in characters.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/input.h"
#include "formats/record.h"

/*! Most values of a file, keys among them. */
#define STEER_YAML_VALUES_MAX (8 << 20)
/*! Longest text, in bytes: the longest record, if each of its bytes is an escape of four. */
#define STEER_YAML_TEXT_MAX   (256 << 10)

typedef enum {
	STEER_YAML_EMPTY,   /*!< Nothing, ~ or null, without quotes. */
	STEER_YAML_TEXT,
	STEER_YAML_LIST,
	STEER_YAML_MAPPING,
} steer_yaml_kind_t;

typedef struct {
	uint8_t kind;
	uint32_t line, column;
	uint32_t text; /*!< Offset in the texts. */
	uint32_t next; /*!< Number of the first value that is not part of it. */
} steer_yaml_value_t;

/*! Zeroed memory has no values. */
typedef struct {
	const char *file; /*!< Belongs to the input. */
	steer_yaml_value_t *values;
	uint32_t count;
	size_t room;
	char *texts; /*!< NUL-terminated; none has a NUL inside. */
	size_t texts_len, texts_room;
} steer_yaml_tree_t;

/*!
 * Reads an input, whose text need not stay, of at most one document; if it has none, there are no
 * values.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  It is not YAML, has a key twice in a mapping, or more than is allowed;
 *                         reported, with its place.
 * \retval STEER_ENOMEM
 */
int steer_yaml_tree_read(steer_yaml_tree_t *tree, const steer_input_t *input,
                         steer_report_t *report);
void steer_yaml_tree_free(steer_yaml_tree_t *tree);

/*!
 * Walks over the items of a list.
 *
 * \param[in] value  The last one; NULL: begin.
 *
 * \return NULL: there are no more
 */
const steer_yaml_value_t *steer_yaml_tree_next(const steer_yaml_tree_t *tree,
                                               const steer_yaml_value_t *list,
                                               const steer_yaml_value_t *value);
/*! Walks likewise over the keys of a mapping; the value of a key is the one after it. */
const steer_yaml_value_t *steer_yaml_tree_next_key(const steer_yaml_tree_t *tree,
                                                   const steer_yaml_value_t *mapping,
                                                   const steer_yaml_value_t *key);
/*! The value of a key; an empty one counts as not given. \return NULL: it is not given */
const steer_yaml_value_t *steer_yaml_tree_get(const steer_yaml_tree_t *tree,
                                              const steer_yaml_value_t *mapping, const char *key);

static inline const char *steer_yaml_tree_text(const steer_yaml_tree_t *tree,
                                               const steer_yaml_value_t *value)
{
	return tree->texts + value->text;
}

static inline steer_place_t steer_yaml_tree_place(const steer_yaml_tree_t *tree,
                                                  const steer_yaml_value_t *value)
{
	return (steer_place_t) { tree->file, value->line, value->column };
}
