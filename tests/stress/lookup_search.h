/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The class and the scope of an address, found in another way than a map finds them.
 *
 * The networks of one family, sorted, are searched for the prefix of each length. The borders of
 * all networks, also sorted, are where a class can begin or end: a prefix has one class if it is
 * that of its first address and of all borders in it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/network_map.h"

typedef struct search search_t;

/*! \param[in] networks  Sorted, of one family, at least one; borrowed. */
search_t *search_make(const steer_classed_network_t *networks, uint32_t count);
void search_free(search_t *search);

uint32_t search_class(const search_t *search, const uint8_t address[16]);
/*! Whether it is the length of the shortest prefix around an address that has one class. */
bool search_is_scope(const search_t *search, const uint8_t address[16], unsigned scope);
