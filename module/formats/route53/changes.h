/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Batches of changes, as change-resource-record-sets takes them: CREATE, UPSERT, DELETE.
 *
 * A batch names its zone by an identifier at most, which only get-hosted-zone explains.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/route53/change.h"
#include "formats/route53/lists.h"
#include "formats/route53/policy.h"

/*! A batch. */
typedef struct {
	steer_field_at_t at; /*!< Its changes. */
	const char *id;      /*!< Of its hosted zone; NULL: not given. */
	size_t first, end;   /*!< Positions of its changes. */
} steer_route53_batch_t;

/*! One of its changes. */
typedef struct {
	steer_field_at_t at;
	steer_route53_action_t action;
	steer_route53_entry_t entry; /*!< The record set. */
} steer_route53_batched_t;

/*! The batches of all files, in their order. Zeroed memory has none. */
typedef struct {
	steer_route53_batch_t *of;
	steer_route53_batched_t *changes;
	size_t count, room, changes_count, changes_room;
} steer_route53_batches_t;

/*!
 * Adds a batch, which has Changes, or a ChangeBatch that has them.
 *
 * \param[in,out] lists  Keeps the names.
 */
void steer_route53_add_batch(steer_route53_batches_t *batches, steer_route53_lists_t *lists,
                             steer_route53_reading_t *reading, const steer_field_at_t *answer);
/*!
 * Passes on the changes of all batches, when the zones of all lists were found.
 *
 * \param[in] named  The zone of all batches; NULL: each has its own.
 */
void steer_route53_pass_changes(const steer_route53_batches_t *batches,
                                const steer_route53_lists_t *lists,
                                steer_route53_collections_t *collections, const uint8_t *named,
                                const steer_route53_changes_t *changes,
                                steer_route53_reading_t *reading);
void steer_route53_batches_free(steer_route53_batches_t *batches);
