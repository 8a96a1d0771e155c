/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Writing to the status in a transaction.
 *
 * For this room alone.
 */
#pragma once

#include "store/handles.h"
#include "store/status.h"

/*! Room for any value of the status. */
#define STEER_STATUS_VALUE_MAX (STEER_TARGET_SIZE + STEER_RRS_MAX)
/*!
 * Makes the key and the value of an entry of the status.
 *
 * \param[out] key, buf  Room for both.
 * \param[out] value     Without data: the entry is to be removed.
 */
int steer_status_encode(const steer_store_t *store, const steer_status_entry_t *status,
                        uint8_t key[STEER_EXTERNAL_KEY_MAX], uint8_t buf[STEER_STATUS_VALUE_MAX],
                        MDB_val *k, MDB_val *value, steer_fault_t *fault);
/*! As steer_status_write(), in a transaction. \param[out] changed  Something differs. */
int steer_status_write_in(const steer_store_t *store, MDB_txn *txn,
                          const steer_status_entry_t *status, size_t count, bool *changed,
                          steer_fault_t *fault);
