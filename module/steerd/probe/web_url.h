/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief URLs of probes by HTTP and HTTPS.
 *
 * Threads:  any.
 * Memory:   a URL has its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	char *text;
	char *host;    /*!< A name or an address, that of IPv6 without brackets. */
	bool secure;   /*!< HTTPS. */
	uint16_t port;
} web_url_t;

/*! Makes a URL; path begins with a slash. \retval STEER_OK, STEER_ENOMEM */
int web_url_make(web_url_t *url, bool secure, const char *host, uint16_t port, const char *path);
/*!
 * Makes the URL that a redirect leads to, which may be relative.
 *
 * \retval STEER_OK, STEER_EINVAL: it is not one of HTTP or HTTPS, STEER_ENOMEM
 */
int web_url_follow(web_url_t *url, const web_url_t *from, const char *location);
/*! Whether both are of the same server: scheme, host and port. */
bool web_url_is_same_server(const web_url_t *url, const web_url_t *other);
void web_url_free(web_url_t *url);
