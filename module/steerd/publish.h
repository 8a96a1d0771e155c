/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Publishing: writes decided states, answers of targets and a heartbeat into the store's
 *        status, many with one commit.
 *
 * A commit waits for the disk, so it is made by a thread of its own, one at a time, and what
 * changes meanwhile goes into the next one. What could not be written is tried again until it is.
 *
 * Threads:  the loop's, besides its own.
 * Memory:   its own.
 */
#pragma once

#include <ev.h>

#include "steerd/batch.h"

/*! Seconds that decided states wait for others. */
#define PUBLISH_TOGETHER 0.005
/*! Seconds that changed answers of targets wait for others. */
#define PUBLISH_TARGETS_TOGETHER 0.1
/*! Seconds between attempts while the status cannot be written. */
#define PUBLISH_AGAIN    1.0

typedef struct publisher publisher_t;

/*! \retval STEER_OK, STEER_ENOMEM, STEER_EIO */
int publisher_open(publisher_t **publisher, struct ev_loop *loop, checks_t *checks,
                   targets_t *targets, metrics_t *metrics, steer_fault_t *fault);
/*! Sets the store to write to; NULL: none for now. Waits for a commit that is being made. */
void publisher_use(publisher_t *publisher, steer_store_t *store);
/*! Publishes soon what is unpublished. */
void publisher_wake(publisher_t *publisher);
/*! Tries once to publish what is left, also the times of answers, and ends the thread. */
void publisher_close(publisher_t *publisher);
