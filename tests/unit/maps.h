/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Maps made of CSV, for tests; and what their classes say, as text.
 */
#pragma once

#include "formats/map/map_builder.h"

/*! Where these maps say they are from. */
#define MAP_FILE     "dir/file.csv"
#define MAP_IMPORTED 1700000000

/*! Adds the rows of a file "file" to a builder, and ends it. \return As the builder. */
int map_read(steer_map_builder_t *builder, steer_map_type_t type, const char *csv,
             steer_fault_t *fault);

/*!
 * A map of CSV; the names in it have the numbers first, first + 1, ... in the order in which they
 * come. A map of locations is that of the collection "c". The caller frees it.
 */
uint8_t *map_make(steer_map_type_t type, const char *csv, uint32_t first, size_t *size);

/*!
 * What a map says of a client, such as "EU/NO/ 59.91,10.75", "AS64500", "1/24 2/8" (locations and
 * lengths of blocks), "1:20000us 2:30000us@1700000000" (regions); empty if nothing. In a buffer.
 */
const char *map_says(const steer_map_t *map, const char *client);
/*! The regions of a map, such as "1 59.91,10.75, 2 0.00,0.00". */
const char *map_sites(const steer_map_t *map);
