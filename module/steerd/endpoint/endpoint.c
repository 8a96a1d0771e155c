/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/endpoint/endpoint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "steerd/endpoint/http.h"
#include "steerd/log.h"
#include "store/socket.h"

/*! Connections that wait to be accepted. */
#define BACKLOG 64

/*! A listening socket, and what answers on it. */
typedef struct {
	steer_socket_t socket; /*!< Without a file if it has an address. */
	http_t *http;          /*!< NULL: none. */
} listener_t;

struct endpoint {
	page_source_t source;
	listener_t store, other;
	char *last_fault; /*!< Why the store has no socket, as it was logged. */
};

/* Pages. */

static page_t *page_health(const metrics_t *metrics)
{
	const char *fault = metrics->store_fault != NULL ? metrics->store_fault
	                    : metrics->publish_fault;
	return fault == NULL ? page_text(200, "ok") : page_text(503, fault);
}

static page_t *page_of(void *ctx, const char *path, const page_query_t *query)
{
	const endpoint_t *endpoint = ctx;
	if (strcmp(path, "/healthz") == 0) {
		return page_health(endpoint->source.metrics);
	}
	if (strcmp(path, "/metrics") == 0) {
		return page_metrics(&endpoint->source);
	}
	if (strcmp(path, "/checks") == 0) {
		return page_checks(&endpoint->source, query->id);
	}
	if (strcmp(path, "/targets") == 0) {
		return page_targets(&endpoint->source, query->name);
	}
	return page_text(404, "no such page; there are /healthz, /metrics, /checks, /checks?id=ID, "
	                 "/targets and /targets?name=NAME");
}

/* Listening. */

static const listener_t no_listener = { .socket = { .fd = -1, .folder = -1 } };

static void close_listener(listener_t *listener)
{
	http_close(listener->http);
	steer_socket_close(&listener->socket);
	*listener = no_listener;
}

/*! Answers on a socket, which the listener owns from now on. */
static int answer_on(endpoint_t *endpoint, listener_t *listener, const steer_socket_t *socket,
                     steer_fault_t *fault)
{
	listener->socket = *socket;
	int ret = http_open(&listener->http, endpoint->source.loop, socket->fd, page_of, endpoint, fault);
	if (ret != STEER_OK) {
		close_listener(listener);
	}
	return ret;
}

static int listen_at(const address_t *address, steer_socket_t *made, steer_fault_t *fault)
{
	static const int yes = 1;
	char text[ADDRESS_TEXT];
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
	    bind(fd, &address->any, address->len) != 0 || listen(fd, BACKLOG) != 0) {
		int err = errno;
		if (fd >= 0) {
			close(fd);
		}
		return steer_fault(fault, STEER_EIO, "%s: %s", address_print(text, address), strerror(err));
	}
	*made = no_listener.socket;
	made->fd = fd;
	return STEER_OK;
}

static int open_other(endpoint_t *endpoint, const listen_t *listen, steer_fault_t *fault)
{
	steer_socket_t socket;
	if (listen->path == NULL && listen->address.len == 0) {
		return STEER_OK;
	}
	int ret = listen->path != NULL ? steer_socket_listen(&socket, listen->path, fault)
	          : listen_at(&listen->address, &socket, fault);
	return ret == STEER_OK ? answer_on(endpoint, &endpoint->other, &socket, fault) : ret;
}

static void note_fault(endpoint_t *endpoint, const char *text)
{
	const char *last = endpoint->last_fault;
	if (text != NULL && (last == NULL || strcmp(last, text) != 0)) {
		log_line(LOG_ERR, "%s; steerctl cannot ask this steerd", text);
	}
	free(endpoint->last_fault);
	endpoint->last_fault = text != NULL ? strdup(text) : NULL;
}

void endpoint_follow(endpoint_t *endpoint, const steer_store_t *store)
{
	steer_socket_t socket;
	steer_fault_t fault;
	if (steer_store_has_socket(store, &endpoint->store.socket)) {
		return;
	}
	close_listener(&endpoint->store);
	int ret = steer_store_listen(&socket, store, &fault);
	if (ret == STEER_OK) {
		ret = answer_on(endpoint, &endpoint->store, &socket, &fault);
	}
	note_fault(endpoint, ret == STEER_OK ? NULL : fault.text);
}

int endpoint_open(endpoint_t **endpoint, const page_source_t *source, const listen_t *listen,
                  steer_fault_t *fault)
{
	endpoint_t *new = calloc(1, sizeof(*new));
	if (new == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	*new = (endpoint_t) { .source = *source, .store = no_listener, .other = no_listener };
	int ret = open_other(new, listen, fault);
	if (ret != STEER_OK) {
		endpoint_close(new);
		return ret;
	}
	*endpoint = new;
	return STEER_OK;
}

void endpoint_close(endpoint_t *endpoint)
{
	if (endpoint != NULL) {
		close_listener(&endpoint->store);
		close_listener(&endpoint->other);
		free(endpoint->last_fault);
		free(endpoint);
	}
}

/* The option. */

static bool is_loopback(const address_t *address)
{
	return address->any.sa_family == AF_INET ? ntohl(address->v4.sin_addr.s_addr) >> 24 == 127
	                                         : IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

int listen_parse(listen_t *listen, const char *text, steer_fault_t *fault)
{
	static const char allowed[] = "allowed: an address of this host alone with a port, such as "
	                              "127.0.0.1:9180 or [::1]:9180, or a path with a slash in it";
	listen_t parsed = { .path = strchr(text, '/') != NULL ? text : NULL };
	if (parsed.path == NULL && !address_parse_port(&parsed.address, text)) {
		return steer_fault(fault, STEER_EINVAL, "'%s' is not an address with a port; %s", text,
		                   allowed);
	}
	if (parsed.path == NULL && !is_loopback(&parsed.address)) {
		return steer_fault(fault, STEER_EINVAL, "'%s' can be reached by others; %s", text, allowed);
	}
	*listen = parsed;
	return STEER_OK;
}
