/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Makes a map of rows: equal classes become one, names become numbers.
 *
 * First all rows are added, then they are checked as a whole, then the names in them get numbers,
 * then the map is written.
 *
 * Threads:  a builder belongs to one thread.
 * Memory:   some 60 bytes a row, bounded by the number of rows; the map besides.
 */
#pragma once

#include "core/dictionary.h"
#include "core/map.h"
#include "formats/map/map_types.h"

typedef struct steer_map_builder steer_map_builder_t;

/*! Most names of regions, or of locations, in a map. */
#define STEER_MAP_NAMES_MAX 65536

/*!
 * Makes an empty builder.
 *
 * \param[in] collection  Of a map of the type "cidr": its name, which goes before those of
 *                        locations. For other types NULL.
 *
 * \return NULL: out of memory
 */
steer_map_builder_t *steer_map_builder_new(steer_map_type_t type, const char *collection);
/*! May be NULL. */
void steer_map_builder_free(steer_map_builder_t *builder);
/*! Sets the most rows, STEER_NETWORKS_MAX at first. */
void steer_map_builder_limit(steer_map_builder_t *builder, uint32_t rows);

/*!
 * Adds a row; a steer_map_row_f, whose context is the builder.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  There are too many rows or names; the fault says where and how many are
 *                         allowed.
 */
int steer_map_builder_add(void *builder, const steer_map_row_t *row, steer_fault_t *fault);
/*!
 * Ends the rows, and checks them as a whole: a network, or in a map of latencies a network and a
 * region, and a region in one of regions, is there once.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  One is there twice; the fault says in which lines. Or a network has more
 *                         than STEER_LATENCY_ROWS_MAX regions.
 */
int steer_map_builder_end(steer_map_builder_t *builder, steer_fault_t *fault);

/*! The names that need numbers: of collection and locations, or regions. \return How many. */
size_t steer_map_builder_names(const steer_map_builder_t *builder,
                               const steer_dictionary_name_t **names);
/*!
 * Writes the map.
 *
 * \param[in]  numbers  Of these names, in the same order.
 * \param[out] value    For steer_maps_put(); to be freed.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  It would have more than 4 GiB.
 */
int steer_map_builder_write(steer_map_builder_t *builder, const uint32_t *numbers,
                            const steer_map_origin_t *origin, uint8_t **value, size_t *size,
                            steer_fault_t *fault);
