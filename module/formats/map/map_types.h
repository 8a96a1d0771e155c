/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What sources of maps are, and the rows that are read from them.
 *
 * Units:    round-trip times in microseconds, coordinates in hundredths of a degree.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/geo.h"
#include "core/network.h"
#include "formats/input.h"
#include "formats/record.h"
#include "schema/layout.h"

/*! X(symbol, name): formats of files. */
#define STEER_MAP_FORMATS(X) \
	X(CSV,         "CSV") \
	X(LIST,        "list")        /* Lines of a network and a location. */ \
	X(RANGES,      "ranges")      /* First and last address, country: Tor's geoip files. */ \
	X(LIBLOC,      "libloc dump") \
	X(MAXMIND_CSV, "MaxMind CSV") /* Blocks, and for geo, locations. */ \
	X(MMDB,        "MaxMind DB") \
	X(ATLAS,       "RIPE Atlas")  /* Results of ping measurements, as JSON. */

typedef enum {
#define X(symbol, name) STEER_MAP_FORMAT_##symbol,
	STEER_MAP_FORMATS(X)
#undef X
} steer_map_format_t;

/*! A row; what its map's type does not say is zero. */
typedef struct {
	steer_network_t network;
	steer_geo_t geo;           /*!< GEO: STEER_GEO_UNKNOWN means that it is nowhere. */
	bool has_place;            /*!< GEO: it has coordinates of its own. */
	bool anycast;              /*!< GEO: it is in many places. */
	steer_coordinates_t place; /*!< GEO, REGIONS. */
	const char *name;          /*!< LATENCY, REGIONS: region. CIDR: location. Else NULL. */
	uint32_t rtt_us;           /*!< LATENCY */
	uint64_t time;             /*!< LATENCY: when that was measured, Unix time; 0: unknown. */
	uint32_t asn;              /*!< ASN: 0 means that it is in none. */
	steer_place_t at;          /*!< Where it is in the file; line 0: that has no lines. */
} steer_map_row_t;

/*! Receives a row; an error stops the reader, which returns it. */
typedef int (*steer_map_row_f)(void *ctx, const steer_map_row_t *row, steer_fault_t *fault);

/*! What is to be read. */
typedef struct {
	steer_map_type_t type;
	const char *path;      /*!< A file, or for MaxMind's CSV files their folder. */
	const char *locations; /*!< Locations of MaxMind's CSV blocks; NULL: those in their folder. */
	/*!
	 * Region, or file of regions, to which RIPE Atlas results are; one of them is given then, else
	 * both are NULL. The file is CSV: target,region, where target is an address or the number of
	 * a measurement.
	 */
	const char *region;
	const char *targets;
	bool skip_bad;         /*!< Bad lines are counted, not errors. */
} steer_map_source_t;

typedef struct {
	steer_map_row_f row;
	steer_error_f error; /*!< NULL: the reader stops at the first error. */
	void *ctx;
} steer_map_sink_t;

/*! What was read; it is filled in as far as the reader came. */
typedef struct {
	steer_map_format_t format;
	uint64_t rows;
	uint64_t bad;        /*!< Bad lines that were skipped. */
	uint64_t unmeasured; /*!< Pings that nobody answered, or that are to no known target. */
	steer_fault_t first_bad; /*!< The first bad line's message, with its place. */
} steer_map_summary_t;
