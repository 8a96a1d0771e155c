/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/unbound_loop.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/time.h>

typedef void (*callback_f)(int fd, short bits, void *arg);

/*! An event of libunbound's: of a socket, of time, or of both. */
typedef struct {
	struct ub_event event;
	struct ev_loop *loop;
	ev_io io;
	ev_timer timer;
	int fd; /*!< -1: none. */
	short bits;
	bool limited; /*!< There is a time. */
	double seconds;
	callback_f callback;
	void *arg;
} event_t;

static event_t *event_of(struct ub_event *event)
{
	return (event_t *)event; // It is the first member.
}

static void deactivate(event_t *event)
{
	ev_io_stop(event->loop, &event->io);
	ev_timer_stop(event->loop, &event->timer);
}

static void start_timer(event_t *event)
{
	ev_timer_stop(event->loop, &event->timer);
	if (event->limited) {
		ev_now_update(event->loop);
		ev_timer_set(&event->timer, event->seconds, 0);
		ev_timer_start(event->loop, &event->timer);
	}
}

/*! Calls back, by which the event may be freed. */
static void fire(event_t *event, short bits)
{
	if ((event->bits & UB_EV_PERSIST) != 0) {
		start_timer(event);
	} else {
		deactivate(event);
	}
	event->callback(event->fd, bits, event->arg);
}

static void on_io(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	short bits = ((events & EV_READ) != 0 ? UB_EV_READ : 0) |
	             ((events & EV_WRITE) != 0 ? UB_EV_WRITE : 0);
	fire(io->data, bits);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	fire(timer->data, UB_EV_TIMEOUT);
}

/* Methods of events. */

static void add_bits(struct ub_event *self, short bits)
{
	event_of(self)->bits |= bits;
}

static void del_bits(struct ub_event *self, short bits)
{
	event_of(self)->bits &= ~bits;
}

static void set_fd(struct ub_event *self, int fd)
{
	event_of(self)->fd = fd;
}

static int del(struct ub_event *self)
{
	deactivate(event_of(self));
	return 0;
}

static void free_event(struct ub_event *self)
{
	deactivate(event_of(self));
	free(event_of(self));
}

static int add(struct ub_event *self, struct timeval *time)
{
	event_t *event = event_of(self);
	int events = ((event->bits & UB_EV_READ) != 0 ? EV_READ : 0) |
	             ((event->bits & UB_EV_WRITE) != 0 ? EV_WRITE : 0);
	ev_io_stop(event->loop, &event->io);
	if (event->fd >= 0 && events != 0) {
		ev_io_set(&event->io, event->fd, events);
		ev_io_start(event->loop, &event->io);
	}
	event->limited = time != NULL;
	event->seconds = time != NULL ? time->tv_sec + time->tv_usec / 1e6 : 0;
	start_timer(event);
	return 0;
}

static int add_timer(struct ub_event *self, struct ub_event_base *base, callback_f callback,
                     void *arg, struct timeval *time)
{
	(void)base;
	event_of(self)->callback = callback;
	event_of(self)->arg = arg;
	return add(self, time);
}

static void ignore_block(struct ub_event *self, int bit)
{
	(void)self;
	(void)bit;
}

static struct ub_event_vmt event_methods = {
	.add_bits = add_bits,
	.del_bits = del_bits,
	.set_fd = set_fd,
	.free = free_event,
	.add = add,
	.del = del,
	.add_timer = add_timer,
	.del_timer = del,
	.winsock_tcp_wouldblock = ignore_block,
};

/* Methods of the base. */

static struct ub_event *new_event(struct ub_event_base *base, int fd, short bits,
                                  callback_f callback, void *arg)
{
	event_t *event = calloc(1, sizeof(*event));
	if (event == NULL) {
		return NULL;
	}
	event->event = (struct ub_event) { .magic = UB_EVENT_MAGIC, .vmt = &event_methods };
	event->loop = ((unbound_loop_t *)base)->loop; // The base is its first member.
	ev_init(&event->io, on_io);
	ev_timer_init(&event->timer, on_timer, 0, 0);
	event->io.data = event->timer.data = event;
	event->fd = fd;
	event->bits = bits;
	event->callback = callback;
	event->arg = arg;
	return &event->event;
}

static int exit_loop(struct ub_event_base *base, struct timeval *time)
{
	(void)base;
	(void)time;
	return 0; // The loop is not libunbound's.
}

static struct ub_event_base_vmt base_methods = {
	.loopexit = exit_loop,
	.new_event = new_event,
};

void unbound_loop_init(unbound_loop_t *unbound, struct ev_loop *loop)
{
	unbound->base = (struct ub_event_base) { .magic = UB_EVENT_MAGIC, .vmt = &base_methods };
	unbound->loop = loop;
}
