/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The record sets of a name in Steer YAML.
 */
#pragma once

#include "formats/reading.h"
#include "formats/yaml/events.h"

/*! What reading record sets needs; made once for all of them. */
typedef struct steer_yaml_set steer_yaml_set_t;

/*! NULL: out of memory. */
steer_yaml_set_t *steer_yaml_set_new(const steer_reading_t *reading, steer_fault_t *fault);
/*! NULL is fine. */
void steer_yaml_set_free(steer_yaml_set_t *set);

/*! Begins a name, which is borrowed. */
void steer_yaml_set_begin(steer_yaml_set_t *set, const steer_zone_head_t *head,
                          const uint8_t *owner);
/*! Reads a record set of it, from the current node to its last one. */
int steer_yaml_set_take(steer_yaml_set_t *set, steer_events_t *events);
