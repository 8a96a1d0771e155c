/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief All record sets of a name and type, while they are read; and the keys of one of them.
 *
 * A group is kept until its end, since its type, TTL and policy may come after its sets.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "core/coordinates.h"
#include "core/geo.h"
#include "formats/name_set.h"
#include "formats/yaml/keep.h"
#include "schema/layout.h"

/*! A record set as it is written. Places in line 0: not given. */
typedef struct {
	steer_place_t begin;       /*!< Its mapping, or its identifier. */
	size_t id, alias, health;  /*!< Offsets in the texts; the alias target is a wire name. */
	size_t region, location;   /*!< Likewise; the location is empty if any will do. */
	size_t asns, asns_count;   /*!< Likewise the numbers, u32 each; how many. */
	size_t first, count;       /*!< Its values among the items. */
	uint32_t ttl, weight;
	uint8_t tier;
	bool evaluate;
	steer_geo_t geo;
	steer_coordinates_t point;
	int8_t bias;
	bool wrong;                /*!< An error in a part that it needs was reported. */
	steer_place_t ttl_at, values_at, alias_at, evaluate_at, health_at;
	steer_place_t weight_at, tier_at, failover_at;
	steer_place_t region_at, geo_at, location_at, point_at, bias_at, asns_at;
} steer_yaml_part_t;

typedef struct {
	const uint8_t *zone;       /*!< Names are relative to it. */
	uint16_t type;             /*!< 0: none, or a wrong one. */
	steer_place_t type_at;
	steer_yaml_keep_t keep;
	steer_yaml_part_t own;     /*!< What is in the group's own mapping. */
	steer_yaml_part_t *part;   /*!< What is being read: own, or a set. */
	steer_yaml_part_t *sets;
	size_t sets_count, sets_room;
	steer_name_set_t ids;          /*!< Identifiers of the sets, as names. */
	steer_place_t policy_at, sets_at;
	bool wrong;                /*!< An error in the policy or the sets was reported. */
	uint8_t program[STEER_PROGRAM_MAX];
	size_t program_len;
} steer_yaml_group_t;

/*! Begins a group whose mapping is at a place. */
void steer_yaml_group_begin(steer_yaml_group_t *group, const uint8_t *zone,
                            const steer_place_t *begin);
void steer_yaml_group_free(steer_yaml_group_t *group);

/*! Keys of a record set; ctx is the group. */
int steer_yaml_part_ttl(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_values(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_alias(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_evaluate(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_health(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_weight(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_tier(steer_events_t *events, const char *key, void *ctx);
int steer_yaml_part_failover(steer_events_t *events, const char *key, void *ctx);

/*!
 * Reports what a record set lacks, and what it cannot have together.
 *
 * \param[in]  allowed  What it can have, for messages.
 */
int steer_yaml_part_check(steer_events_t *events, steer_yaml_part_t *part, const char *allowed);
