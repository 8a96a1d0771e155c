/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Maps made of CSV and put in a store, for tests.
 */
#pragma once

#include "store/store.h"

/*! Puts a map as map_make() makes it (maps.h). \return As steer_maps_put(). */
int stored_map_put(steer_store_t *store, const char *name, steer_map_type_t type, const char *csv,
                   uint32_t first, steer_fault_t *fault);
/*! The same, which must succeed, without numbers of names. */
void stored_map_must(steer_store_t *store, const char *name, steer_map_type_t type,
                     const char *csv);

/*!
 * Puts a map of autonomous systems in a store that is not open: "name number networks", of which
 * all, also that of 10.0.0.1, have the number.
 */
void stored_map_asn(const char *dir, const char *text);
