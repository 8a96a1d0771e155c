/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The values of a line, of which a row is made.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include "core/regions.h"
#include "formats/map/lines.h"
#include "formats/map/map_types.h"

typedef struct {
	steer_map_row_t row;
	char name[STEER_REGION_NAME_MAX + 1]; /*!< Of a region or a location. */
	bool has_lat, has_lon;
	uint32_t geoname; /*!< Number of a location in MaxMind's files; 0: none. */
	steer_field_t target; /*!< Of measurements; borrowed until the next line. */
} steer_values_t;

/*! Room for what is wrong with a value, and what is allowed. */
#define STEER_WRONG 256

/*!
 * Reads a value that is not empty.
 *
 * \return Whether it is good; if not, wrong says why.
 */
typedef bool (*steer_value_f)(steer_values_t *values, const steer_field_t *field,
                              char wrong[STEER_WRONG]);

bool steer_value_network(steer_values_t *values, const steer_field_t *field,
                         char wrong[STEER_WRONG]);
/*! It counts only for a country that has none in the table, and for no country. */
bool steer_value_continent(steer_values_t *values, const steer_field_t *field,
                           char wrong[STEER_WRONG]);
/*! After the continent. */
bool steer_value_country(steer_values_t *values, const steer_field_t *field,
                         char wrong[STEER_WRONG]);
/*! After the country, with which it may begin, as in US-NY. */
bool steer_value_subdivision(steer_values_t *values, const steer_field_t *field,
                             char wrong[STEER_WRONG]);
bool steer_value_lat(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG]);
bool steer_value_lon(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG]);
bool steer_value_region(steer_values_t *values, const steer_field_t *field,
                        char wrong[STEER_WRONG]);
bool steer_value_location(steer_values_t *values, const steer_field_t *field,
                          char wrong[STEER_WRONG]);
/*! Milliseconds. */
bool steer_value_rtt(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG]);
bool steer_value_time(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG]);
bool steer_value_asn(steer_values_t *values, const steer_field_t *field, char wrong[STEER_WRONG]);
/*! A truth value of MaxMind's files: 1 or 0. */
bool steer_value_anycast(steer_values_t *values, const steer_field_t *field,
                         char wrong[STEER_WRONG]);
bool steer_value_geoname(steer_values_t *values, const steer_field_t *field,
                         char wrong[STEER_WRONG]);
bool steer_value_target(steer_values_t *values, const steer_field_t *field,
                        char wrong[STEER_WRONG]);

/*! Whether the values fit together, and the row is complete. */
bool steer_values_complete(steer_values_t *values, char wrong[STEER_WRONG]);
