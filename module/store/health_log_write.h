/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The health log as a transaction of the status writes it.
 *
 * For this room alone. A transition is committed with what it does to the status, so nothing that
 * was acknowledged is missing, and what a writer puts there again after a crash is in it once.
 */
#pragma once

#include "store/handles.h"

/*! The log in a transaction; new with these two, and everything else zero. */
typedef struct {
	steer_store_t *store;
	MDB_txn *status;
	uint64_t next;  /*!< Number of the next transition; 0: it is not known yet, nor is the rest. */
	uint32_t keep;  /*!< Transitions to keep, ... */
	uint64_t pages; /*!< ... and pages to fill, at most. */
} steer_health_logger_t;

/*!
 * Adds a transition, and removes what need not be kept any longer, a limited number at a time.
 *
 * \param[in] key    In STATUS: its kind, and the id of the check.
 * \param[in] state  As it is written there, or cleared.
 *
 * \return An error of LMDB.
 */
int steer_health_log_add(steer_health_logger_t *logger, const MDB_val *key, const MDB_val *state);
/*!
 * Notes that a state changes without a transition: who follows the log must look at all states.
 *
 * \return An error of LMDB.
 */
int steer_health_log_omit(const steer_health_logger_t *logger);
