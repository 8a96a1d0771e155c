/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Name servers over TLS (RFC 7858), of which libunbound may know nothing: it is often built
 *        without OpenSSL, as Debian does.
 *
 * So it asks a port of loopback over TCP, and what it says there is carried to the server through
 * a connection whose certificate is verified.
 *
 * Threads:  the loop's.
 * Memory:   its own; connections are bounded.
 * Trust:    any process of this host can connect to the port, and so ask the servers too.
 */
#pragma once

#include <ev.h>

#include "core/forwarders.h"
#include "steerd/tls.h"

/*! Connections at the same time; one more ends the oldest. */
#define RELAY_CONNECTIONS 64

/*! Room for why a connection has failed. */
#define RELAY_FAULT 512

typedef struct relay relay_t;

/*!
 * Opens one.
 *
 * \param[in] servers  All with a name.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EIO with errno
 */
int relay_open(relay_t **relay, struct ev_loop *loop, tls_t *tls,
               const steer_forwarders_t *servers);
/*! Closes it and its connections; NULL is fine. */
void relay_close(relay_t *relay);

/*! What is to be asked instead of the servers. */
const steer_forwarders_t *relay_forwarders(const relay_t *relay);
/*! Why the last connection could not be made or verified; NULL: it was. */
const char *relay_fault(const relay_t *relay);
