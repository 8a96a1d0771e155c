/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The engine: one store, served to the threads of a DNS server.
 *
 * An engine belongs to a store, not to a module instance: opening the same store again yields
 * another reference to the same engine. So a process opens the LMDB environment only once, as LMDB
 * demands, even while a reload has both the old and the new instance.
 *
 * Threads:  open and close: the thread that loads modules. answer: each worker, with a number of
 *           its own; it takes no lock, makes no system call and allocates nothing.
 *           A thread of the engine, the refresher, follows the commits to the store. It calls the
 *           listeners of the host, which prepares it for that: see steer_host_thread_begin().
 * Memory:   the engine owns everything. A sink may keep nothing that it is given.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "steer/error.h"
#include "steer/reply.h"

/*! An engine. */
typedef struct steer_engine steer_engine_t;

/*!
 * Receives a message of the engine, from a worker or from the refresher.
 *
 * \param[in] ctx       As given to steer_engine_open().
 * \param[in] priority  As in syslog(3).
 * \param[in] text      One line.
 */
typedef void (*steer_log_f)(void *ctx, int priority, const char *text);

/*! Gauges: what monitoring wants to know about an engine. */
typedef enum {
	STEER_GAUGE_CHANGE_SET,  /*!< Number of the last change set served; 0: none. */
	STEER_GAUGE_STALE_SINCE, /*!< When the store ceased to be followed, in seconds of the Unix
	                              epoch; 0: it is followed. */
	STEER_GAUGE_STEERD_SILENT_SINCE, /*!< When the silent steerd of the store was last heard of,
	                                      likewise; 0: it is not silent. */
	STEER_GAUGES,
} steer_gauge_t;

/*!
 * Receives the value of a gauge: on opening, and when it changes, usually from the refresher.
 *
 * \param[in] ctx    As given to steer_engine_open().
 * \param[in] gauge  Gauge.
 * \param[in] value  Its value.
 */
typedef void (*steer_gauge_f)(void *ctx, steer_gauge_t gauge, uint64_t value);

/*! Who receives messages and gauges. These functions must not call the engine. */
typedef struct {
	steer_log_f log;     /*!< Messages go only to the newest listener; once that is closed, to the
	                          one before it. */
	steer_gauge_f gauge; /*!< Gauges go to every listener. */
	void *ctx;           /*!< Passed to both. */
} steer_listener_t;

/*!
 * Opens the engine of a store, or takes another reference to it.
 *
 * A store that cannot be opened is not an error: the engine logs why and tries again every second;
 * until it succeeds, every question yields STEER_ENOENT.
 *
 * \param[out] engine    Engine.
 * \param[in]  storage   Directory of the store, absolute.
 * \param[in]  threads   Number of workers, numbered from 0; the same for each opening in a
 *                       process.
 * \param[in]  listener  Copied; it is called until it is closed.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EIO  Another limit of the process or the system was reached; the log has which.
 */
int steer_engine_open(steer_engine_t **engine, const char *storage, unsigned threads,
                      const steer_listener_t *listener);

/*!
 * Releases a reference; with the last one the refresher stops and the store is closed.
 *
 * Once it has returned, the context is no longer used.
 *
 * \param[in] engine  Engine; may be NULL.
 * \param[in] ctx     Of the listener given on opening.
 */
void steer_engine_close(steer_engine_t *engine, void *ctx);

/*!
 * Answers a question from the current snapshot.
 *
 * \param[in]  engine    Engine.
 * \param[in]  thread    Number of this worker, below threads.
 * \param[in]  question  Question.
 * \param[in]  sink      Receives the RRsets.
 * \param[out] outcome   Response code and flags on STEER_OK and STEER_ESPACE; on STEER_ESERVFAIL,
 *                       STEER_EDAMAGED and STEER_ENOMEM only its error.
 *
 * \retval STEER_OK        Answered.
 * \retval STEER_ESPACE    It does not fit: what the sink has received is the truncated answer (TC).
 * \retval STEER_ENOENT    Not a name of ours: the host answers; nothing was put.
 * \retval STEER_ESERVFAIL An alias target is not resolved yet, or by a policy: SERVFAIL.
 * \retval STEER_EDAMAGED  The node of this name is damaged: SERVFAIL.
 * \retval STEER_ENOMEM    The sink has no memory: SERVFAIL.
 * \retval STEER_EBUSY     Not known for some milliseconds: no answer, so that the client retries.
 * \retval STEER_EWORKER   The number is not below threads, so it cannot be known whose name it is:
 *                         SERVFAIL, never another zone's answer. Logged once.
 */
int steer_engine_answer(steer_engine_t *engine, unsigned thread, const steer_question_t *question,
                        const steer_sink_t *sink, steer_outcome_t *outcome);

/*!
 * Whether an overlay makes a name exist that the host's zone does not have.
 *
 * \param[in] engine    Engine.
 * \param[in] thread    Number of this worker, below threads.
 * \param[in] question  Question for which the host found no such name.
 *
 * \retval STEER_OK      It exists: the answer is NODATA.
 * \retval STEER_ENOENT  It does not, as far as the store knows.
 * \retval STEER_EBUSY, STEER_EWORKER  As steer_engine_answer().
 */
int steer_engine_exists(steer_engine_t *engine, unsigned thread, const steer_question_t *question);

/*!
 * Whether a directory holds a store that this program can serve, without opening it.
 *
 * It only uses stat, access and reads of plain files, so it is safe while the store is open. An
 * empty directory passes: a store may be created there later.
 *
 * \param[in]  storage  Directory of the store.
 * \param[out] reason   On error: why not, in one line.
 * \param[in]  size     Size of reason.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EACCES, STEER_EVERSION, STEER_EDAMAGED, STEER_EIO
 */
int steer_engine_check(const char *storage, char *reason, size_t size);

/*!
 * Defined by the host: prepares a thread that the host has not created to call its log and its
 * monitoring, for example by registering it with the host's RCU.
 *
 * The refresher of each engine calls it before anything else.
 */
void steer_host_thread_begin(void);
/*! Defined by the host: undoes that. It is the last call of the refresher. */
void steer_host_thread_end(void);
