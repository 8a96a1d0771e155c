/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The filter of hosted apexes: most names outside all hosted zones are recognized at once,
 *        and so are zones of the host without hosted ones in them.
 *
 * Its pages are read where they are in the map. A damaged page excludes no name, so that names that
 * hash into it are looked up, as they would be without a filter.
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
	unsigned shift;        /*!< From a hash to the number of its page. */
	unsigned damaged;      /*!< Pages found damaged. */
} steer_apexes_t;

/*!
 * Opens the filter as a reader of the records sees it.
 *
 * \param[in] before  The filter of another reader, which still holds an earlier commit; pages that
 *                    it has as well are not checked again. May be NULL.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EDAMAGED  The number of pages, or their numbering, is not that of a filter.
 */
int steer_apexes_open(steer_apexes_t *apexes, const steer_reader_t *reader,
                      const steer_apexes_t *before);
/*! Hashes that an apex is counted by, at most: its ancestors are the root and two bytes a label. */
#define STEER_APEXES_HASHES (1 + 1 + (STEER_APEXES_ANCESTOR - 1) / 2)

/*! Makes the hashes by which an apex is counted. \return their number */
unsigned steer_apexes_hashes(const uint8_t *apex, size_t len, uint64_t hashes[STEER_APEXES_HASHES]);

/*! May be empty. */
void steer_apexes_close(steer_apexes_t *apexes);

/*! Number of pages. */
static inline size_t steer_apexes_count(const steer_apexes_t *apexes)
{
	return (size_t)1 << (64 - apexes->shift);
}

/*! Position in its page of the counter of a hash. */
static inline size_t steer_apexes_counter(uint64_t hash)
{
	return (hash & UINT32_MAX) * STEER_APEXES_COUNTERS >> 32;
}

/*! Whether an apex may have this hash (steer_name_hash()); false is certain. */
static inline bool steer_apexes_maybe(const steer_apexes_t *apexes, uint64_t hash)
{
	return apexes->pages[hash >> apexes->shift][steer_apexes_counter(hash)] != 0;
}

/*!
 * Whether there may be an apex at or below a name with this hash; false is certain, if the name has
 * at most STEER_APEXES_ANCESTOR bytes.
 */
static inline bool steer_apexes_maybe_within(const steer_apexes_t *apexes, uint64_t hash)
{
	return steer_apexes_maybe(apexes, hash) || steer_apexes_maybe(apexes, ~hash);
}
