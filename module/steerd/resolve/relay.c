/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/relay.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "formats/forwarders.h"

/*! Bytes on their way in one direction. */
#define BUFFER  16384
#define BACKLOG 128
/*! Seconds until it accepts connections again, after descriptors or memory have run out. */
#define ACCEPT_AGAIN 0.1

/*! What was read and is not written yet. */
typedef struct {
	size_t start, end;
	uint8_t bytes[BUFFER];
} buffer_t;

typedef struct connection {
	TAILQ_ENTRY(connection) entry;
	struct relay *relay;
	const struct listener *listener;
	int plain, secure; /*!< Sockets; -1: none. */
	SSL *ssl;
	bool established;  /*!< The handshake is done. */
	bool wants_write;  /*!< TLS can go on when the socket is writable. */
	buffer_t out, in;  /*!< To the server, and from it. */
	ev_io plain_io, secure_io;
} connection_t;

/*! Where libunbound connects to, for a server. */
typedef struct listener {
	struct relay *relay;
	int fd; /*!< -1: none. */
	ev_io io;
	ev_timer pause;
	address_t server;
	char text[STEER_FORWARDER_TEXT]; /*!< The server, for messages. */
	const char *name;                /*!< In text, that of its certificate. */
} listener_t;

struct relay {
	struct ev_loop *loop;
	tls_t *tls;
	steer_forwarders_t forwarders;
	listener_t listeners[STEER_FORWARDERS_MAX];
	TAILQ_HEAD(connection_list, connection) connections; /*!< The oldest first. */
	unsigned connections_count;
	char fault[RELAY_FAULT]; /*!< Empty: none. */
};

/* Buffers. */

static bool is_empty(const buffer_t *buffer)
{
	return buffer->start == buffer->end;
}

static void take_from(buffer_t *buffer, size_t size)
{
	buffer->start += size;
	if (is_empty(buffer)) {
		buffer->start = buffer->end = 0;
	}
}

/* Connections. */

static void close_connection(connection_t *connection)
{
	relay_t *relay = connection->relay;
	ev_io_stop(relay->loop, &connection->plain_io);
	ev_io_stop(relay->loop, &connection->secure_io);
	TAILQ_REMOVE(&relay->connections, connection, entry);
	relay->connections_count--;
	SSL_free(connection->ssl); // NULL is fine.
	close(connection->plain);
	if (connection->secure >= 0) {
		close(connection->secure);
	}
	free(connection);
}

/*! Notes why a server could not be reached or verified. */
static void note(const connection_t *connection, const char *why)
{
	snprintf(connection->relay->fault, sizeof(connection->relay->fault), "TLS with %s: %s",
	         connection->listener->text, why);
}

/*! Notes why a handshake has failed. */
static void note_handshake(const connection_t *connection, int err)
{
	long verified = SSL_get_verify_result(connection->ssl);
	unsigned long error = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(error);
	if (verified != X509_V_OK) {
		note(connection, X509_verify_cert_error_string(verified));
	} else if (error != 0 && reason != NULL) {
		note(connection, reason);
	} else {
		note(connection, err != 0 ? strerror(err) : "the connection was closed");
	}
	ERR_clear_error();
}

typedef enum { MOVED, STUCK, OVER } progress_t;

/*! What a call of TLS has led to that did not succeed. */
static progress_t judge(connection_t *connection, int ret)
{
	int err = errno;
	switch (SSL_get_error(connection->ssl, ret)) {
	case SSL_ERROR_WANT_WRITE:
		connection->wants_write = true;
		return STUCK;
	case SSL_ERROR_WANT_READ:
		return STUCK;
	default:
		if (!connection->established) {
			note_handshake(connection, ret < 0 ? err : 0);
		}
		return OVER;
	}
}

static progress_t shake_hands(connection_t *connection)
{
	if (connection->established) {
		return STUCK;
	}
	ERR_clear_error();
	errno = 0;
	int ret = SSL_connect(connection->ssl);
	if (ret != 1) {
		return judge(connection, ret);
	}
	connection->established = true;
	connection->relay->fault[0] = '\0';
	return MOVED;
}

static progress_t read_plain(connection_t *connection)
{
	buffer_t *out = &connection->out;
	if (out->end == sizeof(out->bytes)) {
		return STUCK;
	}
	ssize_t size = read(connection->plain, out->bytes + out->end, sizeof(out->bytes) - out->end);
	if (size > 0) {
		out->end += size;
		return MOVED;
	}
	if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
		return STUCK;
	}
	if (!connection->established) {
		note(connection, "no answer"); // libunbound has lost its patience.
	}
	return OVER;
}

static progress_t write_plain(connection_t *connection)
{
	buffer_t *in = &connection->in;
	if (is_empty(in)) {
		return STUCK;
	}
	ssize_t size = write(connection->plain, in->bytes + in->start, in->end - in->start);
	if (size > 0) {
		take_from(in, size);
		return MOVED;
	}
	return errno == EAGAIN || errno == EINTR ? STUCK : OVER;
}

static progress_t write_secure(connection_t *connection)
{
	buffer_t *out = &connection->out;
	if (!connection->established || is_empty(out)) {
		return STUCK;
	}
	ERR_clear_error();
	int size = SSL_write(connection->ssl, out->bytes + out->start, out->end - out->start);
	if (size <= 0) {
		return judge(connection, size);
	}
	take_from(out, size);
	return MOVED;
}

static progress_t read_secure(connection_t *connection)
{
	buffer_t *in = &connection->in;
	if (!connection->established || !is_empty(in)) {
		return STUCK; // So that nothing is left when the server ends the connection.
	}
	ERR_clear_error();
	int size = SSL_read(connection->ssl, in->bytes, sizeof(in->bytes));
	if (size <= 0) {
		return judge(connection, size);
	}
	in->end = size;
	return MOVED;
}

/*! Watches a socket. */
static void watch(connection_t *connection, ev_io *io, int fd, int events)
{
	ev_io_stop(connection->relay->loop, io);
	ev_io_set(io, fd, events);
	if (events != 0) {
		ev_io_start(connection->relay->loop, io);
	}
}

/*! Carries what can be carried, in all directions. */
static void carry(connection_t *connection)
{
	static progress_t (*const ways[])(connection_t *) = {
		read_plain, shake_hands, write_secure, read_secure, write_plain,
	};
	bool moved = true;
	connection->wants_write = false;
	while (moved) {
		moved = false;
		for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
			progress_t progress = ways[i](connection);
			if (progress == OVER) {
				close_connection(connection);
				return;
			}
			moved = moved || progress == MOVED;
		}
	}
	const buffer_t *out = &connection->out, *in = &connection->in;
	watch(connection, &connection->plain_io, connection->plain,
	      (out->end < sizeof(out->bytes) ? EV_READ : 0) | (!is_empty(in) ? EV_WRITE : 0));
	watch(connection, &connection->secure_io, connection->secure,
	      (is_empty(in) ? EV_READ : 0) | (connection->wants_write ? EV_WRITE : 0));
}

static void on_io(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	carry(io->data);
}

/*! Begins to connect to the server. \return false: errno or TLS says why not */
static bool connect_server(connection_t *connection)
{
	const listener_t *listener = connection->listener;
	const address_t *server = &listener->server;
	const tls_peer_t peer = {
		.sni = listener->name, .verify = true, .name = listener->name, .address = server,
	};
	connection->secure = socket(server->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	                            0);
	if (connection->secure < 0 ||
	    (connect(connection->secure, &server->any, server->len) != 0 && errno != EINPROGRESS)) {
		return false;
	}
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	if (context == NULL) {
		errno = ENOMEM;
		return false;
	}
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	if (tls_prepare(connection->relay->tls, context, &peer)) {
		connection->ssl = SSL_new(context);
	}
	SSL_CTX_free(context); // The connection has a reference.
	errno = ENOMEM;
	return connection->ssl != NULL && SSL_set_fd(connection->ssl, connection->secure) == 1;
}

static void start_connection(const listener_t *listener, int plain)
{
	relay_t *relay = listener->relay;
	connection_t *connection = calloc(1, sizeof(*connection));
	if (connection == NULL) {
		close(plain);
		return;
	}
	if (relay->connections_count == RELAY_CONNECTIONS) {
		close_connection(TAILQ_FIRST(&relay->connections));
	}
	connection->relay = relay;
	connection->listener = listener;
	connection->plain = plain;
	connection->secure = -1;
	ev_init(&connection->plain_io, on_io);
	ev_init(&connection->secure_io, on_io);
	connection->plain_io.data = connection->secure_io.data = connection;
	TAILQ_INSERT_TAIL(&relay->connections, connection, entry);
	relay->connections_count++;
	if (connect_server(connection)) {
		carry(connection);
	} else {
		note(connection, strerror(errno));
		close_connection(connection);
	}
}

static void on_pause(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)events;
	listener_t *listener = timer->data;
	ev_io_start(loop, &listener->io);
}

static void on_accept(struct ev_loop *loop, ev_io *io, int events)
{
	(void)events;
	listener_t *listener = io->data;
	int fd = accept4(io->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0) {
		start_connection(listener, fd);
	} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
		ev_io_stop(loop, io);
		ev_timer_set(&listener->pause, ACCEPT_AGAIN, 0);
		ev_timer_start(loop, &listener->pause);
	}
}

/* The relay. */

static void take_server(listener_t *listener, const steer_forwarder_t *server)
{
	int family = server->version == STEER_FORWARDER_IPV4 ? AF_INET : AF_INET6;
	(void)address_from_bytes(&listener->server, family, server->address,
	                         family == AF_INET ? 4 : 16);
	address_set_port(&listener->server, server->port);
	steer_forwarder_print(server, listener->text);
	listener->name = strchr(listener->text, '#') + 1;
}

/*! Listens on a free port of loopback. \return false: errno says why not */
static bool start_listening(listener_t *listener, steer_forwarder_t *forwarder)
{
	address_t address;
	(void)address_parse(&address, "127.0.0.1", 0);
	listener->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (listener->fd < 0 || bind(listener->fd, &address.any, address.len) != 0 ||
	    listen(listener->fd, BACKLOG) != 0 ||
	    getsockname(listener->fd, &address.any, &address.len) != 0) {
		return false;
	}
	*forwarder = (steer_forwarder_t) {
		.version = STEER_FORWARDER_IPV4, .port = ntohs(address.v4.sin_port),
	};
	memcpy(forwarder->address, &address.v4.sin_addr, sizeof(address.v4.sin_addr));
	ev_io_init(&listener->io, on_accept, listener->fd, EV_READ);
	ev_timer_init(&listener->pause, on_pause, 0, 0);
	listener->io.data = listener->pause.data = listener;
	ev_io_start(listener->relay->loop, &listener->io);
	return true;
}

int relay_open(relay_t **relay, struct ev_loop *loop, tls_t *tls,
               const steer_forwarders_t *servers)
{
	relay_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		return STEER_ENOMEM;
	}
	new->loop = loop;
	new->tls = tls;
	TAILQ_INIT(&new->connections);
	for (; new->forwarders.count < servers->count; new->forwarders.count++) {
		listener_t *listener = &new->listeners[new->forwarders.count];
		listener->relay = new;
		take_server(listener, &servers->servers[new->forwarders.count]);
		if (!start_listening(listener, &new->forwarders.servers[new->forwarders.count])) {
			int err = errno;
			new->forwarders.count++;
			relay_close(new);
			errno = err;
			return STEER_EIO;
		}
	}
	*relay = new;
	return STEER_OK;
}

void relay_close(relay_t *relay)
{
	if (relay == NULL) {
		return;
	}
	while (!TAILQ_EMPTY(&relay->connections)) {
		close_connection(TAILQ_FIRST(&relay->connections));
	}
	for (unsigned i = 0; i < relay->forwarders.count; i++) {
		ev_io_stop(relay->loop, &relay->listeners[i].io);
		ev_timer_stop(relay->loop, &relay->listeners[i].pause);
		if (relay->listeners[i].fd >= 0) {
			close(relay->listeners[i].fd);
		}
	}
	free(relay);
}

const steer_forwarders_t *relay_forwarders(const relay_t *relay)
{
	return &relay->forwarders;
}

const char *relay_fault(const relay_t *relay)
{
	return relay->fault[0] != '\0' ? relay->fault : NULL;
}
