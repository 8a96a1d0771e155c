/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A record set as people write it, to be passed from a format to a change set.
 *
 * Plain values need none of this; an alias, a record set with a health check, and one of a group
 * with a policy do.
 *
 * Memory:   borrowed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/coordinates.h"
#include "core/geo.h"
#include "schema/layout.h"

/*!
 * What a record set in a merge takes over from the stored set with its identifier; if there is
 * none, the default applies.
 */
enum {
	STEER_KEEP_CONTENT  = 1, /*!< Values or alias target. */
	STEER_KEEP_TTL      = 2, /*!< Default: that of another set of the group with values. */
	STEER_KEEP_WEIGHT   = 4,
	STEER_KEEP_TIER     = 8,
	STEER_KEEP_HEALTH   = 16,
	STEER_KEEP_EVALUATE = 32,
	STEER_KEEP_REGION   = 64,
	STEER_KEEP_GEO      = 128,
	STEER_KEEP_LOCATION = 256,
	STEER_KEEP_POINT    = 512,
	STEER_KEEP_BIAS     = 1024,
	STEER_KEEP_ASNS     = 2048,
};

/*! The record set, without its values. */
typedef struct {
	const char *id;        /*!< Set identifier; "": the group's only record set. */
	const uint8_t *alias;  /*!< Wire name of the alias target, lower case; NULL: it has values. */
	bool evaluate;         /*!< Alias: evaluate-target-health. */
	bool has_weight, has_tier; /*!< Else the group's policy decides: weight 1, tier 0. */
	uint32_t weight;
	uint8_t tier;
	const char *health;    /*!< Id of its health check; NULL: none. */
	bool has_region, has_geo, has_location, has_point, has_bias, has_asns; /*!< Else no such. */
	const char *region;    /*!< Its region. */
	steer_geo_t geo;       /*!< Place of its clients; STEER_GEO_UNKNOWN: any. */
	const char *location;  /*!< Location of its clients, "collection/location"; NULL: any. */
	steer_coordinates_t point;
	int8_t bias;           /*!< Percent. */
	const uint32_t *asns;  /*!< Of its clients: numbers of autonomous systems, none twice, not 0. */
	unsigned asns_count;   /*!< 0: any. */
	uint16_t keep;         /*!< STEER_KEEP_*: these need not be given. */
	uint32_t ttl;          /*!< For values that are kept, unless the TTL is kept, too. */
} steer_record_set_t;
