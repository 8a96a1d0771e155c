/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/follow.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "steerd/log.h"
#include "store/uses.h"

/*! Seconds between looks that find commits and replaced stores without a ring. */
#define POLL 1.0
/*! A look takes at most one of so many parts of the time, however often the store changes. */
#define SHARE 20

struct follower {
	struct ev_loop *loop;
	const char *dir;
	follower_parts_t parts;
	steer_store_t *store;     /*!< NULL: it cannot be opened for now. */
	steer_reader_t *records, *status;
	dev_t device;
	ino_t inode;
	uint64_t seen;            /*!< Transaction whose definitions were taken; 0: none. */
	uint64_t sequence;        /*!< Its change set. */
	int bell_fd;              /*!< -1: none. */
	int bell_watch;           /*!< -1: the doorbell is not watched. */
	bool bell_logged;         /*!< That it is not. */
	ev_io bell;
	ev_timer poll;
	ev_timer soon;            /*!< The next look, while looks are held back. */
	ev_tstamp not_before;     /*!< The next look that walks over the checks. */
};

/* Taking the checks of a commit. */

/*! The children of used calculated checks, which may come earlier in the walk. */
typedef struct {
	char (*ids)[STEER_CHECK_ID_MAX + 1];
	size_t count, room;
} id_list_t;

typedef struct {
	follower_t *follower;
	id_list_t children;
	int ret;
} taker_t;

static int id_list_add(id_list_t *list, const char *id, size_t len)
{
	if (list->count == list->room) {
		size_t room = 2 * list->room + 16;
		void *ids = realloc(list->ids, room * sizeof(*list->ids));
		if (ids == NULL) {
			return STEER_ENOMEM;
		}
		list->ids = ids;
		list->room = room;
	}
	snprintf(list->ids[list->count++], sizeof(*list->ids), "%.*s", (int)len, id);
	return STEER_OK;
}

static int take_children(taker_t *taker, const steer_health_check_t *check)
{
	const char *id;
	size_t at = 0, len;
	int ret = STEER_OK;
	while (ret == STEER_OK && steer_health_check_next_child(check, &at, &id, &len)) {
		ret = id_list_add(&taker->children, id, len);
	}
	return ret;
}

static bool take_check(void *ctx, const steer_health_status_t *checked)
{
	taker_t *taker = ctx;
	uint64_t uses;
	int ret = steer_uses_get(taker->follower->records, checked->id, checked->id_len, &uses);
	if (ret == STEER_OK && uses == 0) {
		return true;
	}
	// A damaged count hides no use.
	taker->ret = checked->check.type == STEER_CHECK_CALCULATED
	             ? take_children(taker, &checked->check)
	             : checks_update(taker->follower->parts.checks, checked);
	return taker->ret == STEER_OK;
}

static int take_listed(taker_t *taker, const steer_now_t *now)
{
	const follower_t *follower = taker->follower;
	steer_health_status_t checked;
	int ret = STEER_OK;
	for (size_t i = 0; i < taker->children.count && ret == STEER_OK; i++) {
		int found = steer_health_check_find(follower->records, follower->status,
		                                    taker->children.ids[i], now, &checked);
		if (found == STEER_OK) {
			ret = checks_update(follower->parts.checks, &checked);
		} else if (found != STEER_ENOENT && found != STEER_EDAMAGED) {
			ret = found;
		}
	}
	return ret;
}

static int take_checks(follower_t *follower)
{
	taker_t taker = { .follower = follower, .ret = STEER_OK };
	steer_now_t now;
	steer_now(&now);
	checks_update_begin(follower->parts.checks);
	int ret = steer_health_checks_walk(follower->records, follower->status, &now, take_check,
	                                   &taker);
	ret = ret == STEER_EDAMAGED ? STEER_OK : ret; // All others were received.
	ret = ret == STEER_OK ? taker.ret : ret;
	if (ret == STEER_OK) {
		ret = take_listed(&taker, &now);
	}
	if (ret == STEER_OK) { // After an error, which checks are used is not known.
		checks_update_end(follower->parts.checks);
	}
	free(taker.children.ids);
	return ret;
}

/* The store. */

static bool has_checks(const follower_t *follower)
{
	uint32_t slots = checks_slots(follower->parts.checks), slot = 0;
	while (slot < slots && checks_get(follower->parts.checks, slot) == NULL) {
		slot++;
	}
	return slot < slots;
}

/*! Logs each reason once why the store cannot be followed; NULL: it can be. */
static void note_fault(follower_t *follower, const char *text)
{
	const char *last = follower->parts.metrics->store_fault;
	if (text != NULL && (last == NULL || strcmp(last, text) != 0)) {
		log_line(LOG_WARNING, "%s; %s", text, has_checks(follower)
		         ? "the health checks that are known are still probed" : "nothing is probed");
	} else if (text == NULL && last != NULL) {
		log_line(LOG_NOTICE, "following %s again", follower->dir);
	}
	if (text != NULL) {
		metrics_lose(follower->parts.metrics, text);
	} else {
		metrics_follow(follower->parts.metrics, follower->sequence);
	}
}

static void close_files(follower_t *follower)
{
	steer_reader_close(follower->records);
	steer_reader_close(follower->status);
	steer_store_close(follower->store);
	follower->records = follower->status = NULL;
	follower->store = NULL;
}

static void close_store(follower_t *follower)
{
	publisher_use(follower->parts.publisher, NULL);
	close_files(follower);
	follower->seen = 0;
}

/*! Remembers which store is at the path, to notice when another one takes its place. */
static int identify(follower_t *follower, steer_fault_t *fault)
{
	int ret = steer_store_identity(follower->dir, &follower->device, &follower->inode);
	return ret == STEER_OK ? ret : steer_fault(fault, ret, "%s: %s", follower->dir,
	                                           steer_strerror(ret));
}

static int open_store(follower_t *follower, steer_fault_t *fault)
{
	int ret = steer_store_precheck(follower->dir, fault);
	if (ret == STEER_OK) {
		ret = identify(follower, fault); // Before, so that no replacement is missed meanwhile.
	}
	if (ret == STEER_OK) {
		ret = steer_store_open(&follower->store, follower->dir, STEER_STORE_WRITE, fault);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_store_claim(follower->store, fault);
	if (ret == STEER_OK) {
		ret = steer_reader_open(&follower->records, follower->store, STEER_ENV_RECORDS, fault);
	}
	if (ret == STEER_OK) {
		ret = steer_reader_open(&follower->status, follower->store, STEER_ENV_STATUS, fault);
	}
	if (ret != STEER_OK) {
		close_store(follower);
		return ret;
	}
	publisher_use(follower->parts.publisher, follower->store);
	return STEER_OK;
}

/*! Whether the store at the path is known not to be the open one. */
static bool is_gone(const follower_t *follower)
{
	dev_t device;
	ino_t inode;
	int ret = steer_store_identity(follower->dir, &device, &inode);
	return ret == STEER_OK ? device != follower->device || inode != follower->inode
	                       : ret == STEER_ENOENT;
}

/* Looking. */

static int renew_fault(const follower_t *follower, int ret, steer_fault_t *fault)
{
	return steer_fault(fault, ret, "%s: the store cannot be read: %s", follower->dir,
	                   steer_strerror(ret));
}

/*! Takes the definitions of the newest commit, if they have not been taken. */
static int take_commit(follower_t *follower, steer_fault_t *fault)
{
	uint64_t id, status_id;
	int ret = steer_reader_peek(follower->records, &id);
	if (ret != STEER_OK || id == follower->seen) {
		return ret == STEER_OK ? ret : renew_fault(follower, ret, fault);
	}
	ret = steer_reader_renew(follower->records, &id);
	if (ret == STEER_OK) {
		ret = steer_reader_renew(follower->status, &status_id);
	}
	if (ret == STEER_OK) {
		ret = take_checks(follower);
	}
	if (ret == STEER_OK) {
		ret = follow_targets(&follower->parts.targets, follower->records, follower->status,
		                     follower->seen == 0);
	}
	if (ret == STEER_OK) {
		follower->sequence = steer_reader_number(follower->records, STEER_META_SEQUENCE);
	}
	steer_reader_reset(follower->records);
	steer_reader_reset(follower->status);
	if (ret == STEER_OK) {
		follower->seen = id;
		return ret;
	}
	return renew_fault(follower, ret, fault);
}

/*! Opens the store if need be, and takes its newest commit. */
static int look(follower_t *follower, steer_fault_t *fault)
{
	int ret = STEER_OK;
	if (follower->store != NULL && is_gone(follower)) {
		log_line(LOG_NOTICE, "%s was replaced or removed", follower->dir);
		close_store(follower);
		checks_update_begin(follower->parts.checks); // Those of another store are other checks.
		checks_update_end(follower->parts.checks);
		targets_clear(follower->parts.targets.targets);
	}
	if (follower->store == NULL) {
		ret = open_store(follower, fault);
	}
	if (ret == STEER_OK) {
		ret = take_commit(follower, fault);
	}
	if (ret == STEER_ESPACE) { // It has outgrown its map, which must be closed to grow.
		close_store(follower);
		ret = open_store(follower, fault);
		ret = ret == STEER_OK ? take_commit(follower, fault) : ret;
	}
	if (follower->store != NULL) {
		endpoint_follow(follower->parts.endpoint, follower->store);
	}
	return ret;
}

/*! Watches the doorbell that is at the path now, and no longer that of a replaced store. */
static void watch_doorbell(follower_t *follower)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/%s", follower->dir, STEER_DOORBELL_FILE);
	int watch = -1;
	if (follower->bell_fd >= 0 && len < (int)sizeof(path)) {
		watch = inotify_add_watch(follower->bell_fd, path, IN_ATTRIB | IN_DONT_FOLLOW);
	}
	if (follower->bell_watch >= 0 && follower->bell_watch != watch) {
		(void)inotify_rm_watch(follower->bell_fd, follower->bell_watch);
	}
	follower->bell_watch = watch;
}

/*! Logs once that commits are found by polling alone. */
static void log_no_doorbell(follower_t *follower)
{
	if (follower->bell_watch >= 0) {
		follower->bell_logged = false;
	} else if (follower->store != NULL && !follower->bell_logged) {
		log_line(LOG_WARNING, "%s/%s cannot be watched; changes take up to %g s", follower->dir,
		         STEER_DOORBELL_FILE, POLL);
		follower->bell_logged = true;
	}
}

/*! Looks, and holds back the next look in proportion to the time that it took. */
static void look_now(follower_t *follower)
{
	steer_fault_t fault;
	ev_tstamp begun = ev_time();
	watch_doorbell(follower); // Before the look, so that no commit is missed between the two.
	note_fault(follower, look(follower, &fault) == STEER_OK ? NULL : fault.text);
	log_no_doorbell(follower);
	ev_now_update(follower->loop);
	follower->not_before = ev_now(follower->loop) + SHARE * (ev_now(follower->loop) - begun);
}

static void on_soon(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	look_now(timer->data);
}

/*! Looks as soon as it may. */
static void wake(follower_t *follower)
{
	ev_tstamp wait = follower->not_before - ev_now(follower->loop);
	if (wait > POLL) { // Also after the clock was set back.
		wait = POLL;
	}
	if (!ev_is_active(&follower->soon)) {
		ev_timer_set(&follower->soon, wait > 0 ? wait : 0, 0);
		ev_timer_start(follower->loop, &follower->soon);
	}
}

void follower_reload(follower_t *follower)
{
	follower->seen = 0;
	wake(follower);
}

static void on_bell(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	char buf[4096];
	while (read(io->fd, buf, sizeof(buf)) > 0) {
	}
	wake(io->data);
}

static void on_poll(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	wake(timer->data);
}

int follower_open(follower_t **follower, struct ev_loop *loop, const char *dir,
                  const follower_parts_t *parts, steer_fault_t *fault)
{
	follower_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	new->loop = loop;
	new->dir = dir;
	new->parts = *parts;
	new->bell_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	new->bell_watch = -1;
	ev_timer_init(&new->soon, on_soon, 0, 0);
	ev_timer_init(&new->poll, on_poll, POLL, POLL);
	new->soon.data = new->poll.data = new->bell.data = new;
	watch_doorbell(new);
	int ret = look(new, fault);
	if (ret != STEER_OK) {
		close_store(new);
		follower_close(new);
		return ret;
	}
	note_fault(new, NULL);
	log_no_doorbell(new);
	ev_timer_start(loop, &new->poll);
	if (new->bell_fd >= 0) {
		ev_io_init(&new->bell, on_bell, new->bell_fd, EV_READ);
		ev_io_start(loop, &new->bell);
	}
	*follower = new;
	return STEER_OK;
}

void follower_close(follower_t *follower)
{
	ev_timer_stop(follower->loop, &follower->soon);
	ev_timer_stop(follower->loop, &follower->poll);
	if (follower->bell_fd >= 0) {
		ev_io_stop(follower->loop, &follower->bell);
		close(follower->bell_fd);
	}
	close_files(follower);
	free(follower);
}
