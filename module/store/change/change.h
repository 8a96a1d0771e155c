/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The change set: what one commit changes.
 *
 * A change set is filled in any order, then applied to a store in one durable transaction: all
 * rules are checked, touched names are compiled, and the zone's serial rises. Readers see either
 * all of it or nothing.
 *
 * Threads:  a change set belongs to one thread.
 * Memory:   what is added is copied.
 * Names:    in wire form and lower case, as the formats give them.
 * Sources:  the rules are those by which Knot loads a zone (CNAME: RFC 1034, section 3.6.2; DNAME:
 *           RFC 6672, sections 2.3 and 2.4; serial: RFC 1982), and Route 53's for the apex.
 */
#pragma once

#include "core/dictionary.h"
#include "core/health_check.h"
#include "core/node.h"
#include "core/program.h"
#include "core/recordset.h"
#include "store/settings.h"
#include "store/status.h"
#include "store/store.h"

typedef struct steer_change steer_change_t;

/*! Where a record was written, for messages. */
typedef struct {
	const char *file; /*!< NULL: the command line. Must outlive the change set. */
	uint32_t line;
	uint32_t column;  /*!< 0: unknown. */
} steer_source_location_t;

typedef enum {
	STEER_ZONE_MERGE,   /*!< The given record sets are replaced; the zone must exist. */
	STEER_ZONE_REPLACE, /*!< The zone becomes equal to what is added; created if missing. */
	STEER_ZONE_CREATE,  /*!< As replace, but the zone must not exist. */
	STEER_ZONE_DELETE,  /*!< The zone is deleted with all its names. */
	STEER_ZONE_DELETE_EMPTY, /*!< The same; it must have nothing but SOA and NS at its apex. */
} steer_zone_action_t;

/*! One record. */
typedef struct {
	const uint8_t *owner; /*!< Wire name; at or below the zone. */
	const uint8_t *rdata; /*!< Canonical: names in lower case. */
	uint16_t rdata_len;
	uint16_t type;
	uint32_t ttl;
	bool keep_ttl;        /*!< In a merge, the record set keeps its TTL if it has one. */
	const struct steer_change_set *set; /*!< Its record set; NULL: the group's only, plain one. */
	steer_source_location_t location;
} steer_record_t;

/*! A record set of a change set, see steer_change_set(). */
typedef struct steer_change_set steer_change_set_t;

/*! Makes an empty change set. \return NULL: out of memory. */
steer_change_t *steer_change_new(void);
/*! May be NULL. */
void steer_change_free(steer_change_t *change);

/*!
 * Names a zone that the change set touches; to be called once for each zone.
 *
 * \param[in]  apex  Wire name.
 * \param[out] zone  Its number, for the calls below.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EEXIST (named already)
 */
int steer_change_zone(steer_change_t *change, const uint8_t *apex, steer_zone_action_t action,
                      unsigned *zone);
/*!
 * Sets the zone's mode, STEER_ZONE_AUTHORITATIVE or STEER_ZONE_OVERLAY.
 *
 * Without it, a new zone is authoritative, and an existing one keeps its mode. A merge with another
 * mode is refused; a replacement changes the mode.
 */
void steer_change_mode(steer_change_t *change, unsigned zone, uint8_t mode);
/*!
 * Keeps the SOA, or the NS of the apex, of a zone to replace, unless the change set has its own.
 *
 * It is the one that is stored when the change set is applied, whoever wrote it last.
 */
void steer_change_keep(steer_change_t *change, unsigned zone, bool soa, bool servers);
/*! Sets the zone's comment (at most STEER_COMMENT_MAX bytes). */
int steer_change_comment(steer_change_t *change, unsigned zone, const char *comment);

/*!
 * Adds a record to its record set.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EINVAL  The owner is outside the zone, or the TTL is above STEER_TTL_MAX.
 */
int steer_change_add(steer_change_t *change, unsigned zone, const steer_record_t *record);

/*!
 * Adds a record set that is an alias, has a health check, or is one of a group with a policy.
 *
 * In a merge, a set with an identifier replaces the one of that identifier, except what it keeps,
 * and the others of the group stay; one without an identifier replaces the whole group, and can
 * keep what a simple record set has. Values are added by steer_change_add(), unless they are kept.
 *
 * \param[in]  set   Copied.
 * \param[out] made  To be the member set of its records; may be NULL.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EINVAL  The owner is outside the zone.
 */
int steer_change_set(steer_change_t *change, unsigned zone, const uint8_t *owner, uint16_t type,
                     const steer_record_set_t *set, const steer_source_location_t *location,
                     const steer_change_set_t **made);
/*!
 * Gives a group its policy: a whole program. In a merge, no sets have to come with it.
 *
 * A group whose sets have identifiers needs a policy, here or in the store. A simple record set in
 * the store is removed when its group is given a policy.
 *
 * \param[in] program  May be NULL when the length is 0: the group is simple.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EINVAL (the owner is outside the zone; no whole program)
 */
int steer_change_policy(steer_change_t *change, unsigned zone, const uint8_t *owner, uint16_t type,
                        const uint8_t *program, size_t len,
                        const steer_source_location_t *location);
/*!
 * Gives a new group a preset. An existing group keeps its policy, and must have one.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EINVAL (the owner is outside the zone)
 */
int steer_change_preset(steer_change_t *change, unsigned zone, const uint8_t *owner, uint16_t type,
                        steer_preset_t preset, const steer_source_location_t *location);
/*!
 * Gives one TTL to the record sets of a group that stay in a merge. Aliases have none.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EINVAL (the owner is outside the zone)
 */
int steer_change_ttl(steer_change_t *change, unsigned zone, const uint8_t *owner, uint16_t type,
                     uint32_t ttl);

/*!
 * Removes a record set that must exist, for STEER_ZONE_MERGE.
 *
 * \param[in] type  0: all record sets of the name.
 * \param[in] id    Set identifier; NULL: all record sets of the type.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EINVAL (the owner is outside the zone; an id without a
 *         type)
 */
int steer_change_remove(steer_change_t *change, unsigned zone, const uint8_t *name, uint16_t type,
                        const char *id);

/*!
 * Creates a health check, or changes the one of that id, which keeps its slot; once for each id.
 *
 * Deleting a check also removes the state it is forced to, and what has been reported of it.
 *
 * \param[in] check  Complete; copied without slot and generation. NULL: deletes the check, which
 *                   must exist.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EEXIST  Named already.
 * \retval STEER_EINVAL  The id cannot be one.
 */
int steer_change_health_check(steer_change_t *change, const char *id,
                              const steer_health_check_t *check,
                              const steer_source_location_t *location);

/*!
 * Changes a setting.
 *
 * \param[in] value  As in META; NULL: the default.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EINVAL  This value is not allowed.
 */
int steer_change_setting(steer_change_t *change, const steer_setting_t *setting, const void *value,
                         size_t len);

/*! What a change set did, or would do. */
typedef struct {
	uint64_t zones_created, zones_changed, zones_deleted;
	uint64_t sets_added, sets_changed, sets_removed;
	uint64_t settings_changed;
	uint64_t checks_changed; /*!< Health checks created, changed and deleted. */
	uint64_t nodes_written;
	uint64_t sequence; /*!< Number of this change set; 0: nothing differs. */
} steer_summary_t;

/*! Most names of a zone of which it is told that they break rules. */
#define STEER_REFUSED_MAX 100

typedef struct {
	bool dry_run;     /*!< Check and compare, then change nothing. */
	const char *who;  /*!< Who makes the change, for the log; cut to STEER_LOG_TEXT_MAX bytes. */
	const char *what; /*!< By which command; cut likewise. */
	steer_now_t now;  /*!< Wall time, for the log; both, for whether steerd is at work. */
	/*!
	 * Called first: from now on nobody else changes the store, so the change set is applied to what
	 * a reader sees that is renewed here. It may still be added to. An error ends it. May be NULL.
	 */
	int (*begun)(void *ctx, steer_fault_t *fault);
	/*!
	 * Receives each changed group: with sign '-' as it was, with '+' as it will be. May be NULL.
	 *
	 * \param[in] name  Wire name.
	 */
	void (*diff)(void *ctx, char sign, const uint8_t *name, const steer_group_t *group);
	/*!
	 * Receives each zone that is created ('+') or is itself changed ('='), as it will be, or is
	 * deleted ('-'), as it was; before its record sets. May be NULL.
	 */
	void (*zone)(void *ctx, char sign, const uint8_t *apex, const steer_zone_t *zone);
	/*! Receives each changed setting likewise, unless it is the default or damaged. May be NULL. */
	void (*setting)(void *ctx, char sign, const steer_setting_t *setting, const uint8_t *value,
	                size_t len);
	/*!
	 * Receives each changed health check: with sign '-' as it was, with '+' as it will be. May be
	 * NULL.
	 */
	void (*check)(void *ctx, char sign, const char *id, const steer_health_check_t *check);
	/*!
	 * Receives each name that gets a number, before the record sets that have the number. May be
	 * NULL.
	 */
	void (*name)(void *ctx, uint32_t number, const steer_dictionary_name_t *name);
	/*!
	 * Receives warnings: differing TTLs, no NS at the apex, an alias target or a health check that
	 * does not exist. May be NULL.
	 */
	void (*warn)(void *ctx, const steer_source_location_t *location, const char *text);
	/*!
	 * Receives what breaks a rule, one fault for each name of a zone, except the last one, which is
	 * returned; after STEER_REFUSED_MAX of them only their number is. NULL: the first is returned.
	 */
	void (*refused)(void *ctx, const steer_fault_t *fault);
	void *ctx;
} steer_apply_t;

/*!
 * Applies a change set.
 *
 * \retval STEER_OK       Done, or nothing differs; with dry_run: it could be done.
 * \retval STEER_EREFUSED A rule is broken; the fault says which, and where. Nothing changed.
 * \retval STEER_ENOENT   A zone, record set or health check to change does not exist. Nothing
 *                        changed.
 * \retval STEER_EEXIST   A zone to create exists. Nothing changed.
 * \retval STEER_EFULL, STEER_EACCES, STEER_EDAMAGED, STEER_ENOMEM, STEER_EIO  Nothing changed.
 */
int steer_store_apply(steer_store_t *store, steer_change_t *change, const steer_apply_t *options,
                      steer_summary_t *summary, steer_fault_t *fault);

/*!
 * Forces and reports of health checks, in the status: a change set of its own, which is logged and
 * touches no record; all or nothing.
 *
 * \param[in] states   Of checks alone, each with a state, or one that is cleared. A force or report
 *                     that is there already, and clearing what is not there, changes nothing.
 * \param[in] options  Who, what and when.
 *
 * \retval STEER_OK, STEER_EFULL, STEER_EACCES, STEER_EIO, STEER_ENOMEM, STEER_EDAMAGED
 * \retval STEER_EINVAL  An id cannot be one, or a text is too long.
 */
int steer_store_apply_states(steer_store_t *store, const steer_status_entry_t *states, size_t count,
                             const steer_apply_t *options, steer_fault_t *fault);

/*!
 * Gives numbers to names that have none: a change set of its own, which is logged and touches no
 * record; without such a name, nothing changes. A name that comes twice has one number.
 *
 * \param[in]  options  Who, what and when; in a dry run, numbers are those that would be given.
 * \param[out] numbers  The number of each name.
 *
 * \retval STEER_OK, STEER_EACCES, STEER_EIO, STEER_ENOMEM, STEER_EDAMAGED
 * \retval STEER_EFULL   The store or the disk, or there are STEER_DICTIONARY_MAX names.
 * \retval STEER_EINVAL  What is no name.
 */
int steer_store_apply_names(steer_store_t *store, const steer_dictionary_name_t *names,
                            size_t count, const steer_apply_t *options, uint32_t *numbers,
                            steer_fault_t *fault);
