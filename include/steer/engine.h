/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The engine: one store, served to the threads of a DNS server.
 *
 * An engine belongs to a store, not to a module instance: opening the same store again gives the
 * same engine, counted, so a reload that overlaps the old and the new instance opens the LMDB
 * environment once (LMDB forbids twice in a process).
 *
 * Threads:  open and close: the thread that loads modules. answer: each worker with a number
 *           of its own; it takes no lock, makes no system call and allocates nothing.
 *           A thread of the engine (the refresher) follows the store's commits. It calls the
 *           host's listeners, so the host makes it one of its own: see
 *           steer_host_thread_begin().
 * Memory:   the engine owns everything; see answer for what a sink may keep (nothing).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "steer/error.h"
#include "steer/reply.h"

typedef struct steer_engine steer_engine_t;

/*!
 * Receives a message of the engine, from a worker or from the refresher.
 *
 * \param[in] ctx       As given to steer_engine_open().
 * \param[in] priority  As of syslog(3).
 * \param[in] text      One line.
 */
typedef void (*steer_log_f)(void *ctx, int priority, const char *text);

/*! What monitoring wants to know of an engine. */
typedef enum {
	STEER_GAUGE_CHANGE_SET,  /*!< Number of the last change set that is served; 0: none. */
	STEER_GAUGE_STALE_SINCE, /*!< Seconds of the Unix epoch since when the store cannot be followed;
	                              0: it is followed. */
	STEER_GAUGES,
} steer_gauge_t;

/*!
 * Receives the value of a gauge: at the opening, and when it changes, mostly from the refresher.
 *
 * \param[in] ctx    As given to steer_engine_open().
 * \param[in] gauge  Which one.
 * \param[in] value  Value.
 */
typedef void (*steer_gauge_f)(void *ctx, steer_gauge_t gauge, uint64_t value);

/*! What an opening wants to be told. It must not call the engine from there. */
typedef struct {
	steer_log_f log;     /*!< Messages go to the newest opening alone; once that is closed, to the
	                          one before. */
	steer_gauge_f gauge; /*!< Gauges go to each. */
	void *ctx;           /*!< Its own. */
} steer_listener_t;

/*!
 * Opens the engine of a store, or takes another reference of it.
 *
 * A store that cannot be opened is no error: the engine says why by the log and tries again every
 * second; until then every question is ENOENT.
 *
 * \param[out] engine    Engine.
 * \param[in]  storage   Directory of the store, absolute.
 * \param[in]  threads   Number of workers, numbered from 0; the same at each opening of a
 *                       process.
 * \param[in]  listener  Copied; it is told until the closing.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EIO  Another limit of the process or the system is reached; the log says which.
 */
int steer_engine_open(steer_engine_t **engine, const char *storage, unsigned threads,
                      const steer_listener_t *listener);

/*!
 * Gives a reference back; the last one stops the refresher and closes the store.
 *
 * When it returns, the context is not used any more.
 *
 * \param[in] engine  Engine, or NULL.
 * \param[in] ctx     Of the listener at the opening.
 */
void steer_engine_close(steer_engine_t *engine, void *ctx);

/*!
 * Answers a question from the current snapshot.
 *
 * \param[in]  engine    Engine.
 * \param[in]  thread    Number of this worker, below threads.
 * \param[in]  question  Question.
 * \param[in]  sink      Takes the RRsets.
 * \param[out] outcome   Response code and flags; on STEER_OK and STEER_ESPACE.
 *                       On STEER_ESERVFAIL, STEER_EDAMAGED and STEER_ENOMEM its error.
 *
 * \retval STEER_OK        Answered.
 * \retval STEER_ESPACE    It does not fit: what the sink has is the answer, to be truncated (TC).
 * \retval STEER_ENOENT    Not a name of ours: the host answers; nothing was put.
 * \retval STEER_ESERVFAIL An alias target is not resolved yet, or a policy wants it: SERVFAIL.
 * \retval STEER_EDAMAGED  The node of this name is damaged: SERVFAIL.
 * \retval STEER_ENOMEM    The sink has no memory: SERVFAIL.
 * \retval STEER_EBUSY     For some milliseconds nobody knows: no answer, the client asks again.
 * \retval STEER_EWORKER   The number is not below threads, so nobody knows whose name it is:
 *                         SERVFAIL, never another zone's answer. Logged once.
 */
int steer_engine_answer(steer_engine_t *engine, unsigned thread, const steer_question_t *question,
                        const steer_sink_t *sink, steer_outcome_t *outcome);

/*!
 * Tells whether an overlay makes a name exist that the host's zone does not have.
 *
 * \param[in] engine    Engine.
 * \param[in] thread    Number of this worker, below threads.
 * \param[in] question  Question that the host found no such name for.
 *
 * \retval STEER_OK      It exists: the answer is NODATA.
 * \retval STEER_ENOENT  It does not, as far as the store knows.
 * \retval STEER_EBUSY, STEER_EWORKER  As steer_engine_answer().
 */
int steer_engine_exists(steer_engine_t *engine, unsigned thread, const steer_question_t *question);

/*!
 * Tells whether a directory holds a store that this program can serve, without opening it.
 *
 * Uses stat, access and reads of plain files alone, so it is safe beside an open store. An empty
 * directory passes: a store is to come there.
 *
 * \param[in]  storage  Directory of the store.
 * \param[out] reason   Why not, one line; on error.
 * \param[in]  size     Size of reason.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EACCES, STEER_EVERSION, STEER_EDAMAGED, STEER_EIO
 */
int steer_engine_check(const char *storage, char *reason, size_t size);

/*!
 * Defined by the host: what a thread that it has not made itself needs before it may call the
 * host's log and monitoring, such as its place in the host's RCU domain.
 *
 * The refresher of each engine calls it before anything else.
 */
void steer_host_thread_begin(void);
/*! Defined by the host: undoes it. The refresher's last call. */
void steer_host_thread_end(void);
