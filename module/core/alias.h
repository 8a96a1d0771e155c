/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Where aliases can lead, whichever of their record sets would be chosen.
 *
 * Threads:  pure; what the lookup returns must stay valid for the call.
 * Memory:   nothing is allocated; about 2 KiB of stack for each link of the longest chain.
 */
#pragma once

#include "core/find.h"

/*!
 * Whether an alias of A or AAAA is one of two that lead to the same target, which has addresses of
 * the other type. An ALIAS line stands for both types, and few targets have both.
 *
 * \param[in] name  Owner of the alias.
 */
bool steer_alias_is_half(const steer_lookup_t *lookup, const uint8_t *name, uint16_t type,
                         const uint8_t *target);

/*! How far aliases lead. */
typedef enum {
	STEER_EXTENT_FINE,
	STEER_EXTENT_DEEP, /*!< A chain has more than STEER_ALIAS_DEPTH links, or no end (rule A7). */
	STEER_EXTENT_WIDE, /*!< All chains together have more than STEER_NAMES_MAX names (rule A8). */
} steer_extent_t;

/*! How far the aliases of a group lead, over all record sets that they reach. */
steer_extent_t steer_alias_extent(const steer_lookup_t *lookup, const steer_group_t *group);

/*! Receives an external name, of which records of a type are needed. */
typedef void (*steer_alias_end_f)(void *ctx, uint16_t type, const uint8_t *name);
/*!
 * Gives the external names that are needed for an alias to a target: the target, or where its CNAMEs
 * and DNAMEs lead, whichever would be chosen. The aliases of the type that it leads to have targets
 * of their own, which are left out. A name that cannot be read is given as if it were external.
 *
 * \return false: some are missing, since there are more than STEER_NAMES_MAX on the way (rule A8)
 */
bool steer_alias_ends(const steer_lookup_t *lookup, uint16_t type, const uint8_t *target,
                      steer_alias_end_f take, void *ctx);
