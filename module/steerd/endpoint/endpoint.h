/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Where steerd tells what it knows: a socket in the store's directory, and another one if
 *        that is wished.
 *
 * Pages: /healthz, /metrics, /checks.
 *
 * Threads:  the loop's.
 * Memory:   its own; borrows the checks and metrics.
 */
#pragma once

#include "steerd/address.h"
#include "steerd/endpoint/page.h"
#include "store/store.h"

/*! A socket to listen on besides the store's; zeroed memory is none. */
typedef struct {
	const char *path;  /*!< Of a UNIX socket; NULL: none. */
	address_t address; /*!< Of the host itself; of length 0: none. */
} listen_t;

/*! Reads PATH with a slash in it, or ADDRESS:PORT. \retval STEER_OK, STEER_EINVAL */
int listen_parse(listen_t *listen, const char *text, steer_fault_t *fault);

typedef struct endpoint endpoint_t;

/*! \retval STEER_OK, STEER_ENOMEM, STEER_EEXIST, STEER_EACCES, STEER_ENOENT, STEER_EIO */
int endpoint_open(endpoint_t **endpoint, const page_source_t *source, const listen_t *listen,
                  steer_fault_t *fault);
/*!
 * Sees to it that the socket is in the directory of a store, which may have been replaced, and the
 * socket removed. If it cannot be made, that is logged once, and the next call tries again.
 */
void endpoint_follow(endpoint_t *endpoint, const steer_store_t *store);
/*! Removes the sockets; may be NULL. */
void endpoint_close(endpoint_t *endpoint);
