/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Which places in the map later commits have left as they are.
 *
 * LMDB never writes to a page that a reader can see: what a commit changes goes to other pages, and
 * the old pages are listed as free under the commit's transaction id. So a place in the map has the
 * same content in a later transaction if no commit in between has listed its page.
 *
 * Threads:  no state but that of the reader, which belongs to its thread.
 * Memory:   nothing is kept.
 * Source:   LMDB 0.9: the free database is number 0, keys are transaction ids, values a count and
 *           as many page numbers; lists younger than the oldest reader are left alone by writers.
 */
#pragma once

#include "store/store.h"

/*! Where the pages of an environment are. */
typedef struct {
	const uint8_t *map; /*!< Page 0. */
	unsigned shift;     /*!< Bits of an offset in a page. */
} steer_pages_t;

/*!
 * Finds the pages of a renewed reader's environment.
 *
 * \retval STEER_OK
 * \retval STEER_EIO  This LMDB is not a 0.9, or its pages are not as expected.
 */
int steer_pages_open(steer_pages_t *pages, const steer_reader_t *reader);

/*! Number of the page that a place is in. */
static inline uint64_t steer_pages_number(const steer_pages_t *pages, const void *at)
{
	return (size_t)((const uint8_t *)at - pages->map) >> pages->shift;
}

/*!
 * Lists the pages freed by the commits after one, up to the reader's.
 *
 * \param[in] reader  Renewed reader.
 * \param[in] since   Transaction id that another reader has held until now.
 * \param[in] freed   Called for each page.
 *
 * \retval STEER_OK, STEER_EIO
 */
int steer_pages_freed(const steer_reader_t *reader, uint64_t since,
                      void (*freed)(void *ctx, uint64_t page), void *ctx);
