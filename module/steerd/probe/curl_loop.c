/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/curl_loop.h"

#include <stdlib.h>

/*! Handles that are kept, which makes the next probes cheaper; each has some 20 KiB. */
#define IDLE_MAX 64

struct curl_loop {
	struct ev_loop *loop;
	CURLM *multi;
	ev_timer timer;
	CURL *idle[IDLE_MAX];
	unsigned idle_count;
};

static void finish_jobs(curl_loop_t *curl)
{
	CURLMsg *message;
	int left;
	while ((message = curl_multi_info_read(curl->multi, &left)) != NULL) {
		if (message->msg == CURLMSG_DONE) {
			CURLcode result = message->data.result; // The message goes with its transfer.
			curl_job_t *job = NULL;
			curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
			job->done(job, result);
		}
	}
}

static void go_on(curl_loop_t *curl, curl_socket_t socket, int what)
{
	int running;
	if (curl_multi_socket_action(curl->multi, socket, what, &running) ==
	    CURLM_ABORTED_BY_CALLBACK) {
		// There was no memory to watch a socket, which ends all transfers: at once, not by and by.
		(void)curl_multi_perform(curl->multi, &running);
	}
	finish_jobs(curl);
}

static void on_socket(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	int what = ((events & EV_READ) != 0 ? CURL_CSELECT_IN : 0) |
	           ((events & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0);
	go_on(io->data, io->fd, what);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	go_on(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

/*! libcurl wants to know when a socket is ready. */
static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *ctx, void *watcher)
{
	(void)easy;
	curl_loop_t *curl = ctx;
	ev_io *io = watcher;
	if (io != NULL) {
		ev_io_stop(curl->loop, io);
	}
	if (what == CURL_POLL_REMOVE) {
		free(io);
		return 0;
	}
	if (io == NULL) {
		io = calloc(1, sizeof(*io));
		if (io == NULL) {
			return -1;
		}
		curl_multi_assign(curl->multi, socket, io);
	}
	ev_io_init(io, on_socket, socket, ((what & CURL_POLL_IN) != 0 ? EV_READ : 0) |
	                                  ((what & CURL_POLL_OUT) != 0 ? EV_WRITE : 0));
	io->data = curl;
	ev_io_start(curl->loop, io);
	return 0;
}

/*! libcurl wants to be called after a time. */
static int set_timer(CURLM *multi, long ms, void *ctx)
{
	(void)multi;
	curl_loop_t *curl = ctx;
	ev_timer_stop(curl->loop, &curl->timer);
	if (ms >= 0) {
		ev_now_update(curl->loop);
		ev_timer_set(&curl->timer, ms / 1000.0, 0);
		ev_timer_start(curl->loop, &curl->timer);
	}
	return 0;
}

int curl_loop_open(curl_loop_t **out, struct ev_loop *loop, steer_fault_t *fault)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		return steer_fault(fault, STEER_EIO, "libcurl does not start");
	}
	curl_loop_t *curl = calloc(1, sizeof(*curl));
	CURLM *multi = curl != NULL ? curl_multi_init() : NULL;
	if (multi == NULL) {
		free(curl);
		curl_global_cleanup();
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	curl->loop = loop;
	curl->multi = multi;
	ev_timer_init(&curl->timer, on_timer, 0, 0);
	curl->timer.data = curl;
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, curl);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, curl);
	curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	*out = curl;
	return STEER_OK;
}

void curl_loop_close(curl_loop_t *curl)
{
	if (curl != NULL) {
		for (unsigned i = 0; i < curl->idle_count; i++) {
			curl_easy_cleanup(curl->idle[i]);
		}
		curl_multi_cleanup(curl->multi);
		ev_timer_stop(curl->loop, &curl->timer);
		free(curl);
		curl_global_cleanup();
	}
}

static void remove_transfer(curl_loop_t *curl, curl_job_t *job)
{
	if (job->added) {
		curl_multi_remove_handle(curl->multi, job->easy);
		job->added = false;
	}
}

CURL *curl_loop_renew(curl_loop_t *curl, curl_job_t *job)
{
	remove_transfer(curl, job);
	if (job->easy != NULL) {
		curl_easy_reset(job->easy);
	} else if (curl->idle_count > 0) {
		job->easy = curl->idle[--curl->idle_count];
	} else {
		job->easy = curl_easy_init();
	}
	return job->easy;
}

bool curl_loop_start(curl_loop_t *curl, curl_job_t *job)
{
	job->added = curl_set(job->easy, CURLOPT_PRIVATE, job) &&
	             curl_multi_add_handle(curl->multi, job->easy) == CURLM_OK;
	return job->added;
}

void curl_loop_end(curl_loop_t *curl, curl_job_t *job)
{
	remove_transfer(curl, job);
	if (job->easy == NULL) {
		return;
	}
	if (curl->idle_count < IDLE_MAX) {
		curl_easy_reset(job->easy);
		curl->idle[curl->idle_count++] = job->easy;
	} else {
		curl_easy_cleanup(job->easy);
	}
	job->easy = NULL;
}
