/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief TLS of connections: which certificates are trusted, and what a connection says and expects.
 *
 * Certificates of authorities are loaded once for all connections: some 30 ms of work.
 *
 * Threads:  the loop's.
 * Memory:   its own; a context has copies of what it needs.
 */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>

#include "steer/fault.h"
#include "steerd/address.h"

typedef struct tls tls_t;

/*! What a connection says and expects. */
typedef struct {
	const char *sni;     /*!< NULL: the server is told no name. */
	bool verify;         /*!< Else any certificate is fine, and any version of TLS. */
	const char *name;    /*!< Of the certificate; NULL: it is for the address. */
	const address_t *address;
} tls_peer_t;

/*!
 * Loads the certificates of authorities.
 *
 * \param[in] file  NULL: those of the system. If it has none, that is logged when a certificate
 *                  is first to be verified.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_ENOMEM
 */
int tls_open(tls_t **out, const char *file, steer_fault_t *fault);
/*! Loads them again, or keeps what there is, which is logged. */
void tls_reload(tls_t *tls);
void tls_close(tls_t *tls);

/*! Prepares the context of a connection. \return false: out of memory */
bool tls_prepare(tls_t *tls, SSL_CTX *context, const tls_peer_t *peer);
