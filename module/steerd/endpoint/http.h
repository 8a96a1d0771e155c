/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Pages over HTTP, on one listening socket.
 *
 * libmicrohttpd works in the loop, and never waits. Nobody can hold up anyone else: a connection
 * has one request and HTTP_SECONDS, a request has so many bytes, and when all connections are taken
 * a new one ends the oldest.
 *
 * Threads:  the loop's.
 * Memory:   its own, at most some 32 KiB for each connection.
 */
#pragma once

#include <ev.h>

#include "steer/fault.h"
#include "steerd/endpoint/page.h"

/*! Connections at the same time. */
#define HTTP_CLIENTS 32
/*! How long a connection may take. */
#define HTTP_SECONDS 10.0
/*! Bytes of a request, and of what is sent at once. */
#define HTTP_MEMORY  16384

typedef struct http http_t;

/*!
 * Makes the page of a path.
 *
 * \param[in] query  Its parameters.
 *
 * \return NULL: out of memory
 */
typedef page_t *(*http_page_f)(void *ctx, const char *path, const page_query_t *query);

/*!
 * Begins to answer.
 *
 * \param[in] fd  Listens, does not block; borrowed.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EIO
 */
int http_open(http_t **http, struct ev_loop *loop, int fd, http_page_f page, void *ctx,
              steer_fault_t *fault);
/*! Ends all connections; may be NULL. */
void http_close(http_t *http);
