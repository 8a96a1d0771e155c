/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Snapshots: one version of the store, for all workers at once.
 *
 * A source is an open store with two banks of readers, a reader for each worker in each. One bank
 * is live; the other is renewed when the store has a newer commit, becomes live by one pointer
 * exchange, and the first is reset when the last worker has left it. All readers of a bank stand
 * on one transaction, so no answer mixes two versions.
 *
 * Threads:  the refresher alone makes, renews and ends; workers only read what is published.
 * Memory:   a source owns its banks and the snapshots in them.
 */
#pragma once

#include "store/apexes.h"
#include "store/store.h"

typedef struct {
	uint64_t id;              /*!< LMDB transaction. */
	uint64_t serial;          /*!< Different for every snapshot published in this process. */
	steer_reader_t **readers; /*!< By worker. */
	steer_apexes_t apexes;
} steer_snapshot_t;

typedef struct {
	steer_store_t *store;
	dev_t device;
	ino_t inode;
	unsigned threads;
	unsigned live;            /*!< Bank of the last snapshot taken. */
	steer_snapshot_t bank[2];
} steer_source_t;

/*! Opens a store and takes its first snapshot, bank[live]. */
int steer_source_open(steer_source_t **source, const char *storage, unsigned threads,
                      steer_fault_t *fault);
/*! Nobody may be in its snapshots. NULL is fine. */
void steer_source_close(steer_source_t *source);

/*!
 * Takes a snapshot in the idle bank if the store has a newer commit; then that one is bank[live].
 *
 * \param[out] taken  Whether it did; the former bank must be let go once no worker is in it.
 */
int steer_source_refresh(steer_source_t *source, bool *taken, steer_fault_t *fault);
/*! Resets the readers of the bank that is not live. */
void steer_source_release(steer_source_t *source);
