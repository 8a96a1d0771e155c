/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Alias loops, and referrals too large for a message: what a change set touches that can
 * make one, and the search for them.
 *
 * While zones are applied, groups and names are noted from which a way can lead that was not there
 * before. When all zones are written, the ways from these are followed as an answer would follow
 * them, over all record sets of a group, each (group, type) once; and delegations are measured.
 *
 * Memory:   what is noted is copied; records must outlive the search.
 * Rules:    steer-policies(7), A5 to A7, G12.
 */
#pragma once

#include "store/change/source_location.h"

/*! What to begin with. */
typedef enum {
	STEER_FROM_ALIAS, /*!< A group of this type that has aliases. */
	STEER_FROM_NAME,  /*!< A name, whatever it has. */
	STEER_FROM_BELOW, /*!< All that is at and below a name. */
	STEER_FROM_REFERRAL, /*!< A delegation, or a name with addresses that may be below one. */
	STEER_FROMS,
} steer_from_t;

typedef struct {
	const uint8_t *name;                  /*!< In wire form. */
	const steer_change_record_t *records; /*!< To point at. */
	uint32_t count;
	uint16_t type;
} steer_search_start_t;

struct steer_alias_check {
	struct {
		steer_search_start_t *starts;
		size_t count, room;
	} list[STEER_FROMS];
	steer_arena_t arena;
	void *searched; /*!< Tree of the names below which all was searched, see tsearch(3). */
	bool fresh;     /*!< The store was empty: each alias is new and noted, and they suffice. */
	bool no_memory; /*!< Something could not be noted: nothing may be committed. */
};

/*! Begins, before any zone is applied. */
int steer_alias_check_begin(steer_alias_check_t *alias_check, steer_write_t *write);
/*! Whether a group can be a part of a referral. */
static inline bool steer_alias_check_refers(const steer_group_t *group)
{
	return group->type == TYPE_NS || group->type == TYPE_A ||
	       group->type == TYPE_AAAA;
}
/*! Whether a way can lead on from a group, or it can be a part of a referral. */
static inline bool steer_alias_check_concerns(const steer_group_t *group)
{
	bool plain = group->sets != NULL ? group->count == 1 && !group->sets->alias
	             : steer_group_values(group) != NULL;
	return !plain || group->type == TYPE_CNAME || group->type == TYPE_DNAME ||
	       steer_alias_check_refers(group);
}
/*!
 * Notes a group that concerns it and is new, or changed, or not hidden by a delegation any more.
 *
 * \param[in] fresh  Nothing was stored in or below the zone: all that is there is noted.
 */
void steer_alias_check_add_group(steer_alias_check_t *alias_check,
                                 const steer_name_records_t *name_records,
                                 const steer_group_t *group, bool fresh);
/*! Notes a name that is gone: what stands in its place may lead on. */
void steer_alias_check_add_name(steer_alias_check_t *alias_check, const uint8_t *key, size_t len);
/*! Notes a zone that is gone: what it hid may lead on. */
void steer_alias_check_add_zone(steer_alias_check_t *alias_check, const steer_key_t *apex);
/*!
 * Searches, after all zones are written; warns of aliases without a target, and of referrals that
 * have no room in a message.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EDAMAGED, STEER_EIO
 * \retval STEER_EREFUSED  There is a loop, or too deep a way.
 */
int steer_alias_check_run(steer_alias_check_t *alias_check, steer_write_t *write,
                          const steer_apply_t *options);
void steer_alias_check_free(steer_alias_check_t *alias_check);
