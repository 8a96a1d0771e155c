/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The policy of a group in Steer YAML, and its record sets, which have identifiers.
 */
#pragma once

#include "formats/yaml/group.h"

/* Keys of a group; ctx is the group. */
int steer_yaml_group_policy(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_group_sets(steer_events_t *events, const char *key, void *ctx);
