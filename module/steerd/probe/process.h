/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Processes: started without a shell, their output and their end.
 *
 * A process has nothing of this one but a pipe for its output, and leads a group of its own, which
 * is killed when it has exited or is no longer wanted: nothing that it has started stays, unless it
 * has left the group.
 *
 * Threads:  the loop's, which must not wait for children by itself.
 * Memory:   its own; a process ends before its callback is called, or by process_kill().
 */
#pragma once

#include <ev.h>
#include <stdbool.h>
#include <sys/queue.h>

/*! Processes at the same time, with those that were killed and have not ended. */
#define PROCESSES_MAX 128
/*! Bytes that a process may write. */
#define PROCESS_OUTPUT (1 << 20)
/*! Size of the kept line; a longer one is cut. */
#define PROCESS_LINE 256

typedef struct process process_t;

typedef struct {
	struct ev_loop *loop;
	unsigned count;
	LIST_HEAD(, process) list;
} processes_t;

typedef struct {
	enum {
		PROCESS_EXITED,
		PROCESS_SIGNALLED,
		PROCESS_FLOODS, /*!< It has written too much, and is killed. */
	} how;
	int status;       /*!< Exit status or signal. */
	const char *line; /*!< The first line written that is not empty. */
} process_end_t;

/*! Takes the end of a process, which is gone then. */
typedef void (*process_done_f)(void *ctx, const process_end_t *end);

/*!
 * Starts one.
 *
 * \param[in] words  Path and arguments, ended by NULL.
 *
 * \return 0, or an error of the system; EAGAIN also for too many processes
 */
int process_start(process_t **process, processes_t *processes, const char *const *words,
                  process_done_f done, void *ctx);
/*! Kills one, without its end being told. */
void process_kill(process_t *process);
/*! Kills and forgets all. */
void processes_close(processes_t *processes);
