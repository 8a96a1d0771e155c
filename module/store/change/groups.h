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

/* Messages, and places to point at in them. */

/*! Room for a message behind what it is about. */
#define STEER_MESSAGE_MAX 256

/*! A name, and the records of it in the change set. */
typedef struct {
	const uint8_t *key;
	uint16_t key_len;
	const steer_change_record_t *records;
	size_t count;
} steer_name_records_t;

/*!
 * Finds what to point at: the record set of a type and an identifier, else the group's policy, else
 * a record of the type, else any.
 *
 * \param[in] id  NULL: no certain record set.
 */
steer_change_record_t steer_name_records_find(const steer_name_records_t *name_records,
                                              uint16_t type, const uint8_t *id, size_t id_len);
/*! Fills a fault "file:line:column: owner: text". */
int steer_record_fault(const steer_change_record_t *record, int code, const char *text,
                       steer_fault_t *fault);
/*! Tells a warning "owner: text" with the record's place. */
void steer_record_warn(const steer_change_record_t *record, const char *text,
                       const steer_apply_t *options);
/*! Warns of a value that is allowed and hardly meant. \param[in] options  NULL: nobody. */
void steer_value_warn(const steer_change_record_t *record, const steer_apply_t *options);
/*! Room for "TYPE 'identifier'". */
#define STEER_SET_TEXT (STEER_TYPE_TEXT + 4 + STEER_SET_ID_MAX)
/*! Writes that, or the type alone if the identifier is empty. */
void steer_set_text(char text[STEER_SET_TEXT], uint16_t type, const void *id, size_t id_len);

/*!
 * Checks the rules for groups that are not plain; warns of what they may come to.
 *
 * \param[in] apex  The name is the zone's apex.
 */
int steer_validate_groups(const steer_groups_t *groups, const steer_name_records_t *name_records,
                          bool apex, const steer_apply_t *options, steer_fault_t *fault);

/* What fits a message, see message_room.c. */

/*! Bytes of RRs that an answer to a question for a name of so many bytes has room for (G12). */
static inline size_t steer_message_room(size_t name_len)
{
	enum { MESSAGE = 65535, HEADER = 12, TYPE_AND_CLASS = 4, OPT = 11 };
	return MESSAGE - HEADER - (name_len + TYPE_AND_CLASS) - OPT;
}
/*! The same for the name of a key, which was checked. */
size_t steer_message_room_of_key(const uint8_t *key, size_t len);
/*! The room that the longest name leaves: what fits that fits all. */
#define STEER_MESSAGE_ROOM_LEAST (65535 - 12 - (STEER_NAME_MAX + 4) - 11)

/*! Bytes that records take in a message at least, since names in those of some types compress. */
size_t steer_message_bytes(uint16_t type, size_t bytes, unsigned count);
/*! The same of each record set of a group; of an alias 0. */
void steer_message_set_bytes(const steer_group_t *group, uint32_t *bytes);

/*! Bytes of the record sets of a group that are chosen together. */
typedef struct {
	uint64_t least; /*!< Of every answer; 0: not certain. */
	uint64_t most;  /*!< Of any answer, if no record is in two of the sets. */
} steer_message_sums_t;

/*! Sums up the bytes of a group's record sets. \param[in] bytes  Of each. */
steer_message_sums_t steer_message_sum(const steer_group_t *group, const uint32_t *bytes);
