/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a document of Steer YAML says, except the records.
 */
#pragma once

#include "formats/reading.h"
#include "formats/yaml/events.h"
#include "formats/yaml/health.h"

/*! TTL of record sets if neither they nor their document has one. */
#define STEER_YAML_TTL 3600

/*! The error of a document that has neither a zone nor health checks alone. */
#define STEER_YAML_NO_ZONE "zone: missing; allowed: the name of the zone, such as zone: " \
                           "example.com, or health alone"

/*! What a document holds. */
typedef struct {
	bool zone;   /*!< It names a zone. */
	bool health; /*!< It has health checks, which were passed to the caller. */
} steer_yaml_found_t;

/*!
 * Reads a document from its start, which is the current node, to its end, and skips its records.
 */
int steer_yaml_head(steer_events_t *events, steer_yaml_health_t *health, steer_zone_head_t *head,
                    steer_yaml_found_t *found);
