/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a configuration of Knot says of mod-geoip and of the zones that use it.
 *
 * Memory:   grows with the configuration.
 */
#pragma once

#include "core/name.h"
#include "formats/geoip/reading.h"

/*! Most keys of a database that a module may have. */
#define STEER_GEOIP_KEYS_MAX 8

/*! A value. */
typedef struct {
	char *text; /*!< NULL: not given. */
	steer_place_t at;
} steer_knot_text_t;

/*! A list of values. */
typedef struct {
	steer_knot_text_t *of;
	size_t count, room;
} steer_knot_list_t;

/*! A section mod-geoip. */
typedef struct {
	steer_knot_text_t id, config, ttl, mode, dnssec, database;
	steer_knot_list_t keys;
} steer_geoip_section_t;

/*! A zone, or a template of zones. */
typedef struct steer_knot_zone {
	steer_knot_text_t id; /*!< Of the template; the zone's name. */
	steer_knot_text_t template, storage, file, signing;
	steer_knot_list_t modules;
	uint8_t name[STEER_NAME_MAX]; /*!< Of the zone. */
	const struct steer_knot_zone *base; /*!< Its template; NULL: none. */
} steer_knot_zone_t;

typedef struct {
	steer_knot_zone_t *of;
	size_t count, room;
} steer_knot_zones_t;

typedef struct {
	steer_geoip_section_t *sections;
	size_t sections_count, sections_room;
	steer_knot_zones_t zones, templates;
	const steer_knot_zone_t **by_name; /*!< The zones in the order in which they are found. */
} steer_knot_conf_t;

/*!
 * Reads a configuration, with the files that it includes, and finds the templates of zones.
 *
 * \param[out] conf  Zeroed; to be freed, also after errors.
 */
void steer_knot_conf_read(steer_geoip_reading_t *reading, steer_input_t *input,
                          steer_knot_conf_t *conf);
void steer_knot_conf_free(steer_knot_conf_t *conf);

/*! The closest zone that encloses a name. \return NULL: none does */
const steer_knot_zone_t *steer_knot_conf_closest(const steer_knot_conf_t *conf,
                                                 const uint8_t *name);
/*! The section of an identifier. \return Its number; sections_count: there is none */
size_t steer_knot_conf_section(const steer_knot_conf_t *conf, const char *id);

/*! A value of a zone, or else of its template: STEER_KNOT_VALUE(zone, storage). */
#define STEER_KNOT_VALUE(zone, what) \
	((zone)->what.text != NULL || (zone)->base == NULL ? &(zone)->what : &(zone)->base->what)
/*! The modules of a zone, or else of its template. */
static inline const steer_knot_list_t *steer_knot_modules(const steer_knot_zone_t *zone)
{
	return zone->modules.count > 0 || zone->base == NULL ? &zone->modules : &zone->base->modules;
}
