/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the files of this room share.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "engine/cache.h"
#include "engine/snapshot.h"
#include "steer/engine.h"

/*! Messages about a name that are logged once. */
typedef enum {
	STEER_NOTICE_DAMAGED = 2,
	STEER_NOTICE_SIGNED = 4,
} steer_notice_t;
/*! Messages about names that are remembered as logged; beyond these none is logged. */
#define STEER_NOTICE_MAX 64

/*! A store that no other engine of the process may open. */
typedef struct {
	bool made;
	dev_t device;
	ino_t inode;
} steer_claim_t;

/*! A listener of an engine. */
typedef struct steer_listener_entry {
	struct steer_listener_entry *next;
	steer_listener_t listener;
} steer_listener_entry_t;

struct steer_engine {
	steer_engine_t *next;       /*!< In the registry. */
	unsigned references;
	steer_claim_t held;         /*!< The store that is open. */
	steer_claim_t wanted;       /*!< The one about to be opened in its place. Everything up to here
	                                 is guarded by the registry's mutex. */

	char *storage;
	unsigned threads;
	steer_worker_t **workers;
	steer_snapshot_t *live;     /*!< RCU-protected; NULL: no store yet. */
	_Atomic uint64_t notices[STEER_NOTICE_MAX]; /*!< Hashes of name and message; 0: free. */
	atomic_bool worker_logged;  /*!< That a worker's number is out of range. */

	pthread_t refresher;
	bool refresher_runs;
	int stop_fd;                /*!< Eventfd that ends the refresher. */
	int bell_fd;                /*!< Inotify; -1: none, commits are found by polling. */
	int bell_watch;             /*!< -1: nothing is watched. From here to stale_since, the
	                                 refresher alone reads and writes. */
	bool bell_logged;           /*!< That the doorbell cannot be watched. */
	steer_source_t *source;
	unsigned damaged;           /*!< Pages of the apex filter that were logged as damaged. */
	bool steerd_silent;         /*!< As it was logged last. */
	bool look_failed;           /*!< The last look for a commit failed. */
	char *last_fault;           /*!< The fault logged last, so that it is logged once. */
	uint64_t stale_since;       /*!< Seconds since the Unix epoch; 0: the store is followed. */

	pthread_mutex_t listeners_mutex;
	steer_listener_entry_t *listeners; /*!< Newest first; messages go to that one. */
	uint64_t gauges[STEER_GAUGES];
};

/*! Logs a line. */
__attribute__((format(printf, 3, 4)))
void steer_engine_log(steer_engine_t *engine, int priority, const char *format, ...);
/*! Sets a gauge. */
void steer_engine_gauge(steer_engine_t *engine, steer_gauge_t gauge, uint64_t value);

/*! Looks for a store or a newer commit and publishes what it finds. */
void steer_engine_refresh(steer_engine_t *engine);
/*! Starts the refresher thread. */
int steer_refresher_start(steer_engine_t *engine);
/*! Stops the refresher thread and closes the store. */
void steer_refresher_stop(steer_engine_t *engine);

/* The registry, see registry.c. */

/*! Takes a reference to the engine that serves a storage; NULL: there is none. */
steer_engine_t *steer_registry_find(const char *storage);
/*! Adds a new engine, with one reference. */
void steer_registry_add(steer_engine_t *engine);
/*! Drops a reference; true: it was the last one, and the engine is no longer listed. */
bool steer_registry_remove(steer_engine_t *engine);
/*! Claims a store for an engine, in addition to the one it holds; false: another engine has it. */
bool steer_registry_claim(steer_engine_t *engine, dev_t device, ino_t inode);
/*! Settles a claim: opened says whether the store now replaces the one held before. */
void steer_registry_settle(steer_engine_t *engine, bool opened);
