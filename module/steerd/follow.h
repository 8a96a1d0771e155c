/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Following the store: which health checks are used, and how they are defined now.
 *
 * Probed are the checks that record sets name, and the children of calculated checks that they
 * name, unless they are disabled. A commit is noticed by the doorbell, and without it by polling. A
 * store that was replaced by another one, or has outgrown its map, is opened anew.
 *
 * Threads:  the loop's.
 * Memory:   its own.
 */
#pragma once

#include <ev.h>

#include "steerd/checks.h"
#include "steerd/endpoint/endpoint.h"
#include "steerd/publish.h"

typedef struct follower follower_t;

/*!
 * Opens the store and takes its checks.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EACCES, STEER_EBUSY, STEER_EIO, ...
 */
int follower_open(follower_t **follower, struct ev_loop *loop, const char *dir, checks_t *checks,
                  publisher_t *publisher, endpoint_t *endpoint, metrics_t *metrics,
                  steer_fault_t *fault);
/*! Takes all definitions again, soon. */
void follower_reload(follower_t *follower);
/*! Closes the store, which the publisher no longer uses. */
void follower_close(follower_t *follower);
