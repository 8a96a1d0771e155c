/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <syslog.h>
#include <unistd.h>

#define _LGPL_SOURCE // Read locks inline; our licence allows it.
#include <urcu-bp.h>

#include "engine/internal.h"

/*! Time between looks at the store. */
#define POLL_MS 1000

/*!
 * Makes a snapshot the live one and waits until no worker is in the one before.
 *
 * \note Blocks for a grace period: the refresher, load and unload call it, a worker never does.
 */
static void publish(steer_engine_t *engine, steer_snapshot_t *snapshot)
{
	(void)rcu_xchg_pointer(&engine->live, snapshot); // COMMIT. A full barrier: it is whole.
	synchronize_rcu();
}

/*! Logs trouble, unless it is what was said last; NULL: all is well again. */
static void say(steer_engine_t *engine, const char *text)
{
	if (text != NULL && (engine->said == NULL || strcmp(engine->said, text) != 0)) {
		steer_engine_log(engine, LOG_WARNING, "%s%s", text,
		                 engine->source != NULL ? ", the last good snapshot is served"
		                                        : ", no hosted zones are served");
	}
	free(engine->said);
	engine->said = text != NULL ? strdup(text) : NULL;
}

/*! Opens the store that is at the path now and serves it instead of the one before. */
static void replace_source(steer_engine_t *engine)
{
	steer_fault_t fault;
	steer_source_t *source = NULL;
	if (steer_source_open(&source, engine->storage, engine->threads, &fault) != STEER_OK) {
		say(engine, fault.text);
		return;
	}
	publish(engine, &source->bank[source->live]);
	steer_source_close(engine->source);
	engine->source = source;
	say(engine, NULL);
	steer_engine_log(engine, LOG_INFO, "serving %s", engine->storage);
}

void steer_engine_refresh(steer_engine_t *engine)
{
	dev_t device;
	ino_t inode;
	steer_source_t *source = engine->source;
	bool there = steer_store_identity(engine->storage, &device, &inode) == STEER_OK;
	bool same = there && source != NULL && source->device == device && source->inode == inode;
	if (there && !same && !steer_registry_claim(engine, device, inode)) {
		say(engine, "the store is open already by another path in this process");
		return;
	}
	if (!same) {
		replace_source(engine);
		return;
	}

	steer_fault_t fault;
	bool taken;
	if (steer_store_check(engine->storage, &fault) != STEER_OK ||
	    steer_source_refresh(source, &taken, &fault) != STEER_OK) {
		say(engine, fault.text);
		return;
	}
	if (taken) {
		publish(engine, &source->bank[source->live]);
		steer_source_release(source);
	}
	say(engine, NULL);
}

static void *refresher(void *data)
{
	steer_engine_t *engine = data;
	struct pollfd stop = { .fd = engine->stop_fd, .events = POLLIN };
	steer_host_thread_begin();
	while (poll(&stop, 1, POLL_MS) <= 0) {
		steer_engine_refresh(engine);
	}
	steer_host_thread_end();
	return NULL;
}

int steer_refresher_start(steer_engine_t *engine)
{
	engine->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (engine->stop_fd < 0) {
		return STEER_ENOMEM;
	}
	// The host's signals are the host's: a thread made during a reload has them unblocked.
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int err = pthread_create(&engine->refresher, NULL, refresher, engine);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	engine->refresher_runs = err == 0;
	if (err == 0) {
		(void)pthread_setname_np(engine->refresher, "steer"); // For top -H and debuggers.
	}
	return err == 0 ? STEER_OK : STEER_ENOMEM;
}

void steer_refresher_stop(steer_engine_t *engine)
{
	if (engine->refresher_runs) {
		(void)eventfd_write(engine->stop_fd, 1);
		pthread_join(engine->refresher, NULL);
	}
	if (engine->stop_fd >= 0) {
		close(engine->stop_fd);
	}
	publish(engine, NULL);
	steer_source_close(engine->source);
	free(engine->said);
}
