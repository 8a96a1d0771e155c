/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Writing to the status in a transaction.
 *
 * For this room alone.
 */
#pragma once

#include "store/health_log_write.h"
#include "store/status.h"

/*! Room for any value of the status. */
#define STEER_STATUS_VALUE_MAX STEER_EXTERNAL_ANSWER_MAX
/*!
 * Makes the key and the value of an entry of the status.
 *
 * \param[out] key, buf  Room for both.
 * \param[out] value     Without data: the entry is to be removed. One that is cleared has data.
 */
int steer_status_encode(const steer_store_t *store, const steer_status_entry_t *status,
                        uint8_t key[STEER_EXTERNAL_KEY_MAX], uint8_t buf[STEER_STATUS_VALUE_MAX],
                        MDB_val *k, MDB_val *value, steer_fault_t *fault);
/*!
 * Puts a check's state, or removes the one that is cleared, and adds the transition to the health
 * log.
 *
 * \param[in] key, state  As steer_status_encode() or a log has them.
 *
 * \return An error of LMDB.
 */
int steer_status_put_state(steer_health_logger_t *logger, const MDB_val *key,
                           const MDB_val *state);
/*! Puts a state of the change log into the status. \return An error of LMDB. */
int steer_status_put(steer_health_logger_t *logger, const steer_log_entry_t *entry);
/*! As steer_status_write(), in a transaction. \param[out] changed  Something differs. */
int steer_status_write_in(steer_store_t *store, MDB_txn *txn,
                          const steer_status_entry_t *status, size_t count, bool *changed,
                          steer_fault_t *fault);
