/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Walks over the names of a zone, in whichever order.
 */
#pragma once

#include <string.h>

#include "ctl/view.h"

typedef struct {
	const view_t *view;
	const steer_key_t *apex;
	view_name_f take;
	void *ctx;
	bool say;     /*!< Report damage. */
	bool damaged; /*!< A name is. */
} view_walk_t;

/*! Opens a cursor. \retval STEER_OK, STEER_EIO, STEER_ENOMEM */
int view_walk_begin(const view_t *view, enum steer_db db, steer_cursor_t **cursor);
/*! Takes a name, unless it is another zone's. \return GO_ON, or what take() returned */
int view_walk_take(view_walk_t *walk, const steer_pair_t *pair);
/*!
 * Ends a walk, whose cursor is closed.
 *
 * \param[in] status  What the last name returned.
 * \param[in] ret     What the cursor returned.
 * \param[in] last    The last name; without a value: the apex, as there was none.
 *
 * \return GO_ON, status, or EXIT_STORE after an error message
 */
int view_walk_end(const view_walk_t *walk, int status, int ret, const steer_pair_t *last);

/*! Whether a key begins with bytes. */
static inline bool view_walk_is_in(const steer_pair_t *pair, const uint8_t *bytes, size_t len)
{
	return pair->key_len >= len && memcmp(pair->key, bytes, len) == 0;
}
