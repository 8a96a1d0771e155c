/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief JSON (RFC 8259), read by yajl, as values that know their places.
 *
 * A text is a sequence of values, since pages that were appended to a file are one. All values are
 * in one array, in the order of the text, each with the number of the first one behind its parts;
 * in an object, keys and values alternate. A text value that is JSON itself can be read so, too.
 *
 * Threads:  a text belongs to one thread.
 * Memory:   24 bytes a value, and the texts; both bounded, as are the depth and the length of texts
 *           and numbers. yajl does not look whether it gets its own, up to twice the longest text
 *           of the file; if it does not, the process ends.
 * Trust:    a file can be anything; reading takes time in proportion to its size.
 * Units:    lines and columns count from 1, columns in characters.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/input.h"
#include "formats/record.h"

/*! Deepest nesting of lists and objects. */
#define STEER_JSON_DEPTH      32
/*! Most values of a file, keys among them. */
#define STEER_JSON_VALUES_MAX (8 << 20)
/*! Longest text, in bytes: the longest of Route 53 is the document of a traffic policy. */
#define STEER_JSON_TEXT_MAX   (128 << 10)
/*! Most characters of a number. */
#define STEER_JSON_NUMBER_MAX 64

typedef enum {
	STEER_JSON_NULL,
	STEER_JSON_BOOL,
	STEER_JSON_NUMBER,
	STEER_JSON_TEXT,
	STEER_JSON_LIST,
	STEER_JSON_OBJECT,
} steer_json_kind_t;

typedef struct {
	uint8_t kind;
	bool truth;    /*!< Of STEER_JSON_BOOL. */
	uint32_t line, column;
	uint32_t begin; /*!< Offset in the input. */
	uint32_t text; /*!< Offset in the texts: of a text; of a number, as it is written. */
	uint32_t next; /*!< Number of the first value that is not part of it. */
} steer_json_value_t;

/*! Zeroed memory has no values. */
typedef struct steer_json {
	const char *file; /*!< Belongs to the input. */
	steer_json_value_t *values;
	uint32_t count;
	size_t room;
	char *texts; /*!< NUL-terminated; none has a NUL inside. */
	size_t texts_len, texts_room;
	struct steer_json_inner *inner; /*!< Texts that were read as JSON, in their order. */
	size_t inner_count, inner_room;
	uint32_t inner_values; /*!< How many values they have together. */
} steer_json_t;

/*!
 * Reads an input, whose text need not stay.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  It is not JSON, has a key twice in an object, a text that is not Unicode,
 *                         or more than is allowed; reported, with its place.
 * \retval STEER_ENOMEM
 */
int steer_json_read(steer_json_t *json, const steer_input_t *input, steer_report_t *report);
/*!
 * Reads a text value as JSON, too, before the input's text is gone; texts in the order in which
 * they stand. Places are those in the input.
 *
 * \return As steer_json_read()
 */
int steer_json_read_inner(steer_json_t *json, const steer_json_value_t *value,
                          const steer_input_t *input, steer_report_t *report);
/*! What such a text value says. \return NULL: it was not read */
const steer_json_t *steer_json_inner(const steer_json_t *json, const steer_json_value_t *value);
void steer_json_free(steer_json_t *json);

/*!
 * Walks over the values of the text, or the items of a list.
 *
 * \param[in] parent  List; NULL: the text.
 * \param[in] value   The last one; NULL: begin.
 *
 * \return NULL: there are no more
 */
const steer_json_value_t *steer_json_next(const steer_json_t *json,
                                          const steer_json_value_t *parent,
                                          const steer_json_value_t *value);
/*! Walks likewise over the keys of an object; the value of a key is the one after it. */
const steer_json_value_t *steer_json_next_key(const steer_json_t *json,
                                              const steer_json_value_t *object,
                                              const steer_json_value_t *key);
/*! The value of a key; what is null counts as not given. \return NULL: it is not given */
const steer_json_value_t *steer_json_get(const steer_json_t *json,
                                         const steer_json_value_t *object, const char *key);

static inline const char *steer_json_text(const steer_json_t *json, const steer_json_value_t *value)
{
	return json->texts + value->text;
}

static inline steer_place_t steer_json_place(const steer_json_t *json,
                                             const steer_json_value_t *value)
{
	return (steer_place_t) { json->file, value->line, value->column };
}
