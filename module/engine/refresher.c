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

/*! Time between full looks at the store, which also find commits whose ring was missed. */
#define POLL_MS 1000
/*! Time until another look after one that failed, as while commits come too fast. */
#define AGAIN_MS    1
/*! Number of such looks after a ring. */
#define AGAIN_TIMES 20

/*!
 * Makes a snapshot the live one and waits until no worker is in the one before.
 *
 * \note Blocks for a grace period: the refresher, load and unload call it, a worker must not.
 */
static void publish(steer_engine_t *engine, steer_snapshot_t *snapshot)
{
	(void)rcu_xchg_pointer(&engine->live, snapshot); // COMMIT. A full barrier: it is complete.
	synchronize_rcu();
}

/*! Logs how many pages of the apex filter are damaged, if more than before. */
static void log_damaged_pages(steer_engine_t *engine, unsigned damaged)
{
	if (damaged > engine->damaged) {
		steer_engine_log(engine, LOG_WARNING, "damaged pages in the filter of hosted zones: %u; "
		                 "other names take longer, run 'steerctl check'", damaged);
	}
	engine->damaged = damaged;
}

/*! Logs that steerd has become silent, or that it is no longer. */
static void log_silence(steer_engine_t *engine, const steer_silence_t *silence)
{
	char since[32];
	time_t last = silence->since;
	struct tm time;
	if (silence->silent == engine->steerd_silent) {
		return;
	}
	engine->steerd_silent = silence->silent;
	if (!silence->silent) {
		if (silence->since != 0) { // Otherwise another store is there, without one.
			steer_engine_log(engine, LOG_NOTICE, "steerd of %s is back", engine->storage);
		}
		return;
	}
	bool known = gmtime_r(&last, &time) != NULL &&
	             strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &time) > 0;
	steer_engine_log(engine, LOG_WARNING, "steerd of %s has been silent since %s, %s",
	                 engine->storage, known ? since : "some time", silence->up
	                 ? "all health checks that it probes count as up"
	                 : "the last states of health checks are kept");
}

/*! Logs what has become of a map. \param[in] before  NULL: there was none of its name. */
static void log_map(steer_engine_t *engine, const steer_open_map_t *before,
                    const steer_open_map_t *map)
{
	if (before != NULL && before->size == map->size &&
	    (before->value == map->value ||
	     memcmp(before->value, map->value, map->size) == 0)) { // LMDB moves only small values.
		return;
	}
	if (map->damaged) {
		steer_engine_log(engine, LOG_ERR, "map %s of %s is damaged, policies do without it: import "
		                 "it again", map->name, engine->storage);
	} else {
		steer_engine_log(engine, LOG_INFO, "map %s of %s was %s", map->name, engine->storage,
		                 before != NULL ? "replaced" : "added");
	}
}

/*! Logs which maps have changed. \param[in] before  Of the same store; NULL: it is served anew. */
static void log_maps(steer_engine_t *engine, const steer_map_set_t *before,
                     const steer_map_set_t *maps)
{
	if (before == maps) {
		return;
	}
	for (unsigned i = 0; i < maps->count; i++) {
		const steer_open_map_t *map = &maps->all[i];
		if (before != NULL || map->damaged) {
			log_map(engine, before != NULL ? steer_map_set_find(before, map->name) : NULL, map);
		}
	}
	for (unsigned i = 0; before != NULL && i < before->count; i++) {
		if (steer_map_set_find(maps, before->all[i].name) == NULL) {
			steer_engine_log(engine, LOG_INFO, "map %s of %s was deleted", before->all[i].name,
			                 engine->storage);
		}
	}
}

/*! Publishes the snapshot that a source has taken, and tells monitoring. */
static void serve(steer_engine_t *engine, steer_source_t *source)
{
	steer_snapshot_t *snapshot = &source->bank[source->live];
	publish(engine, snapshot);
	log_damaged_pages(engine, snapshot->apexes.damaged);
	log_maps(engine, source->bank[!source->live].maps, snapshot->maps);
	steer_engine_gauge(engine, STEER_GAUGE_CHANGE_SET, snapshot->sequence);
	log_silence(engine, &snapshot->silence);
	steer_engine_gauge(engine, STEER_GAUGE_STEERD_SILENT_SINCE,
	                   snapshot->silence.silent ? snapshot->silence.since : 0);
}

/*! Notes why the store cannot be followed, and logs each reason once; NULL: it can be. */
static void note_fault(steer_engine_t *engine, const char *text)
{
	const char *last = engine->last_fault;
	if (text != NULL && (last == NULL || strcmp(last, text) != 0)) {
		steer_engine_log(engine, LOG_WARNING, "%s%s", text,
		                 engine->source != NULL ? ", the last good snapshot is served"
		                                        : ", no hosted zones are served");
	}
	free(engine->last_fault);
	engine->last_fault = text != NULL ? strdup(text) : NULL;
	if (text == NULL) {
		engine->stale_since = 0;
	} else if (engine->stale_since == 0) {
		engine->stale_since = time(NULL);
	}
	steer_engine_gauge(engine, STEER_GAUGE_STALE_SINCE, engine->stale_since);
}

/*! Opens the store that is at the path now and serves it in place of the one before. */
static bool replace_source(steer_engine_t *engine)
{
	steer_fault_t fault;
	steer_source_t *source = NULL;
	if (steer_source_open(&source, engine->storage, engine->threads, &fault) != STEER_OK) {
		note_fault(engine, fault.text);
		return false;
	}
	serve(engine, source);
	steer_source_close(engine->source);
	engine->source = source;
	note_fault(engine, NULL);
	steer_engine_log(engine, LOG_INFO, "serving %s", engine->storage);
	return true;
}

/*!
 * Reopens a store that has outgrown its map, or of which a part was replaced, as the maps if they
 * were removed and imported again.
 *
 * LMDB can neither enlarge a map while it has readers nor open a store twice, so for some
 * milliseconds there is no snapshot; queries then get no answer rather than a wrong one.
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

/*! Serves the newest commit of the open store. */
static int take_commit(steer_engine_t *engine, steer_fault_t *fault)
{
	bool taken;
	steer_source_t *source = engine->source;
	int ret = steer_source_refresh(source, &taken, fault);
	if (ret == STEER_OK && taken) {
		serve(engine, source);
		steer_source_release(source);
	}
	engine->look_failed = ret != STEER_OK;
	return ret;
}

/*! Watches the doorbell that is at the path now. */
static void watch_doorbell(steer_engine_t *engine)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/%s", engine->storage, STEER_DOORBELL_FILE);
	int watch = -1;
	if (len < (int)sizeof(path)) {
		watch = inotify_add_watch(engine->bell_fd, path, IN_ATTRIB | IN_DONT_FOLLOW);
	}
	if (engine->bell_watch >= 0 && engine->bell_watch != watch) {
		(void)inotify_rm_watch(engine->bell_fd, engine->bell_watch);
	}
	engine->bell_watch = watch;
}

/*! Logs once that commits are found by polling alone. */
static void log_no_doorbell(steer_engine_t *engine)
{
	if (engine->bell_watch >= 0) {
		engine->bell_logged = false;
	} else if (engine->source != NULL && !engine->bell_logged) {
		steer_engine_log(engine, LOG_WARNING, "%s/%s cannot be watched, changes take up to %u ms",
		                 engine->storage, STEER_DOORBELL_FILE, POLL_MS);
		engine->bell_logged = true;
	}
}

/*! Opens a store unless this process has it open already, which LMDB forbids. */
static void claim_source(steer_engine_t *engine, dev_t device, ino_t inode)
{
	if (steer_registry_claim(engine, device, inode)) {
		steer_registry_settle(engine, replace_source(engine));
	} else {
		note_fault(engine, "the store is open already by another path in this process");
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
		return; // It has only just come back: the next look opens it.
	}
	if (ret == STEER_OK && !steer_source_is_current(source)) {
		reopen_source(engine);
		return;
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
	note_fault(engine, ret == STEER_OK ? NULL : fault.text);
}

void steer_engine_refresh(steer_engine_t *engine)
{
	watch_doorbell(engine); // Before the look, so that no commit is missed between the two.
	engine->look_failed = false;
	refresh(engine);
	log_no_doorbell(engine);
}

/*! Looks only for a commit. Whatever goes wrong, the next full look finds it too and logs it. */
static void look_for_commit(steer_engine_t *engine)
{
	steer_fault_t fault;
	if (engine->source != NULL) {
		(void)take_commit(engine, &fault);
	}
}

/*! Waits for a ring or until the time is over; false: the refresher is to stop. */
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
 * Time until a health state expires, at most the time between full looks.
 *
 * After a failed look the expired state is still due; the next full look is soon enough for it.
 */
static int time_left(const steer_engine_t *engine)
{
	bool known = engine->source != NULL && !engine->look_failed;
	int left = known ? steer_source_time_left(engine->source) : POLL_MS;
	return left < POLL_MS ? left : POLL_MS;
}

static void *refresher(void *data)
{
	steer_engine_t *engine = data;
	unsigned again = 0;
	int64_t full = now_ms(); // The last full look; no number of rings puts the next one off.
	bool rung;
	steer_host_thread_begin();
	while (wait_for_ring(engine, again > 0 ? AGAIN_MS : time_left(engine), &rung)) {
		if ((rung || again > 0 || time_left(engine) == 0) && now_ms() - full < POLL_MS) {
			look_for_commit(engine);
		} else {
			steer_engine_refresh(engine);
			full = now_ms();
		}
		if (!engine->look_failed) {
			again = 0;
		} else if (rung) {
			again = AGAIN_TIMES;
		} else if (again > 0) {
			again--;
		}
	}
	steer_host_thread_end();
	return NULL;
}

/*! Logs why the refresher cannot run. */
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
	// Signals are the host's business, but a thread created during a reload has them unblocked.
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int err = pthread_create(&engine->refresher, NULL, refresher, engine);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err != 0) {
		return start_fault(engine, err);
	}
	engine->refresher_runs = true;
	(void)pthread_setname_np(engine->refresher, "steer"); // For top -H and debuggers.
	return STEER_OK;
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
	free(engine->last_fault);
}
