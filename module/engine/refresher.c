/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define _LGPL_SOURCE // Read locks inline; our licence allows it.
#include <urcu-bp.h>

#include "engine/internal.h"

/*! Time between whole looks at the store; also the net below the doorbell. */
#define POLL_MS 1000
/*! Time between looks after a ring: they find a busy writer's next commit before its ring. */
#define AGAIN_MS    1
#define AGAIN_TIMES 20

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

/*! Says how many pages of the filter of apexes are damaged, when it is more than before. */
static void say_damaged(steer_engine_t *engine, unsigned damaged)
{
	if (damaged > engine->damaged) {
		steer_engine_log(engine, LOG_WARNING, "damaged pages in the filter of hosted zones: %u; "
		                 "other names take longer, run 'steerctl check'", damaged);
	}
	engine->damaged = damaged;
}

/*! Makes the snapshot that a source has taken the live one, and says so to monitoring. */
static void serve(steer_engine_t *engine, steer_source_t *source)
{
	steer_snapshot_t *snapshot = &source->bank[source->live];
	publish(engine, snapshot);
	say_damaged(engine, snapshot->apexes.damaged);
	steer_engine_gauge(engine, STEER_GAUGE_CHANGE_SET, snapshot->sequence);
}

/*! Says that the store cannot be followed, once for each reason; NULL: it can. */
static void say(steer_engine_t *engine, const char *text)
{
	if (text != NULL && (engine->said == NULL || strcmp(engine->said, text) != 0)) {
		steer_engine_log(engine, LOG_WARNING, "%s%s", text,
		                 engine->source != NULL ? ", the last good snapshot is served"
		                                        : ", no hosted zones are served");
	}
	free(engine->said);
	engine->said = text != NULL ? strdup(text) : NULL;
	if (text == NULL || engine->stale_since == 0) {
		engine->stale_since = text != NULL ? time(NULL) : 0;
	}
	steer_engine_gauge(engine, STEER_GAUGE_STALE_SINCE, engine->stale_since);
}

/*! Opens the store that is at the path now and serves it instead of the one before. */
static bool replace_source(steer_engine_t *engine)
{
	steer_fault_t fault;
	steer_source_t *source = NULL;
	if (steer_source_open(&source, engine->storage, engine->threads, &fault) != STEER_OK) {
		say(engine, fault.text);
		return false;
	}
	serve(engine, source);
	steer_source_close(engine->source);
	engine->source = source;
	say(engine, NULL);
	steer_engine_log(engine, LOG_INFO, "serving %s", engine->storage);
	return true;
}

/*!
 * Opens the store anew that has outgrown its map.
 *
 * LMDB can neither enlarge a map under its readers nor open a store twice, so for some milliseconds
 * there is no snapshot, and no answer rather than a wrong one.
 */
static void reopen_source(steer_engine_t *engine)
{
	static steer_snapshot_t none; // Without readers.
	publish(engine, &none);
	steer_source_close(engine->source);
	engine->source = NULL;
	if (!replace_source(engine)) {
		publish(engine, NULL);
		steer_engine_gauge(engine, STEER_GAUGE_CHANGE_SET, 0);
	}
}

/*! Takes the newest commit of the store that is open. */
static int take_commit(steer_engine_t *engine, steer_fault_t *fault)
{
	bool taken;
	steer_source_t *source = engine->source;
	int ret = steer_source_refresh(source, &taken, fault);
	if (ret == STEER_OK && taken) {
		serve(engine, source);
		steer_source_release(source);
	}
	engine->stuck = ret != STEER_OK;
	return ret;
}

/*! Watches the doorbell that is at the path now. */
static void watch_doorbell(steer_engine_t *engine)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/%s", engine->storage, STEER_DOORBELL_FILE);
	int watch = len >= (int)sizeof(path) ? -1
	            : inotify_add_watch(engine->bell_fd, path, IN_ATTRIB | IN_DONT_FOLLOW);
	if (engine->bell_watch >= 0 && engine->bell_watch != watch) {
		(void)inotify_rm_watch(engine->bell_fd, engine->bell_watch);
	}
	engine->bell_watch = watch;
}

/*! Says once that commits are found by the poll alone. */
static void say_no_doorbell(steer_engine_t *engine)
{
	bool watched = engine->bell_watch >= 0;
	if (!watched && engine->source != NULL && !engine->bell_said) {
		steer_engine_log(engine, LOG_WARNING, "%s/%s cannot be watched, changes take up to %u ms",
		                 engine->storage, STEER_DOORBELL_FILE, POLL_MS);
		engine->bell_said = true;
	}
	engine->bell_said = engine->bell_said && !watched;
}

/*! Opens a store, unless it is open in this process: LMDB forbids to open it twice. */
static void claim_source(steer_engine_t *engine, dev_t device, ino_t inode)
{
	if (steer_registry_claim(engine, device, inode)) {
		steer_registry_settle(engine, replace_source(engine));
	} else {
		say(engine, "the store is open already by another path in this process");
	}
}

static void refresh(steer_engine_t *engine)
{
	dev_t device;
	ino_t inode;
	steer_fault_t fault;
	const steer_source_t *source = engine->source;
	bool there = steer_store_identity(engine->storage, &device, &inode) == STEER_OK;
	bool same = there && source != NULL && source->device == device && source->inode == inode;
	if (there && !same) {
		claim_source(engine, device, inode);
		return;
	}
	int ret = steer_store_precheck(engine->storage, &fault);
	if (ret == STEER_OK && !there) {
		return; // It came back just now: the next look opens it.
	}
	if (ret == STEER_OK) {
		ret = take_commit(engine, &fault);
	}
	if (ret == STEER_ESPACE && steer_source_can_grow(source)) {
		reopen_source(engine);
		return;
	}
	if (ret == STEER_OK && engine->stale_since != 0) {
		steer_engine_log(engine, LOG_NOTICE, "following %s again", engine->storage);
	}
	say(engine, ret == STEER_OK ? NULL : fault.text);
}

void steer_engine_refresh(steer_engine_t *engine)
{
	watch_doorbell(engine); // Before the look, so that no commit falls between them.
	engine->stuck = false;
	refresh(engine);
	say_no_doorbell(engine);
}

/*! Looks for a commit alone; what goes wrong here, the next whole look finds too, and says. */
static void look(steer_engine_t *engine)
{
	steer_fault_t fault;
	if (engine->source != NULL) {
		(void)take_commit(engine, &fault);
	}
}

/*! Waits for the end (false), a ring, or until the time is over. */
static bool wait_for_ring(steer_engine_t *engine, int timeout_ms, bool *rung)
{
	struct pollfd fds[] = {
		{ .fd = engine->stop_fd, .events = POLLIN },
		{ .fd = engine->bell_fd, .events = POLLIN },
	};
	*rung = poll(fds, 2, timeout_ms) > 0 && (fds[1].revents & POLLIN);
	if (*rung) {
		char events[4096];
		while (read(engine->bell_fd, events, sizeof(events)) > 0) {
		}
	}
	return !(fds[0].revents & POLLIN);
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/*!
 * Time until a health state ends by itself, at most that between whole looks.
 *
 * When a look has failed, the end that it was for stays due: the next whole look is soon enough.
 */
static int time_left(const steer_engine_t *engine)
{
	bool known = engine->source != NULL && !engine->stuck;
	int left = known ? steer_source_time_left(engine->source) : POLL_MS;
	return left < POLL_MS ? left : POLL_MS;
}

static void *refresher(void *data)
{
	steer_engine_t *engine = data;
	unsigned again = 0;
	int64_t whole = now_ms(); // The last whole look, which no number of rings puts off.
	bool rung;
	steer_host_thread_begin();
	while (wait_for_ring(engine, again > 0 ? AGAIN_MS : time_left(engine), &rung)) {
		if ((rung || again > 0 || time_left(engine) == 0) && now_ms() - whole < POLL_MS) {
			look(engine);
		} else {
			steer_engine_refresh(engine);
			whole = now_ms();
		}
		again = rung ? AGAIN_TIMES : again > 0 ? again - 1 : 0;
	}
	steer_host_thread_end();
	return NULL;
}

/*! Says why the refresher cannot run. */
static int start_fault(steer_engine_t *engine, int err)
{
	steer_engine_log(engine, LOG_ERR, "%s cannot be followed: %s", engine->storage, strerror(err));
	return err == ENOMEM ? STEER_ENOMEM : STEER_EIO;
}

int steer_refresher_start(steer_engine_t *engine)
{
	engine->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (engine->stop_fd < 0) {
		return start_fault(engine, errno);
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
	return err == 0 ? STEER_OK : start_fault(engine, err);
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
