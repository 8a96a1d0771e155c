/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names, and their views with the records of each, as they are in memory.
 */
#pragma once

#include "formats/geoip/conf.h"

typedef enum {
	STEER_GEOIP_SUBNET,
	STEER_GEOIP_GEODB,
	STEER_GEOIP_WEIGHTED,
} steer_geoip_mode_t;

typedef struct {
	uint16_t type, len;
	size_t rdata; /*!< Offset in the bytes. */
	steer_place_t at;
} steer_geoip_record_t;

typedef struct {
	size_t name;         /*!< Number of its name. */
	size_t number;       /*!< Its place among all views of the file, from 0. */
	size_t first, count; /*!< Its records, by type. */
	steer_place_t at;
	steer_network_t network; /*!< In the mode subnet. */
	uint32_t weight;         /*!< In the mode weighted. */
	steer_geo_t place;       /*!< In the mode geodb; STEER_GEO_UNKNOWN: any client. */
	unsigned given;          /*!< Bit for each key of the database that has a value. */
	bool left_out;           /*!< It was warned about. */
	bool enclosed;           /*!< Its clients have another view, too, which is less specific. */
	size_t content;          /*!< The same for views of a name that have the same records. */
	size_t location;         /*!< In the mode subnet: number of its location. */
} steer_geoip_view_t;

typedef struct {
	size_t owner;        /*!< Offset of the wire name in the bytes. */
	steer_place_t at;
	size_t first, count; /*!< Its views, in the order of the file. */
	/* Decided by plan.h. */
	bool left_out;       /*!< It was warned about; so it is until there is a zone for it. */
	bool open;           /*!< Some clients have no view. */
	bool by_zone;        /*!< That, or some have one that lacks a type. */
} steer_geoip_name_t;

typedef struct {
	const steer_geoip_section_t *section;
	steer_geoip_mode_t mode;
	uint32_t ttl;
	steer_geoip_name_t *names; /*!< In the order of the file, each once. */
	size_t names_count, names_room;
	steer_geoip_view_t *views; /*!< In the order of their names. */
	size_t views_count, views_room;
	steer_geoip_record_t *records;
	size_t records_count, records_room;
	uint8_t *bytes;
	size_t bytes_len, bytes_room;
} steer_geoip_views_t;

/*! Wire name of a name. */
static inline const uint8_t *steer_geoip_owner(const steer_geoip_views_t *views,
                                               const steer_geoip_name_t *name)
{
	return views->bytes + name->owner;
}
