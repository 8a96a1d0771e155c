/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a referral has to carry: the name servers of a delegation, and glue, which is the
 * addresses of those at or below it.
 *
 * Memory:   a referral borrows from the lookup's nodes.
 * Rules:    steer-policies(7), G12.
 */
#pragma once

#include "core/find.h"

typedef struct {
	steer_finder_t finder;    /*!< Of the name by which it was found. */
	steer_tree_place_t place; /*!< The delegation. */
	steer_group_t servers;    /*!< Its NS records. */
} steer_referral_t;

/*!
 * Finds the delegation at or above a name.
 *
 * \retval STEER_OK
 * \retval STEER_ENOENT  There is none, or the name does not exist.
 * \retval STEER_EDAMAGED, STEER_EIO
 */
int steer_referral_find(steer_referral_t *referral, const steer_lookup_t *lookup,
                        const uint8_t *name);
/*! The delegation's name. */
static inline const uint8_t *steer_referral_owner(const steer_referral_t *referral)
{
	return steer_finder_ancestor(&referral->finder, referral->place.labels);
}
/*! Bytes that it takes in a message, with all record sets that can be chosen together. */
uint64_t steer_referral_bytes(const steer_referral_t *referral);
/*!
 * Whether a group of NS records or of addresses is so large that it can make a referral too large
 * whose other groups are all smaller than that.
 */
bool steer_referral_may_fill(const steer_group_t *group);
