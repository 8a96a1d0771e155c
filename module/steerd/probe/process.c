/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct process {
	LIST_ENTRY(process) entry;
	processes_t *processes;
	process_done_f done; /*!< NULL: nobody wants to know, and it was killed. */
	void *ctx;
	pid_t pid;
	int pidfd;
	ev_io exited;
	int output;     /*!< Read end of the pipe; -1: closed. */
	ev_io readable;
	size_t written;
	size_t line_len;
	bool line_ended;
	char line[PROCESS_LINE];
};

static void close_output(process_t *process)
{
	if (process->output >= 0) {
		ev_io_stop(process->processes->loop, &process->readable);
		close(process->output);
		process->output = -1;
	}
}

static void free_process(process_t *process)
{
	close_output(process);
	ev_io_stop(process->processes->loop, &process->exited);
	close(process->pidfd);
	LIST_REMOVE(process, entry);
	process->processes->count--;
	free(process);
}

void process_kill(process_t *process)
{
	process->done = NULL;
	close_output(process);
	(void)kill(-process->pid, SIGKILL); // The number is its own until it is waited for.
}

void processes_close(processes_t *processes)
{
	process_t *process;
	while ((process = LIST_FIRST(&processes->list)) != NULL) {
		process_kill(process);
		free_process(process);
	}
}

/* Output. */

/*! Keeps the first line that is not empty, as far as it fits. */
static void keep_line(process_t *process, const char *text, size_t len)
{
	for (size_t i = 0; i < len && !process->line_ended; i++) {
		if (text[i] == '\n') {
			process->line_ended = process->line_len > 0;
		} else if (process->line_len < sizeof(process->line) - 1) {
			process->line[process->line_len++] = text[i];
		}
	}
}

/*! Reads once. \return whether there may be more now */
static bool read_output(process_t *process)
{
	char buf[65536];
	ssize_t len = process->output >= 0 ? read(process->output, buf, sizeof(buf)) : 0;
	if (len > 0) {
		keep_line(process, buf, len);
		process->written += len;
	} else if (len == 0 || (errno != EAGAIN && errno != EINTR)) {
		close_output(process);
	}
	return len > 0 && process->written <= PROCESS_OUTPUT;
}

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	process_t *process = io->data;
	(void)read_output(process);
	if (process->written > PROCESS_OUTPUT) {
		const process_end_t end = { .how = PROCESS_FLOODS, .line = process->line };
		process_done_f done = process->done;
		process_kill(process);
		done(process->ctx, &end);
	}
}

/* The end. */

static void on_exited(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	process_t *process = io->data;
	siginfo_t info = { .si_code = CLD_EXITED };
	while (read_output(process)) {
	}
	(void)kill(-process->pid, SIGKILL);
	(void)waitid(P_PIDFD, process->pidfd, &info, WEXITED);
	if (process->done != NULL) {
		const process_end_t end = {
			.how = info.si_code == CLD_EXITED ? PROCESS_EXITED : PROCESS_SIGNALLED,
			.status = info.si_status, .line = process->line,
		};
		process->done(process->ctx, &end);
	}
	free_process(process);
}

/* The beginning. */

/*! Prepares what the process has: a pipe for its output, and nothing else of this one. */
static int set_files(posix_spawn_file_actions_t *files, int output)
{
	int err = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (err == 0) {
		err = posix_spawn_file_actions_adddup2(files, output, STDOUT_FILENO);
	}
	if (err == 0) {
		err = posix_spawn_file_actions_adddup2(files, output, STDERR_FILENO);
	}
	if (err == 0) {
		err = posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
	}
	return err == 0 ? posix_spawn_file_actions_addchdir_np(files, "/") : err;
}

/*! Prepares a group of its own, and signals that are neither ignored nor blocked. */
static void set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t all, none;
	sigfillset(&all);
	sigemptyset(&none);
	(void)posix_spawnattr_setsigdefault(attributes, &all);
	(void)posix_spawnattr_setsigmask(attributes, &none);
	(void)posix_spawnattr_setpgroup(attributes, 0);
	(void)posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
	                               POSIX_SPAWN_SETSIGMASK);
}

static int spawn(pid_t *pid, const char *const *words, int output)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	static char lang[] = "LANG=C";
	char *const environment[] = { path, lang, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int err = posix_spawn_file_actions_init(&files);
	if (err != 0) {
		return err;
	}
	err = posix_spawnattr_init(&attributes);
	if (err == 0) {
		set_attributes(&attributes);
		err = set_files(&files, output);
		if (err == 0) {
			err = posix_spawn(pid, words[0], &files, &attributes, (char *const *)words,
			                  environment);
		}
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&files);
	return err;
}

/*! Spawns the process, and gets its pidfd. */
static int run(process_t *process, const char *const *words, int output)
{
	int err = spawn(&process->pid, words, output);
	if (err != 0) {
		return err;
	}
	process->pidfd = pidfd_open(process->pid, 0);
	if (process->pidfd < 0) {
		err = errno;
		(void)kill(-process->pid, SIGKILL);
		(void)waitpid(process->pid, NULL, 0);
	}
	return err;
}

/*! Spawns the process with a pipe. */
static int run_piped(process_t *process, const char *const *words)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0) {
		return errno;
	}
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	int err = run(process, words, ends[1]);
	close(ends[1]);
	if (err != 0) {
		close(ends[0]);
		return err;
	}
	process->output = ends[0];
	return 0;
}

static void watch(process_t *process)
{
	ev_io_init(&process->readable, on_readable, process->output, EV_READ);
	ev_io_init(&process->exited, on_exited, process->pidfd, EV_READ);
	process->readable.data = process->exited.data = process;
	ev_io_start(process->processes->loop, &process->readable);
	ev_io_start(process->processes->loop, &process->exited);
}

int process_start(process_t **process, processes_t *processes, const char *const *words,
                  process_done_f done, void *ctx)
{
	if (processes->count >= PROCESSES_MAX) {
		return EAGAIN;
	}
	process_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		return ENOMEM;
	}
	int err = run_piped(new, words);
	if (err != 0) {
		free(new);
		return err;
	}
	new->processes = processes;
	new->done = done;
	new->ctx = ctx;
	LIST_INSERT_HEAD(&processes->list, new, entry);
	processes->count++;
	watch(new);
	*process = new;
	return 0;
}
