/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The groups of one name, made from the old ones and a change set's records.
 *
 * Memory:   groups, sets and RRs are in reused memory, or borrowed from what they were made from.
 * Rules:    steer-policies(7), G1 to G6, G12.
 */
#pragma once

#include "store/change/contents.h"

typedef struct {
	steer_group_t *groups;
	steer_set_t *sets;
	uint8_t *rrs;
	size_t groups_room, sets_room, rrs_room;
	unsigned count;      /*!< Of groups. */
	size_t sets_count, rrs_len;
	bool policies;       /*!< Some group is more than a plain record set. */
} steer_groups_t;

/*! What the groups of a name are made from. */
typedef struct {
	const steer_change_record_t *records; /*!< Those of the name. */
	size_t count;
	const steer_face_t *old;              /*!< The name as it was; NULL: not in the zone. */
	bool lost;                            /*!< What was stored is damaged, and is dropped. */
	bool keep;                            /*!< Old groups stay unless a record names their type. */
	bool keep_soa, keep_servers;          /*!< These stay likewise, even if others do not. */
	const uint8_t *soa;                   /*!< Final SOA RR of the apex, or NULL. */
	size_t soa_len;
} steer_groups_from_t;

/*!
 * Makes the groups of a name.
 *
 * \param[in,out] groups   Reused memory.
 * \param[in]     options  Receives warnings; may be NULL.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  An RRset is too large, or record sets and policies do not match.
 * \retval STEER_ENOENT    There is nothing to remove.
 */
int steer_groups_make(steer_groups_t *groups, const steer_groups_from_t *from,
                      const steer_apply_t *options, steer_fault_t *fault);
void steer_groups_free(steer_groups_t *groups);
/*! Group of a type, or NULL. */
const steer_group_t *steer_groups_find(const steer_groups_t *groups, uint16_t type);

/*! Sets the TTL of wire-ready RRs. */
void steer_rrs_set_ttl(uint8_t *rrs, size_t len, uint32_t ttl);
/*!
 * Appends the RRs of a record set: sorted, without duplicates, with one TTL.
 *
 * \param[in]  stored  Group to take the TTL from if the records keep it; NULL: there is none.
 * \param[out] set     The record set, completely filled in.
 */
int steer_groups_values(steer_groups_t *groups, const steer_change_record_t **records, size_t count,
                        const steer_group_t *stored, const steer_apply_t *options,
                        steer_fault_t *fault, steer_set_t *set);
/*! Whether the change set removes the whole group of a type. */
bool steer_groups_removed(const steer_groups_from_t *from, uint16_t type);

/*!
 * Appends the group of one type, of which a change set gives more than plain values, if any of it
 * is left.
 *
 * \param[in,out] records  All of the type, except removals of the whole group. They are sorted.
 */
int steer_sets_make(steer_groups_t *groups, const steer_groups_from_t *from,
                    const steer_change_record_t **records, size_t count,
                    const steer_apply_t *options, steer_fault_t *fault);
