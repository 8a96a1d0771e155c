/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The items of a file in the YAML-like format of Knot, each with its place.
 *
 * libknot reads the format; it tells lines, not columns, which are found here.
 *
 * Threads:  belongs to one thread.
 * Memory:   the text is the input's; key and value are borrowed until the next item.
 */
#pragma once

#include <libknot/yparser/yparser.h>

#include "formats/input.h"
#include "formats/record.h"

typedef struct {
	const steer_input_t *input;
	const char *line; /*!< Where the line of the item begins; NULL: there was no item yet. */
	const char *end;  /*!< Of the key or value that was last read. */
	const char *last; /*!< The last character that was read. */
	/* The item: a key with one value, or none. */
	yp_event_t event; /*!< YP_EKEY0, YP_EID or YP_EKEY1. */
	const char *key, *value; /*!< With a final NUL; value "": there is none. */
	steer_place_t key_at, at; /*!< Of the value; of the key, if there is none. */
	const char *wrong; /*!< What was wrong, at that place, and what is allowed. */
	yp_parser_t parser;
} steer_knot_items_t;

/*! NULL: out of memory. */
steer_knot_items_t *steer_knot_items_new(const steer_input_t *input);
/*! NULL is fine. */
void steer_knot_items_free(steer_knot_items_t *items);

/*!
 * Goes to the next value of a key, the next key, or the next identifier.
 *
 * \retval STEER_OK
 * \retval STEER_ENOENT    There are no more.
 * \retval STEER_EREFUSED  The text is not of this format, and is not read on.
 */
int steer_knot_items_next(steer_knot_items_t *items);
