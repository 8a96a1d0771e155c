/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The pools of a dynamic record.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/octodns/fields.h"
#include "schema/layout.h"

/*! Most pools of a record, and most rules. */
#define STEER_OCTODNS_POOLS_MAX STEER_SETS_MAX
/*! Most pools in a chain of those to fall back to: each has a tier, as the record's values have. */
#define STEER_OCTODNS_CHAIN_MAX 255
/*! No pool. */
#define STEER_OCTODNS_NONE UINT32_MAX

typedef struct {
	const steer_yaml_value_t *at; /*!< Its mapping. */
	const char *name;
	uint32_t fallback;     /*!< STEER_OCTODNS_NONE: the record's own values. */
	uint32_t first, count; /*!< Its values. */
	bool used;
	const steer_yaml_value_t *subnets; /*!< The first one of its clients; NULL: there are none. */
} steer_octodns_pool_t;

typedef struct {
	const steer_yaml_value_t *value;
	uint32_t weight;
	enum { STEER_OCTODNS_OBEY, STEER_OCTODNS_UP, STEER_OCTODNS_DOWN } status;
} steer_octodns_member_t;

/*! Zeroed memory has none. */
typedef struct {
	steer_octodns_pool_t *pools;
	steer_octodns_member_t *members;
	size_t count, members_count, room, members_room;
} steer_octodns_pools_t;

/*! Reads pools in place of those before. \param[in] at  Their mapping. */
void steer_octodns_take_pools(steer_octodns_pools_t *pools, steer_octodns_reading_t *reading,
                              const steer_yaml_value_t *at);
void steer_octodns_pools_free(steer_octodns_pools_t *pools);
/*! The number of a pool. \return STEER_OCTODNS_NONE: there is none of that name */
uint32_t steer_octodns_find_pool(const steer_octodns_pools_t *pools, const char *name);
/*! Marks a pool, and those to fall back to, as used. */
void steer_octodns_use_pool(steer_octodns_pools_t *pools, uint32_t number);
/*! Warns about pools that are not used. */
void steer_octodns_warn_unused(const steer_octodns_pools_t *pools,
                               steer_octodns_reading_t *reading);
