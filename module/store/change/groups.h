/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The groups of one name, made of its old ones and a change set's records, and their rules.
 *
 * Memory:   groups, sets and RRs lie in reused memory, or in what they were made from.
 * Rules:    steer-policies(7), G1 to G6, G12, F2, M3, W5, A2.
 */
#pragma once

#include "store/change/internal.h"

typedef struct {
	steer_group_t *groups;
	steer_set_t *sets;
	uint8_t *rrs;
	size_t groups_room, sets_room, rrs_room;
	unsigned count;      /*!< Of groups. */
	size_t sets_count, rrs_len;
	bool policies;       /*!< A group is none of a plain record set. */
} steer_groups_t;

typedef struct {
	const steer_change_record_t *records; /*!< Those of the name. */
	size_t count;
	const steer_face_t *old;              /*!< The name as it was in the zone; NULL: it was not. */
	bool lost;                            /*!< What it was is damaged, and goes. */
	bool keep;                            /*!< Old groups stay unless a record names their type. */
	bool keep_soa, keep_servers;          /*!< Those stay likewise, if others do not. */
	const uint8_t *soa;                   /*!< Final SOA RR of the apex, or NULL. */
	size_t soa_len;
} steer_groups_from_t;

/*!
 * Makes the groups of a name.
 *
 * \param[in,out] groups   Reused memory.
 * \param[in]     options  Takes warnings; NULL: none.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EREFUSED  An RRset is too large, or record sets and policies do not go together.
 * \retval STEER_ENOENT    A removal removes nothing.
 */
int steer_groups_make(steer_groups_t *groups, const steer_groups_from_t *from,
                      const steer_apply_t *options, steer_fault_t *fault);
void steer_groups_free(steer_groups_t *groups);
/*! Group of a type, or NULL. */
const steer_group_t *steer_groups_find(const steer_groups_t *groups, uint16_t type);

/*! Gives wire-ready RRs a TTL. */
void steer_rrs_set_ttl(uint8_t *rrs, size_t len, uint32_t ttl);
/*!
 * Appends values, sorted, without duplicates, with one TTL.
 *
 * \param[in]  stored  The group whose TTLs are kept where the records say none; NULL: none is.
 * \param[out] set   All of it.
 */
int steer_groups_values(steer_groups_t *groups, const steer_change_record_t **records, size_t count,
                        const steer_group_t *stored, const steer_apply_t *options,
                        steer_fault_t *fault, steer_set_t *set);
/*! Whether a record of the name removes a group, or is about its type. */
bool steer_groups_removed(const steer_groups_from_t *from, uint16_t type);

/*!
 * Appends the group of one type that a change set says more of than plain values; or none.
 *
 * \param[in,out] records  All of the type, but for removals of all of it; they are sorted.
 */
int steer_sets_make(steer_groups_t *groups, const steer_groups_from_t *from,
                    const steer_change_record_t **records, size_t count,
                    const steer_apply_t *options, steer_fault_t *fault);
/*! Finds the slots of the health checks that a change set's record sets name. Before the zones. */
int steer_sets_find_slots(steer_write_t *write, steer_change_t *change,
                          const steer_apply_t *options);
