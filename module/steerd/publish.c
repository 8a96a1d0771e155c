/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/publish.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "steerd/log.h"

/*! A state that is being written: a copy, since its check may go meanwhile. */
typedef struct {
	uint32_t slot, created;
	char id[STEER_CHECK_ID_MAX + 1];
	char reason[REASON_SIZE];
	steer_health_state_t state;
} item_t;

/*! What the thread is given, and what it returns. */
typedef struct {
	item_t *items;
	size_t count;
	bool beats;         /*!< A heartbeat is written with them. */
	steer_now_t beat;
	int ret;
	steer_fault_t fault;
} batch_t;

struct publisher {
	struct ev_loop *loop;
	checks_t *checks;
	metrics_t *metrics;
	ev_timer timer;
	ev_timer heart;
	bool beats;         /*!< A heartbeat is due. */
	ev_async done;
	batch_t batch;      /*!< The thread's while it is busy, else the loop's. */

	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	/* Guarded by the mutex. */
	steer_store_t *store;
	bool busy;          /*!< There is a batch to write. */
	bool stops;
};

/* The thread. */

static void write_batch(batch_t *batch, steer_store_t *store)
{
	size_t count = batch->count;
	steer_status_entry_t *entries = calloc(count + 1, sizeof(*entries));
	if (entries == NULL) {
		batch->ret = steer_fault(&batch->fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
		return;
	}
	for (size_t i = 0; i < count; i++) {
		entries[i] = (steer_status_entry_t) {
			.kind = STEER_STATUS_STATE, .id = batch->items[i].id, .state = &batch->items[i].state,
		};
	}
	if (batch->beats) {
		entries[count++] = (steer_status_entry_t) {
			.kind = STEER_STATUS_HEARTBEAT, .heartbeat = &batch->beat,
		};
	}
	batch->ret = steer_status_write(store, entries, count, &batch->fault);
	free(entries);
}

static void *run(void *data)
{
	publisher_t *publisher = data;
	pthread_mutex_lock(&publisher->mutex);
	for (;;) {
		while (!publisher->busy && !publisher->stops) {
			pthread_cond_wait(&publisher->cond, &publisher->mutex);
		}
		if (!publisher->busy) {
			break;
		}
		steer_store_t *store = publisher->store;
		pthread_mutex_unlock(&publisher->mutex);
		write_batch(&publisher->batch, store);
		pthread_mutex_lock(&publisher->mutex);
		publisher->busy = false;
		pthread_cond_broadcast(&publisher->cond);
		ev_async_send(publisher->loop, &publisher->done);
	}
	pthread_mutex_unlock(&publisher->mutex);
	return NULL;
}

/* The loop. */

static bool is_busy(publisher_t *publisher)
{
	pthread_mutex_lock(&publisher->mutex);
	bool busy = publisher->busy;
	pthread_mutex_unlock(&publisher->mutex);
	return busy;
}

static void set_timer(publisher_t *publisher, double seconds)
{
	if (!ev_is_active(&publisher->timer)) {
		ev_now_update(publisher->loop);
		ev_timer_set(&publisher->timer, seconds, 0);
		ev_timer_start(publisher->loop, &publisher->timer);
	}
}

/*! Counts a commit. Logs once why states cannot be published, and once that they are again. */
static void note(publisher_t *publisher, const steer_fault_t *fault)
{
	metrics_t *metrics = publisher->metrics;
	if (fault != NULL && metrics->publish_fault == NULL) {
		log_line(LOG_ERR, "states cannot be published: %s", fault->text);
	} else if (fault == NULL && metrics->publish_fault != NULL) {
		log_line(LOG_NOTICE, "states are published again");
	}
	metrics_commit(metrics, publisher->batch.count, fault != NULL ? fault->text : NULL);
}

/*! Whether there is a batch, which is written, or has been and was not yet taken back. */
static bool is_filled(const batch_t *batch)
{
	return batch->count > 0 || batch->beats;
}

/*!
 * Takes back a state: what could not be written is unpublished again. What was written also holds
 * for a check that was dropped and named again meanwhile, and has begun with an older state.
 */
static void take_item_back(const publisher_t *publisher, const item_t *item, bool failed)
{
	check_t *check = checks_get(publisher->checks, item->slot);
	if (check == NULL || check->created != item->created) {
		return;
	}
	if (failed && check->publishing) {
		checks_unpublish(check);
	} else if (!failed && !check->unpublished) {
		check->state.probed = item->state.up ? STEER_PROBED_UP : STEER_PROBED_DOWN;
	}
	check->publishing = false;
}

static void take_back(publisher_t *publisher)
{
	batch_t *batch = &publisher->batch;
	bool failed = batch->ret != STEER_OK;
	for (size_t i = 0; i < batch->count; i++) {
		take_item_back(publisher, &batch->items[i], failed);
	}
	if (is_filled(batch)) {
		note(publisher, failed ? &batch->fault : NULL);
	}
	publisher->beats = publisher->beats || (failed && batch->beats);
	free(batch->items);
	*batch = (batch_t) { .items = NULL };
	if (failed) {
		set_timer(publisher, PUBLISH_AGAIN);
	}
}

static void on_done(struct ev_loop *loop, ev_async *async, int events)
{
	(void)loop;
	(void)events;
	publisher_t *publisher = async->data;
	if (!is_busy(publisher)) {
		take_back(publisher);
		publisher_wake(publisher);
	}
}

static void fill_item(item_t *item, const check_t *check)
{
	item->slot = check->slot;
	item->created = check->created;
	memcpy(item->id, check->id, sizeof(item->id));
	snprintf(item->reason, sizeof(item->reason), "%s", check->reason != NULL ? check->reason : "");
	item->state = (steer_health_state_t) {
		.up = check->state.probed == STEER_PROBED_UP, .created = check->created,
		.since = check->decided.wall, .since_boot = check->decided.boot_ms,
		.boot = { check->decided.boot[0], check->decided.boot[1] },
		.who = "", .reason = item->reason, .reason_len = strlen(item->reason),
	};
}

/*! Moves unpublished states into the batch. */
static void fill_batch(publisher_t *publisher)
{
	batch_t *batch = &publisher->batch;
	check_t *check = NULL;
	size_t room = 0;
	while (batch->count < PUBLISH_MAX &&
	       (check = checks_take_unpublished(publisher->checks)) != NULL) {
		if (batch->count == room) {
			room = room > 0 ? 2 * room : 16;
			item_t *items = realloc(batch->items, room * sizeof(*items));
			if (items == NULL) {
				checks_unpublish(check);
				break;
			}
			batch->items = items;
		}
		fill_item(&batch->items[batch->count++], check);
		check->publishing = true;
	}
	for (size_t i = 0; i < batch->count; i++) {
		batch->items[i].state.reason = batch->items[i].reason; // They have moved.
	}
	batch->beats = publisher->beats;
	steer_now(&batch->beat);
	publisher->beats = false;
}

static bool has_work(const publisher_t *publisher)
{
	return publisher->beats || checks_have_unpublished(publisher->checks);
}

/*! Gives the thread what is to be written, unless there is a batch already, or no store. */
static void hand_over(publisher_t *publisher)
{
	pthread_mutex_lock(&publisher->mutex);
	if (!publisher->busy && !is_filled(&publisher->batch) && publisher->store != NULL &&
	    has_work(publisher)) {
		fill_batch(publisher);
		publisher->busy = true;
		pthread_cond_broadcast(&publisher->cond);
	}
	pthread_mutex_unlock(&publisher->mutex);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	publisher_t *publisher = timer->data;
	hand_over(publisher);
}

static void on_heart(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	publisher_t *publisher = timer->data;
	publisher->beats = true;
	publisher_wake(publisher);
}

void publisher_wake(publisher_t *publisher)
{
	if (has_work(publisher)) {
		set_timer(publisher, PUBLISH_TOGETHER);
	}
}

/*! Waits until the thread has nothing to do, and takes back what it has done. */
static void settle(publisher_t *publisher)
{
	pthread_mutex_lock(&publisher->mutex);
	while (publisher->busy) {
		pthread_cond_wait(&publisher->cond, &publisher->mutex);
	}
	pthread_mutex_unlock(&publisher->mutex);
	take_back(publisher);
}

void publisher_use(publisher_t *publisher, steer_store_t *store)
{
	settle(publisher);
	pthread_mutex_lock(&publisher->mutex);
	publisher->store = store;
	pthread_mutex_unlock(&publisher->mutex);
	publisher_wake(publisher);
}

/*! Starts the thread, which leaves signals to the loop. */
static int start_thread(publisher_t *publisher)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int err = pthread_create(&publisher->thread, NULL, run, publisher);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

int publisher_open(publisher_t **publisher, struct ev_loop *loop, checks_t *checks,
                   metrics_t *metrics, steer_fault_t *fault)
{
	publisher_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	new->loop = loop;
	new->checks = checks;
	new->metrics = metrics;
	pthread_mutex_init(&new->mutex, NULL);
	pthread_cond_init(&new->cond, NULL);
	ev_timer_init(&new->timer, on_timer, 0, 0);
	ev_timer_init(&new->heart, on_heart, 0, STEER_HEARTBEAT_INTERVAL);
	new->timer.data = new->heart.data = new;
	ev_timer_start(loop, &new->heart);
	ev_async_init(&new->done, on_done);
	new->done.data = new;
	ev_async_start(loop, &new->done);
	int err = start_thread(new);
	if (err != 0) {
		ev_timer_stop(loop, &new->heart);
		ev_async_stop(loop, &new->done);
		pthread_cond_destroy(&new->cond);
		pthread_mutex_destroy(&new->mutex);
		free(new);
		return steer_fault(fault, STEER_EIO, "thread: %s", strerror(err));
	}
	*publisher = new;
	return STEER_OK;
}

void publisher_close(publisher_t *publisher)
{
	settle(publisher);
	hand_over(publisher);
	settle(publisher);
	pthread_mutex_lock(&publisher->mutex);
	publisher->stops = true;
	pthread_cond_broadcast(&publisher->cond);
	pthread_mutex_unlock(&publisher->mutex);
	pthread_join(publisher->thread, NULL);
	ev_timer_stop(publisher->loop, &publisher->timer);
	ev_timer_stop(publisher->loop, &publisher->heart);
	ev_async_stop(publisher->loop, &publisher->done);
	pthread_cond_destroy(&publisher->cond);
	pthread_mutex_destroy(&publisher->mutex);
	free(publisher);
}
