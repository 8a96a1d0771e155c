/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What Knot's own zone has at names of mod-geoip: what clients get for whom that has no view.
 *
 * Memory:   grows with the names, and with the records at these names.
 */
#pragma once

#include "formats/geoip/views.h"
#include "formats/zonefile.h"

typedef struct {
	uint16_t type, len;
	uint32_t ttl;
	size_t node, number; /*!< Where it is, and its place among all. */
	bool wildcard;       /*!< It is right below that. */
	size_t rdata;        /*!< Offset in the bytes. */
	steer_place_t at;
} steer_own_record_t;

/*! A name that is wanted, or one that encloses such names. */
typedef struct {
	const uint8_t *name;
	bool exists, cut, dname;
} steer_own_node_t;

typedef struct {
	steer_zonefile_t *file; /*!< Its name is in the places. NULL: it was not read. */
	const uint8_t *zone;
	bool is_signed;
	steer_own_node_t *nodes; /*!< Sorted. */
	size_t count, room;
	steer_own_record_t *records; /*!< Sorted by node and type. */
	size_t records_count, records_room;
	uint8_t *bytes;
	size_t bytes_len, bytes_room;
	steer_fault_t why; /*!< Why it was not read. */
} steer_own_t;

/*! Adds a name in the zone, which is borrowed, before the zone is read. */
void steer_own_add(steer_geoip_reading_t *reading, steer_own_t *own, const uint8_t *name);
/*!
 * Reads the file of a zone.
 *
 * \retval true   It was read.
 * \retval false  It cannot be, and own->why says why; or the reading has ended.
 */
bool steer_own_read(steer_geoip_reading_t *reading, steer_own_t *own,
                    const steer_knot_zone_t *zone);
/*!
 * Finds the records with which the zone answers for a name that was added.
 *
 * \return false: it answers by a delegation or a DNAME
 */
bool steer_own_find(const steer_own_t *own, const uint8_t *name, const steer_own_record_t **records,
                    size_t *count);
void steer_own_free(steer_own_t *own);
