/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection: healthy when one of the addresses accepts it. It ends by a reset, so that no port
 * of this side is kept in TIME-WAIT for it.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "steerd/probe/probe.h"

typedef struct {
	ev_io io;
	int fd; /*!< -1: none. */
	char target[ADDRESS_TEXT];
	char step[sizeof("connection to ") + ADDRESS_TEXT];
} tcp_t;

static void close_socket(probe_t *probe)
{
	tcp_t *tcp = probe->state;
	if (tcp->fd >= 0) {
		static const struct linger reset = { .l_onoff = 1 };
		ev_io_stop(probe->probers->loop, &tcp->io);
		(void)setsockopt(tcp->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(tcp->fd);
		tcp->fd = -1;
	}
}

static void connect_next(probe_t *probe, int err);

/*! Ends the attempt with one address: by success, else by trying the next. */
static void settle(probe_t *probe, int err)
{
	const tcp_t *tcp = probe->state;
	close_socket(probe);
	if (err != 0) {
		connect_next(probe, err);
		return;
	}
	probe->result.times.connected = probe_took(probe);
	probe_end(probe, true, "connected to %s", tcp->target);
}

/*! What became of a connection: 0, an error, or EINPROGRESS. */
static int outcome_of(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0) {
		return 0;
	}
	int err = 0;
	len = sizeof(err);
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0) {
		return errno;
	}
	return err != 0 ? err : EINPROGRESS;
}

static void on_writable(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	const int outcome = outcome_of(io->fd);
	if (outcome != EINPROGRESS) { // Linux can wake before the error is there.
		settle(io->data, outcome);
	}
}

/*! Tries the next address. \param[in] err  What the one before has failed with. */
static void connect_next(probe_t *probe, int err)
{
	tcp_t *tcp = probe->state;
	const address_t *address = probe_next_address(probe);
	if (address == NULL) {
		probe_end_errno(probe, tcp->target, err);
		return;
	}
	address_print(tcp->target, address);
	snprintf(tcp->step, sizeof(tcp->step), "connection to %s", tcp->target);
	tcp->fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (tcp->fd < 0 || (connect(tcp->fd, &address->any, address->len) != 0 &&
	                    errno != EINPROGRESS)) {
		settle(probe, errno);
		return;
	}
	ev_io_init(&tcp->io, on_writable, tcp->fd, EV_WRITE);
	tcp->io.data = probe;
	ev_io_start(probe->probers->loop, &tcp->io);
	probe_limit(probe, probe_address_left(probe), tcp->step);
}

static void start(probe_t *probe)
{
	tcp_t *tcp = calloc(1, sizeof(*tcp));
	if (tcp == NULL) {
		probe_end_errno(probe, "", ENOMEM);
		return;
	}
	tcp->fd = -1;
	probe->state = tcp;
	connect_next(probe, 0);
}

static void late(probe_t *probe)
{
	settle(probe, ETIMEDOUT);
}

static void stop(probe_t *probe)
{
	if (probe->state != NULL) {
		close_socket(probe);
		free(probe->state);
	}
}

const probe_kind_t probe_tcp = { .start = start, .late = late, .stop = stop };
