/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The filter of hosted apexes: tells most names that no hosted zone encloses at once.
 *
 * Its pages are read where they lie in the map. A damaged page denies no name, so that names that
 * fall into it are looked up, as they would be without a filter.
 *
 * Threads:  pure reads of the map.
 * Memory:   pages are borrowed from the reader they were opened with.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

typedef struct {
	const uint8_t **pages; /*!< Counters of each. */
	unsigned shift;        /*!< Of a hash, to the number of its page. */
	unsigned damaged;      /*!< Pages found damaged. */
} steer_apexes_t;

/*!
 * Opens the filter as a reader of the records sees it.
 *
 * \param[in] before  The filter of another reader that still stands on an earlier commit, or NULL:
 *                    pages that it has too are not checked again.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EDAMAGED  The pages are not as many, or not numbered, as those of a filter.
 */
int steer_apexes_open(steer_apexes_t *apexes, const steer_reader_t *reader,
                      const steer_apexes_t *before);
/*! An empty one is fine. */
void steer_apexes_close(steer_apexes_t *apexes);

/*! Number of pages. */
static inline size_t steer_apexes_count(const steer_apexes_t *apexes)
{
	return (size_t)1 << (64 - apexes->shift);
}

/*! Where in its page the counter of a hash (steer_name_hash()) is. */
static inline size_t steer_apexes_counter(uint64_t hash)
{
	return (hash & UINT32_MAX) * STEER_APEXES_COUNTERS >> 32;
}

/*! Whether an apex may have a name of this hash; false is certain. */
static inline bool steer_apexes_maybe(const steer_apexes_t *apexes, uint64_t hash)
{
	return apexes->pages[hash >> apexes->shift][steer_apexes_counter(hash)] != 0;
}
