/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer of a name server: healthy when it is as expected. The query goes over UDP, again after
 * a while, and over TCP if the answer is truncated. What does not answer the query is ignored, since
 * others may have sent it. An address that cannot be reached gives way to the next; the first
 * answer counts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "steerd/probe/datagram.h"
#include "steerd/probe/dns_message.h"
#include "steerd/probe/probe.h"

/*! Size of the length in front of a message over TCP. */
#define PREFIX 2

/*! In place of an error: the peer has closed the connection. */
#define CLOSED 0

typedef struct {
	ev_io io;
	int fd;            /*!< -1: none. */
	const address_t *address;
	uint32_t again;    /*!< Milliseconds until the query is sent again. */
	bool over_tcp;

	uint8_t query[PREFIX + DNS_QUERY_MAX];
	size_t query_len, sent; /*!< With the length in front. */

	/* Over TCP. */
	uint8_t prefix[PREFIX];
	uint8_t *message;  /*!< NULL: its length is not known yet. */
	size_t received;   /*!< With the length in front. */

	char target[ADDRESS_TEXT + sizeof(" over TCP")];
	char step[ADDRESS_TEXT + sizeof("answer to the query from  over TCP")];
} dns_t;

static void close_socket(probe_t *probe)
{
	dns_t *dns = probe->state;
	if (dns->fd >= 0) {
		ev_io_stop(probe->probers->loop, &dns->io);
		close(dns->fd);
		dns->fd = -1;
	}
	free(dns->message);
	dns->message = NULL;
}

static void watch(probe_t *probe, int events, void (*on_event)(struct ev_loop *, ev_io *, int))
{
	dns_t *dns = probe->state;
	ev_io_stop(probe->probers->loop, &dns->io);
	ev_io_init(&dns->io, on_event, dns->fd, events);
	dns->io.data = probe;
	ev_io_start(probe->probers->loop, &dns->io);
}

/*! Names what is waited for, such as an "answer" from the target. */
static void name_step(dns_t *dns, const char *what)
{
	snprintf(dns->step, sizeof(dns->step), "%s from %s", what, dns->target);
}

static void ask_next(probe_t *probe, int err);

/*! Ends without an answer. \param[in] err  Of a system call, or CLOSED */
static void give_up(probe_t *probe, int err)
{
	const dns_t *dns = probe->state;
	if (err == CLOSED) {
		probe_end(probe, false, "%s closes the connection without an answer", dns->target);
	} else {
		probe_end_errno(probe, dns->target, err);
	}
}

/*! Goes on with the next address. */
static void fail(probe_t *probe, int err)
{
	close_socket(probe);
	ask_next(probe, err);
}

static void ask_over_tcp(probe_t *probe);

static void take(probe_t *probe, uint8_t *message, size_t len)
{
	dns_t *dns = probe->state;
	dns_answer_t answer;
	dns_answer_read(&answer, probe->definition, dns->query + PREFIX, message, len, dns->over_tcp);
	switch (answer.verdict) {
	case DNS_NO_ANSWER:
		if (dns->over_tcp) {
			probe_end(probe, false, "no answer to the query from %s", dns->target);
		}
		name_step(dns, "answer to the query");
		break;
	case DNS_NO_MEMORY:
		fail(probe, ENOMEM);
		break;
	case DNS_TRUNCATED:
		ask_over_tcp(probe);
		break;
	default:
		probe->result.times.first_byte = probe_took(probe);
		probe_end(probe, answer.verdict == DNS_GOOD, "%s from %s%s", answer.is, dns->target,
		          answer.lack);
		break;
	}
}

/* UDP. */

static void on_datagram(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	static uint8_t message[DNS_MESSAGE_MAX];
	ssize_t len = recv(io->fd, message, sizeof(message), 0);
	int err = len < 0 ? datagram_error(io->fd, errno) : 0;
	if (err != 0) {
		fail(io->data, err);
	} else if (len >= 0) {
		take(io->data, message, len);
	}
}

static void send_datagram(probe_t *probe)
{
	dns_t *dns = probe->state;
	ssize_t len = send(dns->fd, dns->query + PREFIX, dns->query_len - PREFIX, 0);
	int err = len < 0 ? datagram_error(dns->fd, errno) : 0;
	if (err != 0) {
		fail(probe, err);
		return;
	}
	uint32_t left = probe_address_left(probe);
	probe_limit(probe, dns->again < left ? dns->again : left, dns->step);
	dns->again *= 2;
}

/*! Writes a query that others can neither guess nor have seen before. */
static bool write_query(probe_t *probe)
{
	dns_t *dns = probe->state;
	uint16_t id;
	if (!datagram_secret(&id, sizeof(id))) {
		return false;
	}
	size_t len = dns_query_write(dns->query + PREFIX, probe->definition, id);
	dns->query[0] = len >> 8;
	dns->query[1] = len & 0xff;
	dns->query_len = PREFIX + len;
	return true;
}

/*! Asks the next address. \param[in] err  What the one before has failed with. */
static void ask_next(probe_t *probe, int err)
{
	dns_t *dns = probe->state;
	dns->address = probe_next_address(probe);
	if (dns->address == NULL) {
		give_up(probe, err);
		return;
	}
	dns->again = datagram_again(probe_address_left(probe));
	dns->over_tcp = false;
	address_print(dns->target, dns->address);
	name_step(dns, "answer");
	dns->fd = datagram_socket(dns->address, IPPROTO_UDP);
	if (dns->fd < 0 || !datagram_connect(dns->fd, dns->address) || !write_query(probe)) {
		fail(probe, errno);
		return;
	}
	watch(probe, EV_READ, on_datagram);
	send_datagram(probe);
}

/* TCP. */

/*! Whether a call has only to be made again, when there is something to do. */
static bool is_early(int err)
{
	return err == EAGAIN || err == EINTR;
}

static size_t message_len(const dns_t *dns)
{
	return dns->prefix[0] << 8 | dns->prefix[1];
}

/*! Reads more of the length in front or, after it, of the message. */
static ssize_t read_more(dns_t *dns)
{
	if (dns->received < PREFIX) {
		return recv(dns->fd, dns->prefix + dns->received, PREFIX - dns->received, 0);
	}
	size_t have = dns->received - PREFIX;
	return recv(dns->fd, dns->message + have, message_len(dns) - have, 0);
}

static void on_stream(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	probe_t *probe = io->data;
	dns_t *dns = probe->state;
	ssize_t len = read_more(dns);
	if (len <= 0) {
		if (len == 0 || !is_early(errno)) {
			fail(probe, len == 0 ? CLOSED : errno);
		}
		return;
	}
	dns->received += len;
	if (dns->received == PREFIX) {
		dns->message = malloc(message_len(dns) + 1); // Also for none.
		if (dns->message == NULL) {
			fail(probe, ENOMEM);
			return;
		}
	}
	if (dns->received >= PREFIX && dns->received == PREFIX + message_len(dns)) {
		take(probe, dns->message, message_len(dns));
	}
}

static void on_writable(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	probe_t *probe = io->data;
	dns_t *dns = probe->state;
	ssize_t len = send(io->fd, dns->query + dns->sent, dns->query_len - dns->sent, 0);
	if (len >= 0) {
		dns->sent += len;
		if (dns->sent == dns->query_len) {
			watch(probe, EV_READ, on_stream);
		}
	} else if (!is_early(errno)) {
		fail(probe, errno);
	}
}

static void ask_over_tcp(probe_t *probe)
{
	dns_t *dns = probe->state;
	close_socket(probe);
	dns->over_tcp = true;
	dns->sent = dns->received = 0;
	strcat(dns->target, " over TCP");
	name_step(dns, "answer");
	const address_t *address = dns->address;
	dns->fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dns->fd < 0 ||
	    (connect(dns->fd, &address->any, address->len) != 0 && errno != EINPROGRESS)) {
		fail(probe, errno);
		return;
	}
	watch(probe, EV_WRITE, on_writable);
	probe_limit(probe, probe_address_left(probe), dns->step);
}

/* The probe. */

static void start(probe_t *probe)
{
	dns_t *dns = calloc(1, sizeof(*dns));
	if (dns == NULL) {
		probe_end_errno(probe, "", ENOMEM);
		return;
	}
	dns->fd = -1;
	probe->state = dns;
	if (dns_definition_is_good(probe->definition)) {
		ask_next(probe, 0);
	} else {
		probe_end_inconclusive(probe, "the store holds an invalid query or value");
	}
}

static void late(probe_t *probe)
{
	const dns_t *dns = probe->state;
	if (dns->over_tcp || probe_address_left(probe) == 0) {
		fail(probe, ETIMEDOUT);
	} else {
		send_datagram(probe);
	}
}

static void stop(probe_t *probe)
{
	if (probe->state != NULL) {
		close_socket(probe);
		free(probe->state);
	}
}

const probe_kind_t probe_dns = { .start = start, .late = late, .stop = stop };
