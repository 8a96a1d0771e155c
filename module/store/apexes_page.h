/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Pages of the filter of hosted apexes, as they are stored.
 *
 * For this room alone.
 */
#pragma once

#include <lmdb.h>
#include <stdbool.h>

#include "schema/layout.h"

#define STEER_APEXES_PAGE (STEER_APEXES_SIZE + STEER_APEXES_COUNTERS)

void steer_apexes_key(uint8_t key[STEER_APEXES_KEY], uint32_t number);
uint32_t steer_apexes_sum(const uint8_t page[STEER_APEXES_PAGE]);
/*! Whether a value is as it was written. A single wrong counter could hide a zone. */
bool steer_apexes_is_sound(const void *value, size_t len);

/*! The database has 2^bits pages. \return Bits; 0: it has another number of pages. */
unsigned steer_apexes_bits(MDB_txn *txn, MDB_dbi dbi);
/*! Fills an empty database with the pages of a store without zones. \return LMDB's error. */
int steer_apexes_init(MDB_txn *txn, MDB_dbi dbi);
