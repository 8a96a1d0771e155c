/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A stored map: where it is from, a map of networks, and what its classes say, by its type.
 *
 * Threads:  pure functions; any thread.
 * Memory:   an open map borrows its bytes, which may lie at any address.
 * Trust:    steer_map_open() checks all that the other functions rely on, once, in time
 *           proportional to its size. Numbers of the dictionary need not have names.
 * Units:    round-trip times in microseconds, coordinates in hundredths of a degree.
 */
#pragma once

#include <stdbool.h>

#include "core/coordinates.h"
#include "core/geo.h"
#include "core/network_blocks.h"
#include "core/network_map.h"

/*! Where a map is from. */
typedef struct {
	uint64_t imported;              /*!< When: seconds since the Unix epoch. */
	const char *file, *format;      /*!< Name of the file, and of its format; not NUL-terminated. */
	uint16_t file_len, format_len;  /*!< At most STEER_LOG_TEXT_MAX. */
} steer_map_origin_t;

typedef struct {
	steer_network_map_t networks; /*!< With the map's type; its classes are read as below. */
	steer_map_origin_t origin;
} steer_map_t;

/*! Such as "geo". \param[in] type  One that is known. */
const char *steer_map_type_name(steer_map_type_t type);
/*! Reads the name of a type. */
bool steer_map_type_parse(const char *text, steer_map_type_t *type);

/*!
 * Opens a stored value as a map.
 *
 * \retval STEER_OK
 * \retval STEER_EDAMAGED  Wrong checksum, size, format, order or bound, an unknown type, or a
 *                         reserved field in use.
 */
int steer_map_open(steer_map_t *map, const void *value, size_t size);

/*! Bytes before the map of networks. */
size_t steer_map_origin_size(const steer_map_origin_t *origin);
/*! Writes these bytes. */
void steer_map_origin_write(uint8_t *at, const steer_map_origin_t *origin);

/* Classes. A client's is found by steer_network_map_find(); class 0, none, says nothing. */

/*! A class of the type "geo". */
typedef struct {
	steer_geo_t geo;           /*!< STEER_GEO_UNKNOWN: nowhere. */
	bool has_point;            /*!< It has coordinates of its own. */
	bool anycast;              /*!< It is in many places. */
	steer_coordinates_t point;
} steer_map_place_t;

steer_map_place_t steer_map_place(const steer_map_t *map, uint32_t class);

/*! A class of the type "asn". \return 0: none */
uint32_t steer_map_asn(const steer_map_t *map, uint32_t class);

/*! A class of the type "latency": rows in order of region. */
typedef struct {
	const uint8_t *rows;
	uint32_t count;
} steer_map_latencies_t;

typedef struct {
	uint32_t region;  /*!< Its number in the dictionary. */
	uint32_t rtt_us;
	uint32_t time;    /*!< When it was measured: seconds since the Unix epoch; 0: unknown. */
	uint8_t source;   /*!< STEER_LATENCY_IMPORT, ... */
} steer_map_latency_t;

steer_map_latencies_t steer_map_latencies(const steer_map_t *map, uint32_t class);
steer_map_latency_t steer_map_latency_at(const steer_map_latencies_t *latencies, uint32_t row);
/*! Finds the row of a region. \return false: there is none */
bool steer_map_latency_find(const steer_map_latencies_t *latencies, uint32_t region,
                            steer_map_latency_t *latency);

/*! An entry of a map of the type "regions". */
typedef struct {
	uint32_t region;  /*!< Its number in the dictionary. */
	steer_coordinates_t point;
} steer_map_site_t;

/*! Number of regions. */
uint32_t steer_map_sites(const steer_map_t *map);
/*! Gives the regions in order of number. */
steer_map_site_t steer_map_site_at(const steer_map_t *map, uint32_t entry);
/*! Finds where a region is. \return false: the map does not say */
bool steer_map_site_find(const steer_map_t *map, uint32_t region, steer_map_site_t *site);

/*! Number of the region or location in an entry of the table, from 0; 0: its type has none. */
uint32_t steer_map_entry_number(const steer_map_t *map, uint32_t entry);

/* Writing entries of the tables; blocks are made by steer_network_blocks_make(). */

/*! Bytes of an entry of the table of a type. */
size_t steer_map_entry_size(steer_map_type_t type);
void steer_map_place_write(uint8_t at[STEER_PLACE_SIZE], const steer_map_place_t *place);
void steer_map_asn_write(uint8_t at[STEER_ASN_SIZE], uint32_t asn);
/*! \param[in] rows  Rows from this one to the end of its class. */
void steer_map_latency_write(uint8_t at[STEER_LATENCY_SIZE], const steer_map_latency_t *latency,
                             uint16_t rows);
void steer_map_site_write(uint8_t at[STEER_SITE_SIZE], const steer_map_site_t *site);
