/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Comparing a store with a model of it, or with text.
 */
#pragma once

#include "store/apexes.h"
#include "unit/model.h"
#include "unit/stores.h"

/*! All counters of a filter together. */
uint64_t filter_sum(const steer_apexes_t *apexes);

void check_model(place_t *place, const model_t *model);

/*! The store must hold these zones (NULL ends them), byte for byte, and nothing else. */
void check_store_with(place_t *place, const char *const *zones, const model_check_t *checks);

void check_store(place_t *place, const char *const *zones);

/*!
 * The dictionary must have these numbers and names, and these faults after them, a line each:
 * "1 r moon", or "! " and the fault.
 *
 * \param[in] code  Of walking over it.
 */
void check_dictionary(steer_store_t *store, int code, const char *want);

#define SOA(serial) "@ SOA ns hm " #serial " 2 3 4 5\n"
#define ZONE(serial) "example.\n" SOA(serial) "@ NS ns\n"
