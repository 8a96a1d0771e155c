/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Where record sets and their clients are, as text: places, coordinates, bias, autonomous
 *        systems, names of numbers.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 */
#pragma once

#include "core/dictionary.h"
#include "core/geo.h"
#include "formats/decimal.h"

/*! Room for a place: "country:US/NY". */
#define STEER_GEO_TEXT 24
/*! What a place can be, for messages. */
#define STEER_GEO_ALLOWED "default, continent:EU, country:US, country:US/NY and the like"

/*! Reads "default", "continent:EU", "country:US" or "country:US/NY". \return false: it is none */
bool steer_geo_parse(const char *text, steer_geo_t *place);
/*! Reads "US" or "US/NY". \return false: it is none */
bool steer_geo_within_country_parse(const char *text, steer_geo_t *place);
/*! Prints a place as steer_geo_parse() reads it. \return text */
const char *steer_geo_print(steer_geo_t place, char text[STEER_GEO_TEXT]);

/*! Room for coordinates. */
#define STEER_COORDINATES_TEXT (2 * STEER_DECIMAL_TEXT)
/*! What they can be, for messages. */
#define STEER_COORDINATES_ALLOWED "degrees north, a comma, degrees east: -90 to 90,-180 to 180"

/*! Reads "50.11,8.68". \return false: it is not coordinates */
bool steer_coordinates_parse(const char *text, steer_coordinates_t *point);
/*! Prints them so. \return text */
const char *steer_coordinates_print(steer_coordinates_t point, char text[STEER_COORDINATES_TEXT]);

/*! Reads a bias: -99 to 99, in percent. \return false: it is none */
bool steer_bias_parse(const char *text, int8_t *bias);

/*!
 * Reads the number of an autonomous system, also as AS64500, or 0, which no system has.
 *
 * \return false: it is no number
 */
bool steer_asn_parse(const char *text, size_t len, uint32_t *asn);

/*! Prints the name of a number, or "#" and the number if it has none. \return text */
const char *steer_names_print(const steer_names_t *names, uint32_t number,
                              char text[STEER_DICTIONARY_NAME_MAX + 1]);
