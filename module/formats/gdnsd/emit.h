/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Passes on what a resource of gdnsd becomes in a zone.
 *
 * The groups inside have names below _gdnsd and the zone: datacenter.resource.plugin.MAX-MIN, by
 * the TTLs between which answers have theirs. So the names depend on nothing else in the files.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/gdnsd/resource.h"

/*! Most record sets that resources become in an import. */
#define STEER_GDNSD_SETS 1000000

/*! A zone whose records are passed on. */
typedef struct {
	steer_gdnsd_config_t *config;
	uint8_t name[STEER_NAME_MAX];
	void *groups; /*!< Tree of the groups that were passed on, by name and type. */
} steer_gdnsd_zone_t;

/*! A record that takes its data from a resource. */
typedef struct {
	const uint8_t *owner;
	const char *path;  /*!< plugin!name */
	bool names;        /*!< A CNAME may answer: DYNC. */
	uint32_t max, min; /*!< TTL. */
	steer_place_t place;
} steer_gdnsd_dynamic_t;

/*! Passes on the groups of a record. */
void steer_gdnsd_emit(steer_gdnsd_zone_t *zone, const steer_gdnsd_dynamic_t *record);
/*! Forgets what was passed on. */
void steer_gdnsd_zone_free(steer_gdnsd_zone_t *zone);
