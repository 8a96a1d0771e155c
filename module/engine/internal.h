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

/*! What is said of a name once. */
typedef enum {
	STEER_NOTICE_DAMAGED = 2,
	STEER_NOTICE_SIGNED = 4,
} steer_notice_t;
/*! Names that something was said of; of more than these nothing is. */
#define STEER_NOTICE_MAX 64

/*! A store that no other engine of the process may open. */
typedef struct {
	bool made;
	dev_t device;
	ino_t inode;
} steer_claim_t;

/*! Who is told of an engine. */
typedef struct steer_audience {
	struct steer_audience *next;
	steer_listener_t listener;
} steer_audience_t;

struct steer_engine {
	steer_engine_t *next;       /*!< In the registry. */
	unsigned references;
	steer_claim_t held;         /*!< The store that it has open. */
	steer_claim_t wanted;       /*!< One that it is about to open in its place. All up to here is
	                                 guarded by the registry's mutex. */

	char *storage;
	unsigned threads;
	steer_worker_t **workers;
	steer_snapshot_t *live;     /*!< RCU-protected; NULL: no store yet. */
	_Atomic uint64_t notices[STEER_NOTICE_MAX]; /*!< Hashes of names and what was said of them. */
	atomic_bool worker_said;    /*!< That a worker has a number beyond threads. */

	pthread_t refresher;
	bool refresher_runs;
	int stop_fd;                /*!< Eventfd that ends the refresher. */
	int bell_fd;                /*!< Inotify; -1: none, commits are found by the poll. */
	int bell_watch;             /*!< The refresher's, as is all below; -1: nothing is watched. */
	bool bell_said;             /*!< That the doorbell cannot be watched. */
	steer_source_t *source;
	unsigned damaged;           /*!< Pages of the filter of apexes, so that it is said once. */
	bool stuck;                 /*!< The last look for a commit failed. */
	char *said;                 /*!< Last trouble logged, so that it is said once. */
	uint64_t stale_since;       /*!< Seconds of the Unix epoch; 0: the store is followed. */

	pthread_mutex_t audience_mutex;
	steer_audience_t *audience; /*!< The newest one first, which messages go to. */
	uint64_t gauges[STEER_GAUGES];
};

/*! Logs a line. */
__attribute__((format(printf, 3, 4)))
void steer_engine_log(steer_engine_t *engine, int priority, const char *format, ...);
/*! Sets a gauge. */
void steer_engine_gauge(steer_engine_t *engine, steer_gauge_t gauge, uint64_t value);

/*! Looks for a store, or for a newer commit, and publishes what it finds. */
void steer_engine_refresh(steer_engine_t *engine);
/*! Starts and ends the refresher thread. */
int steer_refresher_start(steer_engine_t *engine);
void steer_refresher_stop(steer_engine_t *engine);

/* The registry, see registry.c. */

/*! Another reference of the engine that serves a storage; NULL: there is none. */
steer_engine_t *steer_registry_find(const char *storage);
/*! Lists a new engine, with one reference. */
void steer_registry_add(steer_engine_t *engine);
/*! Gives a reference back; true: it was the last one, and the engine is not listed any more. */
bool steer_registry_remove(steer_engine_t *engine);
/*! Claims a store for an engine, beside the one that it has; false: another one has it. */
bool steer_registry_claim(steer_engine_t *engine, dev_t device, ino_t inode);
/*! Ends what a claim began: the store was opened and the one before closed, or it was not. */
void steer_registry_settle(steer_engine_t *engine, bool opened);
