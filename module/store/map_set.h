/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief All maps of one version of a store, open, as policies use them.
 *
 * Policies use the map of the type geo with the name "geo", and likewise latency, asn and regions;
 * others are there to be looked at. Each map of the type cidr is the collection of its name.
 *
 * Threads:  opened by one thread, then read by any.
 * Memory:   a set points into itself, so it is never copied. Maps are borrowed from the reader.
 */
#pragma once

#include "core/locate.h"
#include "core/regions.h"
#include "store/maps.h"

/*! A map of the store. */
typedef struct {
	char name[STEER_REGION_NAME_MAX + 1];
	const void *value;   /*!< Where it lies, and its size. */
	size_t size;
	bool damaged;        /*!< It is there, but says nothing. */
	steer_map_t map;     /*!< Unless it is damaged. */
} steer_open_map_t;

/*! A map of the type cidr. */
typedef struct {
	uint32_t number;     /*!< Of its collection in the dictionary. */
	const steer_map_t *map;
} steer_numbered_map_t;

/*! One of the regions that are known without a map. */
typedef struct {
	uint32_t number;     /*!< In the dictionary. */
	steer_coordinates_t point;
} steer_known_region_t;

/*! A set, some 70 KiB. Zeroed, it has no maps. */
typedef struct {
	steer_maps_t maps;   /*!< For core's lookup. */
	const steer_map_t *regions;
	uint64_t names;      /*!< Entries of the dictionary in which its names were looked up. */
	unsigned count, collections_count, known_count;
	steer_open_map_t all[STEER_MAPS_MAX];             /*!< In order of name. */
	steer_numbered_map_t collections[STEER_MAPS_MAX]; /*!< In order of number. */
	steer_known_region_t known[STEER_REGIONS_MAX];    /*!< In order of number. */
} steer_map_set_t;

/*!
 * Opens all maps: each is read as a whole, unless the set of an earlier version had it already.
 *
 * \param[out] set      Undefined after an error.
 * \param[in]  maps     Renewed reader of the maps; NULL: the store has never had any.
 * \param[in]  records  Renewed reader of the records, which has the dictionary.
 * \param[in]  before   Of an earlier version, which some reader still sees; NULL: there is none.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EIO
 */
int steer_map_set_open(steer_map_set_t *set, const steer_reader_t *maps,
                       const steer_reader_t *records, const steer_map_set_t *before);
/*! Whether a set has the numbers that the dictionary gives; else it is to be opened again. */
bool steer_map_set_is_numbered(const steer_map_set_t *set, const steer_reader_t *records);
/*! Finds a map by its name; NULL: there is none. */
const steer_open_map_t *steer_map_set_find(const steer_map_set_t *set, const char *name);
