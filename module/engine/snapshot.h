/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Snapshots: one version of the store and its health table, for all workers at once.
 *
 * A source is an open store with two banks of readers, a reader for each worker in each. One bank
 * is live; the other is renewed when the store has a newer commit, becomes live by one pointer
 * exchange, and the first is reset when the last worker has left it. All readers of a bank stand
 * on one transaction, so no answer mixes two versions.
 *
 * A place in the map that a worker remembers from one snapshot is often the same in the next ones.
 * The pages that commits have left are marked with the first snapshot without them.
 *
 * Threads:  the refresher alone makes, renews and ends; workers only read what is published.
 * Memory:   a source owns its banks and the snapshots in them.
 */
#pragma once

#include <stdatomic.h>

#include "store/apexes.h"
#include "store/health_table_build.h"
#include "store/pages.h"
#include "store/status.h"
#include "store/store.h"

/*! Marks of pages, several pages to a mark. */
#define STEER_MARKS 8192

typedef struct {
	steer_pages_t pages;
	_Atomic uint64_t left[STEER_MARKS]; /*!< Serial of the last snapshot that lost a page. */
} steer_marks_t;

typedef struct {
	uint64_t id;              /*!< LMDB transaction of the records. */
	uint64_t status_id;       /*!< That of the status. */
	uint64_t sequence;        /*!< Change sets so far. */
	uint64_t checked;         /*!< Change set that changed the health checks last; 0: none. */
	uint64_t hosted;          /*!< That changed which zones are hosted last; 0: none. */
	uint64_t serial;          /*!< Higher for every snapshot published in this process. */
	uint64_t since;           /*!< First snapshot with the same hosted zones, in the same map. */
	const steer_marks_t *marks;
	steer_reader_t **readers; /*!< Of the records, by worker; NULL: being opened anew. */
	steer_reader_t **status;  /*!< Of the status, likewise. */
	steer_apexes_t apexes;    /*!< One of the source's. */
	bool root;                /*!< The root may be hosted: asked of apexes. */
	steer_health_table_build_t health;
} steer_snapshot_t;

typedef struct {
	steer_store_t *store;
	dev_t device;
	ino_t inode;
	unsigned threads;
	bool marked;              /*!< Pages can be told. */
	steer_marks_t marks;
	unsigned live;            /*!< Bank of the last snapshot taken. */
	int64_t expires;          /*!< When a state ends, ms of CLOCK_BOOTTIME; INT64_MAX: none. */
	int64_t wall_ahead;       /*!< Wall clock less boot clock when that was found out, ms. */
	steer_apexes_t apexes[2]; /*!< Of the last snapshots with different ones. */
	steer_snapshot_t bank[2];
} steer_source_t;

/*! Whether a place that was in the snapshot of a serial is the same in this one. */
static inline bool steer_snapshot_has(const steer_snapshot_t *snapshot, const void *at,
                                      uint64_t serial)
{
	if (serial == snapshot->serial) {
		return true;
	}
	uint64_t page = steer_pages_number(&snapshot->marks->pages, at);
	return serial >= snapshot->since &&
	       atomic_load_explicit(&snapshot->marks->left[page % STEER_MARKS],
	                            memory_order_relaxed) <= serial;
}

/*! Opens a store and takes its first snapshot, bank[live]. */
int steer_source_open(steer_source_t **source, const char *storage, unsigned threads,
                      steer_fault_t *fault);
/*! Nobody may be in its snapshots. NULL is fine. */
void steer_source_close(steer_source_t *source);

/*!
 * Takes a snapshot in the idle bank if the store has a newer commit of records or status, a state
 * has ended by itself, or the wall clock was set; then that one is bank[live].
 *
 * \param[out] taken  Whether it did; the former bank must be let go once no worker is in it.
 *
 * \retval STEER_ESPACE  The data has outgrown the map: it must be opened anew, see
 *                       steer_source_can_grow().
 */
int steer_source_refresh(steer_source_t *source, bool *taken, steer_fault_t *fault);
/*!
 * Whether a source that has outgrown its map can be closed in the hope that it can be opened anew.
 */
bool steer_source_can_grow(const steer_source_t *source);
/*! Milliseconds until a state ends by itself; 0 also: the wall clock was set. INT_MAX: longer. */
int steer_source_left(const steer_source_t *source);
/*! Resets the readers of the bank that is not live. */
void steer_source_release(steer_source_t *source);
