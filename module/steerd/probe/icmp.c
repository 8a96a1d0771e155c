/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An echo: healthy when one of the addresses replies. It is asked for by a ping socket, for which
 * no privilege is needed and which the kernel gives the identifier and the checksum. The request is
 * sent again after a while; the reply to any of them counts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include "steerd/probe/datagram.h"
#include "steerd/probe/probe.h"

/*! An echo request or reply, which ICMP and ICMPv6 write alike. */
typedef struct {
	uint8_t type, code;
	uint16_t checksum, identifier; /*!< The kernel's. */
	uint16_t sequence;
	uint8_t secret[16]; /*!< A reply has that of the request. */
} echo_t;

typedef struct {
	ev_io io;
	int fd; /*!< -1: none. */
	const address_t *address;
	echo_t request;
	uint16_t sent;
	uint32_t again;
	char target[ADDRESS_TEXT];
	char step[sizeof("echo reply from ") + ADDRESS_TEXT];
} icmp_t;

static bool is_v6(const address_t *address)
{
	return address->any.sa_family == AF_INET6;
}

static void close_socket(probe_t *probe)
{
	icmp_t *icmp = probe->state;
	if (icmp->fd >= 0) {
		ev_io_stop(probe->probers->loop, &icmp->io);
		close(icmp->fd);
		icmp->fd = -1;
	}
}

static void ping_next(probe_t *probe, int err);

/*! Goes on with the next address. */
static void fail(probe_t *probe, int err)
{
	close_socket(probe);
	ping_next(probe, err);
}

static bool is_same_host(const address_t *one, const address_t *other)
{
	return one->any.sa_family == other->any.sa_family &&
	       (is_v6(one) ? memcmp(&one->v6.sin6_addr, &other->v6.sin6_addr,
	                            sizeof(one->v6.sin6_addr)) == 0
	                   : one->v4.sin_addr.s_addr == other->v4.sin_addr.s_addr);
}

static bool is_reply(const icmp_t *icmp, const echo_t *reply, const address_t *from)
{
	uint8_t type = is_v6(icmp->address) ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;
	return reply->type == type && reply->code == 0 && is_same_host(from, icmp->address) &&
	       memcmp(reply->secret, icmp->request.secret, sizeof(reply->secret)) == 0;
}

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	probe_t *probe = io->data;
	const icmp_t *icmp = probe->state;
	struct {
		echo_t echo;
		uint8_t more; // Of a longer one, which is another's.
	} reply;
	address_t from = { .len = 0 };
	socklen_t from_len = sizeof(from.v6);
	ssize_t len = recvfrom(io->fd, &reply, sizeof(reply), 0, &from.any, &from_len);
	int err = len < 0 ? datagram_error(io->fd, errno) : 0;
	if (err != 0) {
		fail(probe, err);
	} else if (len == sizeof(reply.echo) && is_reply(icmp, &reply.echo, &from)) {
		probe->result.times.first_byte = probe_took(probe);
		probe_end(probe, true, "echo reply from %s", icmp->target);
	}
}

static void send_request(probe_t *probe)
{
	icmp_t *icmp = probe->state;
	icmp->request.sequence = htons(icmp->sent++);
	ssize_t len = send(icmp->fd, &icmp->request, sizeof(icmp->request), 0);
	int err = len < 0 ? datagram_error(icmp->fd, errno) : 0;
	if (err != 0) {
		fail(probe, err);
		return;
	}
	uint32_t left = probe_address_left(probe);
	probe_limit(probe, icmp->again < left ? icmp->again : left, icmp->step);
}

static void watch(probe_t *probe)
{
	icmp_t *icmp = probe->state;
	ev_io_init(&icmp->io, on_readable, icmp->fd, EV_READ);
	icmp->io.data = probe;
	ev_io_start(probe->probers->loop, &icmp->io);
}

/*! Pings the next address. \param[in] err  What the one before has failed with. */
static void ping_next(probe_t *probe, int err)
{
	icmp_t *icmp = probe->state;
	icmp->address = probe_next_address(probe);
	if (icmp->address == NULL) {
		probe_end_errno(probe, icmp->target, err);
		return;
	}
	bool v6 = is_v6(icmp->address);
	address_print(icmp->target, icmp->address);
	snprintf(icmp->step, sizeof(icmp->step), "echo reply from %s", icmp->target);
	icmp->again = datagram_again(probe_address_left(probe));
	icmp->request.type = v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	icmp->fd = datagram_socket(icmp->address, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	if (icmp->fd < 0 && errno == EACCES) {
		probe_end_inconclusive(probe, "ping sockets are not allowed: see "
		                       "net.ipv4.ping_group_range in steerd(8)");
	} else if (icmp->fd < 0 || !datagram_connect(icmp->fd, icmp->address) ||
	           !datagram_secret(icmp->request.secret, sizeof(icmp->request.secret))) {
		fail(probe, errno);
	} else {
		watch(probe);
		send_request(probe);
	}
}

static void start(probe_t *probe)
{
	icmp_t *icmp = calloc(1, sizeof(*icmp));
	if (icmp == NULL) {
		probe_end_errno(probe, "", ENOMEM);
		return;
	}
	icmp->fd = -1;
	probe->state = icmp;
	ping_next(probe, 0);
}

static void late(probe_t *probe)
{
	if (probe_address_left(probe) == 0) {
		fail(probe, ETIMEDOUT);
	} else {
		send_request(probe);
	}
}

static void stop(probe_t *probe)
{
	if (probe->state != NULL) {
		close_socket(probe);
		free(probe->state);
	}
}

const probe_kind_t probe_icmp = { .start = start, .late = late, .stop = stop };
