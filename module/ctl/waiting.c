/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The message is written by a signal handler: LMDB waits in a call that nothing else can interrupt.
 * The handler interrupts only LMDB, and what it calls allocates nothing and takes no lock.
 */
#include "ctl/waiting.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/utf8.h"
#include "store/store.h"

#define COMMAND_MAX 200 /*!< Bytes shown of a command line. */
#define COMMAND_TEXT (STEER_MASKED(COMMAND_MAX) + 8)

static bool on_terminal; /*!< There may be a line of progress. */

/*! Writes the command line of a process, as " (COMMAND)"; "" if it cannot be read. */
static void command_of(pid_t pid, char text[COMMAND_TEXT])
{
	char path[32], words[COMMAND_MAX + 1], masked[STEER_MASKED(COMMAND_MAX)];
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, words, sizeof(words)) : 0;
	if (fd >= 0) {
		close(fd);
	}
	text[0] = '\0';
	if (len <= 1) {
		return;
	}
	bool cut = len == sizeof(words);
	len--; // The zero byte after the last word, or the byte that shows that there is more.
	for (char *at = words; (at = memchr(at, '\0', words + len - at)) != NULL; ) {
		*at = ' ';
	}
	steer_utf8_mask(masked, sizeof(masked), words, len);
	snprintf(text, COMMAND_TEXT, " (%s%s)", masked, cut ? "..." : "");
}

static void tell(int signal)
{
	(void)signal;
	int error = errno;
	char who[32] = "another process", command[COMMAND_TEXT] = "", line[COMMAND_TEXT + 128];
	pid_t pid = steer_store_writer();
	if (pid > 0) {
		snprintf(who, sizeof(who), "process %d", (int)pid);
		command_of(pid, command);
	}
	int len = snprintf(line, sizeof(line), "%ssteerctl: waiting for %s%s, which is changing the "
	                   "store\n",
	                   on_terminal ? "\r\033[K" : "", who, command);
	(void)!write(STDERR_FILENO, line, len);
	errno = error;
}

static void on_waiting(bool begins)
{
	alarm(begins ? 1 : 0);
}

void waiting_tell(void)
{
	const struct sigaction action = { .sa_handler = tell, .sa_flags = SA_RESTART };
	on_terminal = isatty(STDERR_FILENO);
	if (sigaction(SIGALRM, &action, NULL) == 0) {
		steer_store_on_waiting(on_waiting);
	}
}
