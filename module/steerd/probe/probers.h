/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What probes share: the loop, and what each kind opens once for all its probes.
 *
 * Threads:  the loop's.
 */
#pragma once

#include <ev.h>

#include "steerd/probe/curl_loop.h"
#include "steerd/probe/process.h"
#include "steerd/resolve/resolve.h"
#include "steerd/tls.h"

typedef struct {
	struct ev_loop *loop;
	bool commands; /*!< They are run. */
	curl_loop_t *curl;
	processes_t processes;
	resolver_t *resolver;
	tls_t *tls;
} probers_t;

/*!
 * Opens what probes share.
 *
 * \param[in] tls        Borrowed.
 * \param[in] resolvers  Whom to ask for the addresses of hosts.
 * \param[in] commands   Whether to run commands.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EIO
 */
int probers_open(probers_t *probers, struct ev_loop *loop, tls_t *tls,
                 const steer_forwarders_t *resolvers, bool commands, steer_fault_t *fault);
/*! Reads again what was read from files. */
void probers_reload(probers_t *probers);
/*! Closes it, after all probes were stopped. */
void probers_close(probers_t *probers);
