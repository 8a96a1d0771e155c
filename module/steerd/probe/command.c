/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command: healthy when it exits with 0.
 */
#include <string.h>

#include "steerd/probe/probe.h"

static void on_end(void *ctx, const process_end_t *end)
{
	probe_t *probe = ctx;
	const char *path = probe->definition->command[0];
	const char *colon = end->line[0] != '\0' ? ": " : "", *name;
	probe->state = NULL;
	switch (end->how) {
	case PROCESS_EXITED:
		probe_end(probe, end->status == 0, "%s exited with %d%s%s", path, end->status, colon,
		          end->line);
		break;
	case PROCESS_SIGNALLED:
		name = sigabbrev_np(end->status);
		probe_end(probe, false, "%s was ended by SIG%s%s%s", path, name != NULL ? name : "?",
		          colon, end->line);
		break;
	case PROCESS_FLOODS:
		probe_end(probe, false, "%s has written more than %d bytes", path, PROCESS_OUTPUT);
		break;
	}
}

static void start(probe_t *probe)
{
	const char *const *words = probe->definition->command;
	process_t *process;
	if (!probe->probers->commands) {
		probe_end_inconclusive(probe, "steerd does not run commands without --commands");
		return;
	}
	int err = process_start(&process, &probe->probers->processes, words, on_end, probe);
	if (err != 0) {
		probe_end_errno(probe, words[0], err);
		return;
	}
	probe->state = process;
	probe_limit(probe, probe->definition->timeout, words[0]);
}

static void stop(probe_t *probe)
{
	if (probe->state != NULL) {
		process_kill(probe->state);
	}
}

const probe_kind_t probe_command = { .processes = true, .start = start, .stop = stop };
