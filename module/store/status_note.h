/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Numbers in the status: of the last change set with states, and how many changes the health
 *        log lacks.
 *
 * For this room alone. A kind is STEER_STATUS_STATED or _UNLOGGED.
 */
#pragma once

#include "store/handles.h"

/*! Writes a number. \return An error of LMDB. */
int steer_status_note(const steer_store_t *store, MDB_txn *status, uint8_t kind, uint64_t note);
/*! Reads a number. \param[out] noted  0: there is none. \return An error of LMDB. */
int steer_status_noted(const steer_store_t *store, MDB_txn *status, uint8_t kind, uint64_t *noted);
/*! Opens a stored number; one that is damaged is 0. */
uint64_t steer_status_note_open(const void *value, size_t len);
