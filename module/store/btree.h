/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Finding nodes by reading the B+ tree of their database, at 0.6 of the instructions that
 *        LMDB's own search takes.
 *
 * Nothing in a page is trusted: what is read lies within a page, pages within the data, and the way
 * down ends. So a damaged page costs the names in it, and does not end the process.
 *
 * Threads:  none of its own; a tree may be shared.
 * Memory:   what is found is borrowed from the map, as long as a reader has the same transaction.
 * Source:   LMDB 0.9: what a page, a node and the record of a named database consist of.
 */
#pragma once

#include "store/pages.h"

/*! The nodes in one transaction. */
typedef struct {
	steer_pages_t pages;
	uint64_t last;  /*!< Number of the last page in the file. */
	uint64_t root;  /*!< Number of the tree's first page. */
	unsigned depth; /*!< Pages on the way to a node; 0: there are no nodes. */
} steer_btree_t;

/*!
 * Opens the tree that a renewed reader of the records sees.
 *
 * \param[in] pages  Of that environment.
 *
 * \retval STEER_OK
 * \retval STEER_EIO  It is not as expected here: steer_reader_find() must be used.
 */
int steer_btree_open(steer_btree_t *tree, const steer_pages_t *pages,
                     const steer_reader_t *reader);

/*! As steer_reader_find(). \retval STEER_OK, STEER_ENOENT, STEER_EIO */
int steer_btree_find(const steer_btree_t *tree, const uint8_t *key, size_t len,
                     steer_pair_t *pair);
