/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Whether steerd is at work or silent, as its heartbeat in the status and the settings say.
 *
 * Threads:  as readers.
 */
#pragma once

#include "core/heartbeat.h"
#include "store/store.h"

/*!
 * Decides whether steerd is silent.
 *
 * \param[in] records, status  Renewed readers of the two environments.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_EDAMAGED  A setting is, and was given its default; or the heartbeat is, and steerd
 *                         counts as one that was never at work.
 */
int steer_silence_read(const steer_reader_t *records, const steer_reader_t *status,
                       const steer_now_t *now, steer_silence_t *silence);

/*!
 * Whether steerd is at work: its last heartbeat is younger than three times their interval.
 *
 * \param[in] status  Renewed reader.
 */
bool steer_steerd_is_at_work(const steer_reader_t *status, const steer_now_t *now);
