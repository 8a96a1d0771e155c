/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Following the store: which health checks and alias targets are used, how the checks are
 *        defined now, and what the settings say.
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

#include "steerd/endpoint/endpoint.h"
#include "steerd/follow_targets.h"
#include "steerd/publish.h"

typedef struct follower follower_t;

/*! What follows. */
typedef struct {
	checks_t *checks;
	target_follower_t targets;
	publisher_t *publisher;
	endpoint_t *endpoint;
	metrics_t *metrics;
} follower_parts_t;

/*!
 * Opens the store and takes its checks and targets.
 *
 * \retval STEER_OK, STEER_ENOENT, STEER_EACCES, STEER_EBUSY, STEER_EIO, ...
 */
int follower_open(follower_t **follower, struct ev_loop *loop, const char *dir,
                  const follower_parts_t *parts, steer_fault_t *fault);
/*! Takes all definitions again, soon. */
void follower_reload(follower_t *follower);
/*! Closes the store, which the publisher no longer uses. */
void follower_close(follower_t *follower);
