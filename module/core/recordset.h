/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A record set as people write it, on its way from a format to a change set.
 *
 * Plain values need none of this. A record set that is an alias, that has a health check, or that is
 * one of a group with a policy does.
 *
 * Memory:   borrowed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "schema/layout.h"

typedef struct {
	const char *id;        /*!< Set identifier; "": the group's only record set. */
	const uint8_t *alias;  /*!< Wire name of the alias target, lower case; NULL: it has values. */
	bool evaluate;         /*!< Alias: evaluate-target-health. */
	bool has_weight, has_tier; /*!< Else the group's policy decides: weight 1, tier 0. */
	uint32_t weight;
	uint8_t tier;
	const char *health;    /*!< Id of its health check; NULL: none. */
} steer_record_set_t;
