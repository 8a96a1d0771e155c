/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Beginning and ending a write transaction.
 */
#pragma once

#include "store/change/write.h"

/*! Begins a change set: it gets the next sequence number. */
int steer_write_begin(steer_write_t *write, steer_store_t *store, steer_fault_t *fault);
/*! Begins to write to the status as well, after making it what the log says. */
int steer_write_status(steer_write_t *write);
/*!
 * Commits durably and rings the doorbell. On error, nothing has changed, unless it is the status that
 * could not be committed: then the next writer does that. Ends the transaction.
 */
int steer_write_commit(steer_write_t *write);
void steer_write_abort(steer_write_t *write);
