/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Finds alias loops, and referrals too large for a message, that a change set makes.
 *
 * While zones are applied, the groups and names are noted from which a new chain can start. After
 * all zones are written, these chains are followed as an answer would follow them, but through all
 * record sets of a group, and through each (group, type) once; and noted delegations are measured.
 *
 * Memory:   what is noted is copied, except the records, which must outlive the search.
 * Rules:    steer-policies(7), A5 to A7, G12.
 */
#pragma once

#include "store/change/source_location.h"
#include "store/change/write.h"

/*! What a search starts from. */
typedef enum {
	STEER_FROM_ALIAS, /*!< A group of the given type that has aliases. */
	STEER_FROM_NAME,  /*!< A name, whatever it has. */
	STEER_FROM_BELOW, /*!< Everything at and below a name. */
	STEER_FROM_REFERRAL, /*!< A delegation, or addresses that may be below one. */
	STEER_FROMS,
} steer_from_t;

typedef struct {
	const uint8_t *name;                  /*!< In wire form. */
	const steer_change_record_t *records; /*!< Of the change set, to point at. */
	uint32_t count;
	uint16_t type;
} steer_search_start_t;

typedef struct {
	struct {
		steer_search_start_t *starts;
		size_t count, room;
	} list[STEER_FROMS];
	steer_arena_t arena;
	void *searched; /*!< Names below which everything was searched: a tree, see tsearch(3). */
	bool fresh;     /*!< The store was empty, so it is enough to start from aliases: all are new. */
	bool no_memory; /*!< Something could not be noted, so nothing may be committed. */
} steer_alias_check_t;

/*! To be called before any zone is applied. */
int steer_alias_check_begin(steer_alias_check_t *alias_check, steer_write_t *write);
/*! Whether a group can be part of a referral. */
static inline bool steer_alias_check_refers(const steer_group_t *group)
{
	return group->type == TYPE_NS || group->type == TYPE_A || group->type == TYPE_AAAA;
}
/*! Whether a chain can continue at a group, or it can be part of a referral. */
static inline bool steer_alias_check_concerns(const steer_group_t *group)
{
	bool plain = group->sets != NULL ? group->count == 1 && !group->sets->alias
	             : steer_group_values(group) != NULL;
	return !plain || group->type == TYPE_CNAME || group->type == TYPE_DNAME ||
	       steer_alias_check_refers(group);
}
/*!
 * Notes a group, of those that concern the search, that is new or changed, or that a delegation no
 * longer hides.
 *
 * \param[in] fresh  Nothing was stored in or below the zone, so everything there is being noted.
 */
void steer_alias_check_add_group(steer_alias_check_t *alias_check,
                                 const steer_name_records_t *name, const steer_group_t *group,
                                 bool fresh);
/*! Notes a name that is gone: a chain may continue at what now answers for it. */
void steer_alias_check_add_name(steer_alias_check_t *alias_check, const uint8_t *key, size_t len);
/*! Notes a zone that is gone: a chain may continue at what it hid. */
void steer_alias_check_add_zone(steer_alias_check_t *alias_check, const steer_key_t *apex);
/*!
 * Searches, after all zones are written. Warns of aliases whose target has no records, and of
 * answers and referrals that may not fit in a message.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EDAMAGED, STEER_EIO
 * \retval STEER_EREFUSED  There is a loop, or a chain that is too long.
 */
int steer_alias_check_run(steer_alias_check_t *alias_check, steer_write_t *write,
                          const steer_apply_t *options);
void steer_alias_check_free(steer_alias_check_t *alias_check);
