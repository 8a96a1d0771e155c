/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/publish.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "steerd/log.h"

struct publisher {
	struct ev_loop *loop;
	checks_t *checks;
	targets_t *targets;
	metrics_t *metrics;
	ev_timer timer;     /*!< The next commit. */
	bool rests;         /*!< It waits after one that failed. */
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
		batch_write(&publisher->batch, store);
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

/*! Commits in so many seconds, or earlier. */
static void set_timer(publisher_t *publisher, double seconds)
{
	ev_now_update(publisher->loop);
	if (ev_is_active(&publisher->timer) &&
	    (publisher->rests || ev_timer_remaining(publisher->loop, &publisher->timer) <= seconds)) {
		return;
	}
	ev_timer_stop(publisher->loop, &publisher->timer);
	ev_timer_set(&publisher->timer, seconds, 0);
	ev_timer_start(publisher->loop, &publisher->timer);
}

/*! Counts a commit. Logs once why nothing can be published, and once that it is again. */
static void note(publisher_t *publisher, const steer_fault_t *fault)
{
	metrics_t *metrics = publisher->metrics;
	const batch_t *batch = &publisher->batch;
	if (fault != NULL && metrics->publish_fault == NULL) {
		log_line(LOG_ERR, "states and targets cannot be published: %s", fault->text);
	} else if (fault == NULL && metrics->publish_fault != NULL) {
		log_line(LOG_NOTICE, "states and targets are published again");
	}
	metrics_commit(metrics, batch->states_count, batch->answers_count,
	               fault != NULL ? fault->text : NULL);
}

/*! Holds the next commit back. */
static void rest(publisher_t *publisher)
{
	ev_timer_stop(publisher->loop, &publisher->timer);
	set_timer(publisher, PUBLISH_AGAIN);
	publisher->rests = true;
}

/*! Takes back what the thread has written. \return false: it could not be */
static bool take_back(publisher_t *publisher)
{
	batch_t *batch = &publisher->batch;
	bool failed = batch->ret != STEER_OK;
	if (!batch_is_empty(batch)) {
		note(publisher, failed ? &batch->fault : NULL);
	}
	if (failed) {
		publisher->beats = publisher->beats || batch->beats;
		rest(publisher);
	}
	batch_take_back(batch, publisher->checks);
	return !failed;
}

static void on_done(struct ev_loop *loop, ev_async *async, int events)
{
	(void)loop;
	(void)events;
	publisher_t *publisher = async->data;
	if (!is_busy(publisher)) {
		(void)take_back(publisher);
		publisher_wake(publisher);
	}
}

/*! Whether there is something that does not wait for others. */
static bool has_urgent_work(const publisher_t *publisher)
{
	return publisher->beats || checks_have_unpublished(publisher->checks);
}

static bool has_work(const publisher_t *publisher)
{
	return has_urgent_work(publisher) || targets_have_unpublished(publisher->targets);
}

/*! Gives the thread what is to be written, unless there is a batch already, or no store. */
static void hand_over(publisher_t *publisher)
{
	pthread_mutex_lock(&publisher->mutex);
	if (!publisher->busy && batch_is_empty(&publisher->batch) && publisher->store != NULL &&
	    has_work(publisher)) {
		batch_fill(&publisher->batch, publisher->checks, publisher->targets, publisher->beats);
		publisher->beats = false;
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
	publisher->rests = false;
	hand_over(publisher);
}

static void on_heart(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	publisher_t *publisher = timer->data;
	publisher->beats = true;
	targets_confirm(publisher->targets, targets_confirm_after(publisher->targets));
	publisher_wake(publisher);
}

void publisher_wake(publisher_t *publisher)
{
	if (has_urgent_work(publisher)) {
		set_timer(publisher, PUBLISH_TOGETHER);
	} else if (has_work(publisher)) {
		set_timer(publisher, PUBLISH_TARGETS_TOGETHER);
	}
}

/*! Waits until the thread has nothing to do, and takes back what it has written. */
static bool settle(publisher_t *publisher)
{
	pthread_mutex_lock(&publisher->mutex);
	while (publisher->busy) {
		pthread_cond_wait(&publisher->cond, &publisher->mutex);
	}
	pthread_mutex_unlock(&publisher->mutex);
	return take_back(publisher);
}

void publisher_use(publisher_t *publisher, steer_store_t *store)
{
	(void)settle(publisher);
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
                   targets_t *targets, metrics_t *metrics, steer_fault_t *fault)
{
	publisher_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	new->loop = loop;
	new->checks = checks;
	new->targets = targets;
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
	(void)settle(publisher);
	targets_confirm(publisher->targets, 0);
	bool good = publisher->store != NULL; // Only the loop's thread sets it.
	while (good && has_work(publisher)) {
		hand_over(publisher);
		good = settle(publisher);
	}
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
