/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A change set of another store's log, applied as it is.
 *
 * Sequence number, serials, generations and slots are those of the log, and what is logged here is
 * equal byte by byte. No rule is checked that could refuse what was accepted there; but everything
 * that was there before according to the log must be here, so that no store becomes what nobody has
 * written.
 *
 * A store to replay into starts as a backup. Its status takes no part in this, except for what a
 * change set says about it.
 *
 * Memory:  a part and some hundred KiB, whatever the size of the change set; where a delegation
 *          comes or goes, or the mode of a zone changes, as much again as for the writer: some 70
 *          bytes for each name below.
 */
#pragma once

#include "store/store.h"

/*!
 * Gives the next part of a change set, as it is stored, from part 0 on; good until the next call.
 *
 * \retval STEER_OK
 * \retval Any error  It ends the replay, and is returned.
 */
typedef int (*steer_replay_part_f)(void *ctx, const void **part, size_t *size);

/*!
 * Applies a logged change set in one durable transaction.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  It does not fit: it is not the next one, or of another history, or
 *                         something here is not as the log says. Nothing changed.
 * \retval STEER_EDAMAGED  It cannot be read, or a value here. Nothing changed.
 * \retval STEER_EFULL, STEER_EACCES, STEER_ENOMEM, STEER_EIO  Nothing changed.
 */
int steer_store_replay(steer_store_t *store, uint64_t sequence, steer_replay_part_f next, void *ctx,
                       steer_fault_t *fault);
