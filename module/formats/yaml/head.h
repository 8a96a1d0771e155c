/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a document of Steer YAML says, but for the records.
 */
#pragma once

#include "formats/yaml/events.h"
#include "formats/yaml/health.h"
#include "formats/yaml/reading.h"

/*! What is said of a document that is about nothing. */
#define STEER_YAML_NO_ZONE "zone: missing; allowed: the name of the zone, such as zone: " \
                           "example.com, or health alone"

/*! What a document holds. */
typedef struct {
	bool zone;   /*!< It names a zone, and the head is whole. */
	bool health; /*!< It has health checks, which have been given. */
} steer_yaml_found_t;

/*! Reads a document, at whose begin events are, to its end, and passes over its records. */
int steer_yaml_head(steer_events_t *events, steer_yaml_health_t *health, steer_yaml_head_t *head,
                    steer_yaml_found_t *found);
