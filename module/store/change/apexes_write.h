/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The filter of hosted apexes in a write transaction.
 */
#pragma once

#include "store/change/write.h"

/*! Adds an apex to the filter (1), or removes it (-1); after its zone was put or deleted. */
int steer_apexes_update(steer_write_t *write, const uint8_t *key, size_t len, int difference);
/*! Whether an apex may have this hash, with what the change set has done so far. */
bool steer_apexes_may_have(steer_write_t *write, uint64_t hash);
/*! Writes the pages that have changed. */
int steer_apexes_put(steer_write_t *write);
void steer_apexes_free(steer_apexes_change_t *filter);
