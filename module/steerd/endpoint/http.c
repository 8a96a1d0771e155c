/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/endpoint/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/*! Seconds until connections are accepted again after there was no descriptor for one. */
#define ACCEPT_AGAIN 1.0

typedef struct client {
	int fd;
	uint64_t since; /*!< In milliseconds by the boot clock, which is never set back. */
	TAILQ_ENTRY(client) entry;
} client_t;

typedef TAILQ_HEAD(client_list, client) client_list_t;

struct http {
	struct ev_loop *loop;
	http_page_f page;
	void *ctx;
	struct MHD_Daemon *daemon;
	ev_io incoming;    /*!< Connections to accept. */
	ev_io ready;       /*!< Something to do for the library. */
	ev_timer again;    /*!< The same, in the next round of the loop. */
	ev_timer deadline; /*!< Of the oldest connection. */
	ev_timer pause;    /*!< Until connections are accepted again. */
	client_t all[HTTP_CLIENTS];
	client_list_t clients; /*!< Oldest first. */
	client_list_t unused;
};

/* Requests. */

static ssize_t read_page(void *page, uint64_t at, char *buf, size_t size)
{
	(void)at;
	size_t got = page_read(page, buf, size);
	return got > 0 ? (ssize_t)got : MHD_CONTENT_READER_END_OF_STREAM;
}

static void drop_page(void *page)
{
	page_free(page);
}

/*! Answers with a page, which it owns. */
static enum MHD_Result respond(struct MHD_Connection *connection, page_t *page)
{
	struct MHD_Response *response = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, HTTP_MEMORY, read_page, page, drop_page);
	if (response == NULL) {
		page_free(page);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, page->type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	if (page->status == MHD_HTTP_METHOD_NOT_ALLOWED) {
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	}
	enum MHD_Result ret = MHD_queue_response(connection, page->status, response);
	MHD_destroy_response(response);
	return ret;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
	(void)version;
	(void)upload;
	(void)upload_size;
	(void)state;
	http_t *http = data;
	bool allowed = strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
	               strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
	const page_query_t query = {
		.id = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "id"),
		.name = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "name"),
	};
	page_t *page = !allowed
		? page_text(MHD_HTTP_METHOD_NOT_ALLOWED, "method not allowed; allowed: GET, HEAD")
		: http->page(http->ctx, path, &query);
	return page != NULL ? respond(connection, page) : MHD_NO;
}

/* Connections. */

/*! Ends a connection, which the library notices. */
static void cut(client_t *client)
{
	static const struct linger at_once = { .l_onoff = 1 };
	(void)setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	(void)shutdown(client->fd, SHUT_RDWR);
}

static uint64_t now_ms(void)
{
	steer_now_t now;
	steer_now(&now);
	return now.boot_ms;
}

static void on_notice(void *data, struct MHD_Connection *connection, void **context,
                      enum MHD_ConnectionNotificationCode code)
{
	http_t *http = data;
	client_t *client;
	if (code == MHD_CONNECTION_NOTIFY_STARTED && !TAILQ_EMPTY(&http->unused)) {
		client = TAILQ_FIRST(&http->unused);
		TAILQ_REMOVE(&http->unused, client, entry);
		client->fd = MHD_get_connection_info(connection,
		                                     MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		client->since = now_ms();
		TAILQ_INSERT_TAIL(&http->clients, client, entry);
		*context = client;
	} else if (code == MHD_CONNECTION_NOTIFY_CLOSED && *context != NULL) {
		client = *context;
		TAILQ_REMOVE(&http->clients, client, entry);
		TAILQ_INSERT_TAIL(&http->unused, client, entry);
		*context = NULL;
	}
}

/*! Lets the library do what there is to do now. */
static void work(http_t *http)
{
	MHD_run(http->daemon);
	unsigned long long wait;
	if (MHD_get_timeout(http->daemon, &wait) == MHD_YES && wait == 0 &&
	    !ev_is_active(&http->again)) {
		ev_timer_set(&http->again, 0, 0);
		ev_timer_start(http->loop, &http->again);
	}
	ev_timer_stop(http->loop, &http->deadline);
	if (!TAILQ_EMPTY(&http->clients)) {
		double left = HTTP_SECONDS - (now_ms() - TAILQ_FIRST(&http->clients)->since) / 1000.0;
		ev_timer_set(&http->deadline, left > 0 ? left : 0, 0);
		ev_timer_start(http->loop, &http->deadline);
	}
}

static void on_ready(struct ev_loop *loop, ev_io *io, int events)
{
	(void)loop;
	(void)events;
	work(io->data);
}

static void on_again(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	work(timer->data);
}

static void on_deadline(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	http_t *http = timer->data;
	cut(TAILQ_FIRST(&http->clients));
	work(http);
}

static void on_pause(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)events;
	http_t *http = timer->data;
	ev_io_start(loop, &http->incoming);
}

/*! Accepts one connection; others have their turn in the next rounds of the loop. */
static void on_incoming(struct ev_loop *loop, ev_io *io, int events)
{
	(void)events;
	http_t *http = io->data;
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	int fd = accept4(io->fd, (struct sockaddr *)&address, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			ev_io_stop(loop, io);
			ev_timer_set(&http->pause, ACCEPT_AGAIN, 0);
			ev_timer_start(loop, &http->pause);
		}
		return;
	}
	if (TAILQ_EMPTY(&http->unused)) {
		cut(TAILQ_FIRST(&http->clients));
		MHD_run(http->daemon);
	}
	MHD_add_connection(http->daemon, fd, (struct sockaddr *)&address, len);
	work(http);
}

/* Opening and closing. */

static void watch(http_t *http, int fd, int ready_fd)
{
	ev_io_init(&http->incoming, on_incoming, fd, EV_READ);
	ev_io_init(&http->ready, on_ready, ready_fd, EV_READ);
	ev_timer_init(&http->again, on_again, 0, 0);
	ev_timer_init(&http->deadline, on_deadline, 0, 0);
	ev_timer_init(&http->pause, on_pause, 0, 0);
	http->incoming.data = http->ready.data = http;
	http->again.data = http->deadline.data = http->pause.data = http;
	// Probes and states come first.
	ev_set_priority(&http->incoming, EV_MINPRI);
	ev_set_priority(&http->ready, EV_MINPRI);
	ev_set_priority(&http->again, EV_MINPRI);
	ev_io_start(http->loop, &http->incoming);
	ev_io_start(http->loop, &http->ready);
}

int http_open(http_t **http, struct ev_loop *loop, int fd, http_page_f page, void *ctx,
              steer_fault_t *fault)
{
	http_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	new->loop = loop;
	new->page = page;
	new->ctx = ctx;
	TAILQ_INIT(&new->clients);
	TAILQ_INIT(&new->unused);
	for (unsigned i = 0; i < HTTP_CLIENTS; i++) {
		TAILQ_INSERT_TAIL(&new->unused, &new->all[i], entry);
	}
	new->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request, new,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CLIENTS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_MEMORY,
		MHD_OPTION_NOTIFY_CONNECTION, on_notice, new, MHD_OPTION_END);
	const union MHD_DaemonInfo *info =
		new->daemon != NULL ? MHD_get_daemon_info(new->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
	if (info == NULL) {
		if (new->daemon != NULL) {
			MHD_stop_daemon(new->daemon);
		}
		free(new);
		return steer_fault(fault, STEER_EIO, "libmicrohttpd cannot be started");
	}
	watch(new, fd, info->epoll_fd);
	*http = new;
	return STEER_OK;
}

void http_close(http_t *http)
{
	if (http != NULL) {
		ev_io_stop(http->loop, &http->incoming);
		ev_io_stop(http->loop, &http->ready);
		ev_timer_stop(http->loop, &http->again);
		ev_timer_stop(http->loop, &http->deadline);
		ev_timer_stop(http->loop, &http->pause);
		MHD_stop_daemon(http->daemon);
		free(http);
	}
}
