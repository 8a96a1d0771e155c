/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Places by octoDNS's codes: NA, NA-US, NA-US-CA.
 *
 * octoDNS has some countries on another continent than Route 53, whose continents are Steer's.
 *
 * Threads:  pure functions; any thread.
 * Sources:  octoDNS's geo data, which has subdivisions of Canada and the United States alone.
 */
#pragma once

#include <stdbool.h>

#include "core/geo.h"

/*! Room for a code. */
#define STEER_OCTODNS_GEO_TEXT 12

/*! What a code can be, for messages. */
#define STEER_OCTODNS_GEO_ALLOWED "a continent, a country on it, a state of the US or Canada: " \
                                  "NA, NA-US, NA-US-CA"

/*! Reads a code. \return false: it is none of octoDNS's */
bool steer_octodns_geo_parse(const char *text, steer_geo_t *place);
/*! Prints a place as such a code. \return false: octoDNS has no such place */
bool steer_octodns_geo_print(steer_geo_t place, char text[STEER_OCTODNS_GEO_TEXT]);
/*! Whether one place is in another by octoDNS's codes, or the same. */
bool steer_octodns_geo_in(const char *code, const char *outer);
