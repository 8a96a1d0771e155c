/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief CIDR blocks of Route 53: the networks of the locations in a collection.
 *
 * Their list does not name the collection, unless CollectionId stands beside it, as in an export. It
 * is the only one of the import; if there are several, the one whose name or identifier is the name
 * of the file.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/route53/policy.h"

/*! A list, and the collection that it names. */
typedef struct {
	steer_field_at_t blocks;
	steer_field_at_t collection; /*!< Without a value: none. */
} steer_route53_block_list_t;

/*! Lists of blocks. Zeroed memory has none. */
typedef struct {
	steer_route53_block_list_t *lists;
	size_t count, room;
} steer_route53_blocks_t;

/*! Adds the list of an answer. */
void steer_route53_add_blocks(steer_route53_blocks_t *blocks, steer_route53_reading_t *reading,
                              const steer_field_at_t *answer);
/*! Passes on the networks of all lists, when all collections and record sets were read. */
void steer_route53_pass_blocks(const steer_route53_blocks_t *blocks,
                               const steer_route53_collections_t *collections,
                               steer_route53_reading_t *reading);
void steer_route53_blocks_free(steer_route53_blocks_t *blocks);
