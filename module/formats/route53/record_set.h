/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief One record set of Route 53, passed on as a record set of Steer.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/route53/change.h"
#include "formats/route53/lists.h"
#include "formats/route53/policy.h"
#include "formats/route53/traffic.h"

/*! What passing on the record sets of a zone needs. */
typedef struct {
	steer_route53_reading_t *reading;
	const steer_route53_lists_t *lists;
	steer_route53_collections_t *collections;
	const steer_traffic_t *traffic;
	uint32_t in_trees;        /*!< Record sets that traffic policies have become. */
	const steer_route53_zone_t *zone;
	steer_field_at_t outside; /*!< First alias of a name that no zone of the import has. */
	uint32_t outside_count;
	char location[STEER_DICTIONARY_NAME_MAX + 1]; /*!< Of the last change, as those below. */
	uint8_t target[STEER_NAME_MAX];
	steer_route53_value_t *values;
	uint8_t *rdata;
	size_t values_room, rdata_room;
} steer_route53_sets_t;

/*! A group: record sets of one name and type. It begins with zeros. */
typedef struct {
	const steer_route53_entry_t *first; /*!< First one with data, which gives the policy. */
	steer_preset_t preset; /*!< STEER_PRESET_NONE: simple. */
	const char *key;       /*!< Of the policy; NULL: simple. */
	bool told;             /*!< The policy was passed on. */
} steer_route53_group_t;

/*! Passes on a record set of a group, and before the first one its policy. */
void steer_route53_pass_set(steer_route53_sets_t *sets, steer_route53_group_t *group,
                            const steer_route53_entry_t *entry);
/*! Counts the target of an alias if no zone of the import has it. */
void steer_route53_note_target(steer_route53_sets_t *sets, const uint8_t *target,
                               const steer_field_at_t *alias);
/*!
 * Reads the record set of a change.
 *
 * \param[out] change  All but its action, until the next one is read.
 *
 * \return false: it is wrong, or has no data, which is told
 */
bool steer_route53_take_change(steer_route53_sets_t *sets, const steer_route53_entry_t *entry,
                               steer_route53_change_t *change);
/*! Frees what passing on needed. */
void steer_route53_sets_free(steer_route53_sets_t *sets);
