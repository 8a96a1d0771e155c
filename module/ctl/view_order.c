/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names of a zone in an order that is not the store's.
 *
 * In both orders, all keys that begin with the same bytes are together. Such keys are sorted in
 * memory if they are few; if they are many, they are divided by the byte that follows.
 */
#include <stdlib.h>

#include "ctl/options.h"
#include "ctl/view_walk.h"

/*! Most names that are sorted in memory. */
#define BATCH 4096

typedef struct {
	view_walk_t walk;
	const uint8_t *order;
	uint8_t rank[256];  /*!< Of each byte in the order. */
	steer_cursor_t *cursor;
	uint8_t begin[STEER_KEY_MAX + 1]; /*!< What keys begin with. */
	steer_pair_t *batch;
	unsigned count;
	steer_pair_t last;  /*!< That the cursor has found. */
	int ret;            /*!< Of the cursor. */
} ordered_t;

static int by_rank(const void *a, const void *b, void *ctx)
{
	const steer_pair_t *x = a, *y = b;
	const uint8_t *rank = ctx;
	const size_t len = x->key_len < y->key_len ? x->key_len : y->key_len;
	for (size_t i = 0; i < len; i++) {
		if (x->key[i] != y->key[i]) {
			return rank[x->key[i]] > rank[y->key[i]] ? 1 : -1;
		}
	}
	return (x->key_len > y->key_len) - (x->key_len < y->key_len);
}

/*! Finds the first key from what begins so on. \return false: its first len bytes are others */
static bool seek(ordered_t *ordered, size_t sought, size_t len)
{
	ordered->ret = steer_cursor_seek(ordered->cursor, ordered->begin, sought, &ordered->last);
	return ordered->ret == STEER_OK && view_walk_is_in(&ordered->last, ordered->begin, len);
}

/*! Collects the keys that begin with len bytes. \return false: there are more than a batch */
static bool collect(ordered_t *ordered, size_t len)
{
	ordered->count = 0;
	for (bool found = seek(ordered, len, len); found;
	     found = ordered->ret == STEER_OK &&
	             view_walk_is_in(&ordered->last, ordered->begin, len)) {
		if (ordered->count == BATCH) {
			return false;
		}
		ordered->batch[ordered->count++] = ordered->last;
		ordered->ret = steer_cursor_next(ordered->cursor, &ordered->last);
	}
	return true;
}

static int take_batch(ordered_t *ordered)
{
	int status = GO_ON;
	if (ordered->count > 0) {
		qsort_r(ordered->batch, ordered->count, sizeof(*ordered->batch), by_rank, ordered->rank);
	}
	for (unsigned i = 0; i < ordered->count && status == GO_ON; i++) {
		status = view_walk_take(&ordered->walk, &ordered->batch[i]);
	}
	return status;
}

static bool has_failed(const ordered_t *ordered)
{
	return ordered->ret != STEER_OK && ordered->ret != STEER_ENOENT;
}

static int take_all(ordered_t *ordered, size_t len);

/*! Takes the key of len bytes, if there is one, then those that are longer, byte by byte. */
static int divide(ordered_t *ordered, size_t len)
{
	bool present[256] = { false };
	int status = GO_ON;
	if (seek(ordered, len, len) && ordered->last.key_len == len) {
		status = view_walk_take(&ordered->walk, &ordered->last);
	}
	for (unsigned byte = 0; byte < 256 && !has_failed(ordered); byte++) {
		ordered->begin[len] = byte;
		if (!seek(ordered, len + 1, len)) {
			break;
		}
		byte = ordered->last.key[len];
		present[byte] = true;
	}
	for (unsigned i = 0; i < 256 && status == GO_ON && !has_failed(ordered); i++) {
		if (present[ordered->order[i]]) {
			ordered->begin[len] = ordered->order[i];
			status = take_all(ordered, len + 1);
		}
	}
	return status;
}

/*! Takes all names whose keys begin with len bytes. */
static int take_all(ordered_t *ordered, size_t len)
{
	return collect(ordered, len) ? take_batch(ordered) : divide(ordered, len);
}

int view_each_name_ordered(const view_t *view, const steer_key_t *apex, const uint8_t order[256],
                           view_name_f take, void *ctx)
{
	ordered_t ordered = {
		.walk = { .view = view, .apex = apex, .take = take, .ctx = ctx }, .order = order,
		.last = { .key = apex->bytes, .key_len = apex->len },
		.batch = calloc(BATCH, sizeof(*ordered.batch)),
	};
	int ret = ordered.batch != NULL ? view_walk_begin(view, STEER_DB_NODES, &ordered.cursor)
	                                : STEER_ENOMEM;
	if (ret != STEER_OK) {
		free(ordered.batch);
		return view_walk_end(&ordered.walk, GO_ON, ret, &ordered.last);
	}
	for (unsigned i = 0; i < 256; i++) {
		ordered.rank[order[i]] = i;
	}
	memcpy(ordered.begin, apex->bytes, apex->len);
	int status = take_all(&ordered, apex->len);
	steer_cursor_close(ordered.cursor);
	free(ordered.batch);
	return view_walk_end(&ordered.walk, status, ordered.ret, &ordered.last);
}
