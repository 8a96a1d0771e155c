/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Keys of a record set in Steer YAML that say where it is, or where its clients are.
 */
#pragma once

#include "formats/yaml/group.h"

/* Where it is; ctx is the group. */
int steer_yaml_part_region(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_coordinates(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_bias(steer_events_t *events, const char *key, void *ctx);

/* Where its clients are; ctx is the group. */
int steer_yaml_part_geo(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_cidr(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_asn(steer_events_t *events, const char *key, void *ctx);
