/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The rules of a dynamic record, as the pool of each place.
 *
 * octoDNS takes the first rule that matches a client, and wants subnets before geos, and the
 * narrower of each first; the steps cidr and geo take the narrowest. So what stands behind
 * something wider is never reached there, and is left out. Subnets behind geos are an error.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "core/network.h"
#include "formats/octodns/geo_code.h"
#include "formats/octodns/pools.h"

/*! Where clients are. */
typedef struct {
	const steer_yaml_value_t *at; /*!< What says so. */
	enum { STEER_OCTODNS_ANYWHERE, STEER_OCTODNS_IN_GEO, STEER_OCTODNS_IN_SUBNETS } kind;
	const char *code;             /*!< Of a place of the earth. */
	steer_geo_t geo;
	uint32_t pool;                /*!< STEER_OCTODNS_NONE: the record's own values alone. */
} steer_octodns_where_t;

typedef struct {
	const steer_yaml_value_t *at;
	steer_network_t network;
	uint32_t rule, pool;
	bool left_out;
} steer_octodns_subnet_t;

/*! Zeroed memory has none. */
typedef struct {
	steer_octodns_where_t *places;
	steer_octodns_subnet_t *subnets; /*!< In the order of networks. */
	size_t count, subnets_count, room, subnets_room;
	bool geos, nets; /*!< There are places of the earth; there are subnets. */
} steer_octodns_rules_t;

/*!
 * Reads rules in place of those before, and marks the pools that they use. The last place is all
 * others.
 *
 * \param[in] at  Their list.
 */
void steer_octodns_take_rules(steer_octodns_rules_t *rules, steer_octodns_pools_t *pools,
                              steer_octodns_reading_t *reading, const steer_yaml_value_t *at);
void steer_octodns_rules_free(steer_octodns_rules_t *rules);
