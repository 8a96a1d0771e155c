/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Snapshots: one version of the store, of its health table and of its maps, shared by all
 *        workers.
 *
 * A source is an open store with two banks of readers. Each bank has one reader per worker, and one
 * of the maps: they are open, so workers need no reader to look into them. One bank is live. When
 * the store has a newer commit, the other is renewed and made live by one pointer exchange; the
 * first is reset once the last worker has left it. All readers of a bank share one transaction, so
 * no answer mixes two versions.
 *
 * An address in the map that a worker cached in one snapshot often holds the same data in later
 * ones. Pages that commits have freed are marked with the first snapshot that lacks them.
 *
 * Threads:  only the refresher creates, renews and closes; workers only read what is published.
 * Memory:   a source owns its banks and the snapshots in them.
 */
#pragma once

#include <stdatomic.h>

#include "store/apexes.h"
#include "store/btree.h"
#include "store/health_follow.h"
#include "store/map_set.h"
#include "store/silence.h"
#include "store/status.h"
#include "store/store.h"

/*! Number of marks; several pages share one. */
#define STEER_MARKS 8192

/*! Which snapshots pages were freed by. */
typedef struct {
	steer_pages_t pages;
	_Atomic uint64_t left[STEER_MARKS]; /*!< Serial of the last snapshot that lost such a page. */
} steer_marks_t;

/*! One version of a store. */
typedef struct {
	uint64_t id;              /*!< LMDB transaction of the records. */
	uint64_t status_id;       /*!< LMDB transaction of the status. */
	uint64_t maps_id;         /*!< LMDB transaction of the maps; 0: there never were any. */
	uint64_t sequence;        /*!< Number of the last change set. */
	uint64_t checked;         /*!< Last change set that changed health checks; 0: none. */
	uint64_t hosted;          /*!< Last one that changed which zones are hosted; 0: none. */
	uint64_t serial;          /*!< Rises with every version of records published in this process. */
	uint64_t status_serial;   /*!< Likewise, with every version of the status. */
	uint64_t policy_serial;   /*!< Likewise, with every health table and every set of maps. */
	uint64_t since;           /*!< First snapshot with the same hosted zones, in the same map. */
	const steer_marks_t *marks;
	steer_reader_t **readers; /*!< Of the records, by worker; NULL: being reopened. */
	steer_btree_t nodes;      /*!< Of the records. */
	bool has_nodes;           /*!< Whether nodes is known; else readers must find them. */
	steer_reader_t **status;  /*!< Of the status, by worker. */
	steer_apexes_t apexes;    /*!< One of the source's. */
	bool root;                /*!< The root may be hosted, as apexes says. */
	const steer_map_set_t *maps; /*!< One of the source's. */
	const steer_health_table_t *health_table; /*!< One of the source's. */
	steer_silence_t silence;  /*!< Of steerd. */
} steer_snapshot_t;

/*! An open store and its two banks. */
typedef struct {
	steer_store_t *store;
	dev_t device;
	ino_t inode;
	unsigned threads;
	bool marked;              /*!< The pages freed by a commit can be listed. */
	steer_marks_t marks;
	unsigned live;            /*!< Bank of the last snapshot taken. */
	int64_t expires;          /*!< When a state expires or steerd becomes silent, ms of
	                               CLOCK_BOOTTIME; INT64_MAX: never. */
	int64_t wall_ahead;       /*!< Wall clock minus boot clock when that was computed, ms. */
	steer_apexes_t apexes[2]; /*!< Those of the last two versions. */
	steer_reader_t *maps[2];  /*!< Of the maps, by bank; NULL: there never were any. */
	steer_map_set_t map_sets[2]; /*!< Those of the last two versions. */
	steer_health_table_build_t health_tables[2]; /*!< Likewise. */
	steer_health_follow_t health_follow; /*!< Of the last one. */
	steer_snapshot_t bank[2];
} steer_source_t;

/*! Whether an address in the map has the same data as in the earlier snapshot of a serial. */
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
/*! Closes a source; no worker may be in its snapshots. NULL is fine. */
void steer_source_close(steer_source_t *source);

/*!
 * Takes a snapshot in the idle bank, which becomes bank[live], if the store has a newer commit of
 * records, status or maps, a state has expired, or the wall clock was set.
 *
 * \param[out] taken  Whether it did; then steer_source_release() must follow once no worker is in
 *                    the former bank.
 *
 * \retval STEER_ESPACE  The data has outgrown the map: the store must be reopened, see
 *                       steer_source_can_grow().
 */
int steer_source_refresh(steer_source_t *source, bool *taken, steer_fault_t *fault);
/*! Whether a source has open what is in the store's directory; else it must be reopened. */
bool steer_source_is_current(const steer_source_t *source);
/*! Whether there is room to reopen a source that has outgrown its map. */
bool steer_source_can_grow(const steer_source_t *source);
/*! Milliseconds until a state expires, at most INT_MAX; also 0 if the wall clock was set. */
int steer_source_time_left(const steer_source_t *source);
/*! Resets the readers of the idle bank. */
void steer_source_release(steer_source_t *source);
