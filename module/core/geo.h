/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Continents, countries and their subdivisions, and places that consist of these as numbers.
 *
 * Threads:  pure functions; any thread.
 * Memory:   results point to constants.
 * Sources:  schema/countries.csv; ISO 3166-1 and 3166-2.
 * Rules:    steer-policies(7), GL6.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/coordinates.h"

/*!
 * A place: its continent in bits 26 to 28, its country in bits 16 to 25, its subdivision in bits 0
 * to 15, each 0 where that is unknown. A place that contains another is the other one without the
 * parts that are more specific: STEER_GEO_CONTINENT, STEER_GEO_COUNTRY are masks for these.
 */
typedef uint32_t steer_geo_t;

#define STEER_GEO_UNKNOWN   0
#define STEER_GEO_CONTINENT UINT32_C(0x1c000000) /*!< The continent. */
#define STEER_GEO_COUNTRY   UINT32_C(0x1fff0000) /*!< The country with its continent. */
#define STEER_GEO_KNOWN     UINT32_C(0x1fffffff) /*!< All bits that have a meaning. */

/*! Size of the codes of a continent, a country and a subdivision as text, with the final NUL. */
#define STEER_GEO_CODE_TEXT 4

/*! A country of schema/countries.csv. */
typedef struct {
	char code[3];      /*!< ISO 3166-1 alpha-2. */
	char continent[3]; /*!< Its continent in Route 53. */
	steer_coordinates_t middle;
	const char *name;  /*!< UTF-8. */
} steer_country_t;

/*! Gives the countries in order of code. \return NULL: there are no more. */
const steer_country_t *steer_country_at(size_t number);
/*! The country of a place. \return NULL: unknown, or not one of schema/countries.csv. */
const steer_country_t *steer_country_of(steer_geo_t place);

/*! Reads a continent's code: AF, AN, AS, EU, NA, OC or SA, in either case. */
bool steer_geo_continent_parse(const char *text, size_t len, steer_geo_t *place);
/*!
 * Reads a country's code: two letters, in either case. The continent is that of the table; a
 * country that is not in the table has none.
 */
bool steer_geo_country_parse(const char *text, size_t len, steer_geo_t *place);
/*!
 * Reads the code of a subdivision, without the country: one to three letters and digits, in either
 * case. It is added to the place, which has a country.
 */
bool steer_geo_subdivision_parse(const char *text, size_t len, steer_geo_t *place);

/*! Prints one part of a place in upper case; empty if it is unknown. \return text */
const char *steer_geo_continent_print(steer_geo_t place, char text[STEER_GEO_CODE_TEXT]);
const char *steer_geo_country_print(steer_geo_t place, char text[STEER_GEO_CODE_TEXT]);
const char *steer_geo_subdivision_print(steer_geo_t place, char text[STEER_GEO_CODE_TEXT]);
