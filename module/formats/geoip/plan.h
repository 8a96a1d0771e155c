/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What becomes of names and views in an overlay, and what cannot be in it.
 */
#pragma once

#include "formats/geoip/own.h"

/*! A zone with the names of its modules. */
typedef struct {
	const steer_knot_zone_t *zone;
	steer_own_t own;
	struct steer_planned {
		steer_geoip_views_t *views;
		steer_geoip_name_t *name;
		size_t module; /*!< Which module of the zone has it, from 1: the first one answers. */
		uint16_t *types; /*!< That its views have and an overlay can have, sorted. */
		size_t types_count;
		bool no_records; /*!< Clients of some view have no records of some type. */
	} *names;
	size_t count, room;
} steer_plan_t;

/*! Adds a name of a module to its zone. */
void steer_plan_add(steer_geoip_reading_t *reading, steer_plan_t *plan, steer_geoip_views_t *views,
                    steer_geoip_name_t *name, size_t module);
/*!
 * Reads what the zone itself has, and decides for each name. Warns about what is left out.
 *
 * Clients that have no view, or one without records of a type, get those of the zone. In an overlay
 * these are copies.
 *
 * \param[in,out] lacking  Counts the views that lack a type that others of their name have.
 */
void steer_plan_decide(steer_geoip_reading_t *reading, steer_plan_t *plan, size_t *lacking);
void steer_plan_free(steer_plan_t *plan);

/*! The records of a type that a view has. \return How many; records only if there are some */
size_t steer_geoip_view_find(const steer_geoip_views_t *views, const steer_geoip_view_t *view,
                             uint16_t type, const steer_geoip_record_t **records);
/*!
 * The records of a type with which the zone itself answers for a name.
 *
 * \return How many; records only if there are some
 */
size_t steer_plan_own(const steer_plan_t *plan, const uint8_t *owner, uint16_t type,
                      const steer_own_record_t **records);
/*! Whether a view that lacks a type needs a record set, lest a less specific view answer. */
bool steer_plan_needs_set(const struct steer_planned *planned, const steer_geoip_view_t *view);
