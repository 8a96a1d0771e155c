/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The health checks of a document of Steer YAML.
 */
#pragma once

#include "formats/reading.h"
#include "formats/yaml/events.h"

/*! What reading health checks needs; made once for a whole file. */
typedef struct steer_yaml_health steer_yaml_health_t;

/*! NULL: out of memory. */
steer_yaml_health_t *steer_yaml_health_new(const steer_reading_t *reading,
                                           steer_fault_t *fault);
/*! NULL is fine. */
void steer_yaml_health_free(steer_yaml_health_t *health);

/*! Reads the checks of a document, from the current node to its last one. */
int steer_yaml_health_take(steer_yaml_health_t *health, steer_events_t *events, const char *key);
