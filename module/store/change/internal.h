/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A change set's contents, and the write transaction that applies it.
 *
 * For this room alone.
 */
#pragma once

#include "core/log_part.h"
#include "core/name.h"
#include "core/types.h"
#include "store/apexes.h"
#include "store/change/change.h"
#include "store/handles.h"

/*! The change log of a write transaction, see log_write.c. */
typedef struct {
	bool on;              /*!< Not in a dry run. */
	bool no_memory;       /*!< An entry found no room: nothing may be committed. */
	uint32_t keep;        /*!< Change sets to keep; 0: it goes into the chain alone. */
	uint32_t parts;       /*!< Parts taken off bytes so far. */
	uint8_t *bytes;       /*!< Room for a part's header and the entries that wait. */
	size_t len, room;
	size_t before;        /*!< Bytes in front of the first entry there. */
	uint8_t *first;       /*!< Part 0, once it is taken off. */
	size_t first_len;
	unsigned first_entries;
	size_t zone_len;      /*!< Of the entry below; 0: it has been written. */
	steer_log_head_t head;
	uint8_t zone[STEER_LOG_ENTRY_SIZE + STEER_NAME_MAX +
	             2 * (STEER_LOG_STATE_SIZE + STEER_SERVERS_MAX + STEER_COMMENT_MAX)];
} steer_logger_t;

/*! Memory that is freed all at once. */
typedef struct steer_chunk steer_chunk_t;
typedef struct {
	steer_chunk_t *chunks;
} steer_arena_t;

/*! NULL: out of memory. */
void *steer_arena_alloc(steer_arena_t *arena, size_t size);
void steer_arena_free(steer_arena_t *arena);

/*! Health slots of a write transaction, see health_slots.c. */
typedef struct {
	bool known;     /*!< That of next; found out when the first is needed. */
	uint32_t next;
} steer_health_slots_t;

typedef struct steer_apexes_page steer_apexes_page_t;
/*! The filter of apexes in a write transaction, see apexes_write.c. */
typedef struct {
	unsigned bits;               /*!< There are 2^bits pages; 0: none was looked at. */
	bool anew;                   /*!< All pages replace those of the store. */
	steer_apexes_page_t **pages; /*!< NULL: not looked at. */
} steer_apexes_change_t;

/*! A setting as a change set has it. */
typedef struct {
	const uint8_t *value; /*!< NULL: unset. */
	size_t len;
	bool named;           /*!< By the change set. */
} steer_change_setting_t;

/* A write transaction over the records. */
typedef struct {
	steer_store_t *store;
	MDB_txn *txn;
	MDB_txn *status;   /*!< Committed behind the records; NULL: not begun. */
	steer_fault_t *fault;
	uint64_t sequence; /*!< Of this change set. */
	steer_log_chain_t chain; /*!< Of the one before, then of this one. */
	steer_apexes_change_t apexes; /*!< Put at commit. */
	bool checked;      /*!< CHECKS has changed. */
	bool stated;       /*!< The change set has forces or reports. */
	steer_health_slots_t slots;
	steer_logger_t log;
} steer_write_t;

int steer_write_begin(steer_write_t *write, steer_store_t *store, steer_fault_t *fault);
/*! Begins to write to the status as well, which then is as the log says. */
int steer_write_status(steer_write_t *write);
/*! Commits durably and rings the doorbell; on error nothing has changed. */
int steer_write_commit(steer_write_t *write);
void steer_write_abort(steer_write_t *write);

/*! Value of a key, valid until the next put: STEER_OK, STEER_ENOENT or a fault. */
int steer_write_get(steer_write_t *write, enum steer_db db, const void *key, size_t len,
                    MDB_val *value);
/*! \param[in] append  The key is behind all others: fills pages instead of splitting them. */
int steer_write_put(steer_write_t *write, enum steer_db db, const void *key, size_t len,
                    const void *value, size_t value_len, bool append);
int steer_write_del(steer_write_t *write, enum steer_db db, const void *key, size_t len);

/*!
 * Begins the log of a change set.
 *
 * \param[in] keep  What it says of how much is to be kept; NULL: nothing.
 */
int steer_log_begin(steer_write_t *write, const steer_change_setting_t *keep,
                    const steer_apply_t *options);
/*!
 * Names the zone that the next record sets are of; it is written with the first of them.
 *
 * \param[in] sign  STEER_LOG_WAS, STEER_LOG_IS, STEER_LOG_STAYS.
 * \param[in] was   Of one that stays: as it was before; NULL: it is the same.
 */
void steer_log_zone(steer_write_t *write, uint8_t sign, const steer_key_t *apex,
                    const steer_zone_t *zone, const steer_zone_t *was);
/*! Logs a record set: STEER_LOG_WAS before STEER_LOG_IS. It is copied. */
void steer_log_set(steer_write_t *write, uint8_t sign, const uint8_t *name,
                   const steer_group_t *group);
/*!
 * Logs the value of a setting, a health check or a state in the same way.
 *
 * \param[in] kind  STEER_LOG_SETTING, STEER_LOG_CHECK, STEER_LOG_STATE.
 * \param[in] name  Key in META, CHECKS, STATUS.
 */
void steer_log_value(steer_write_t *write, uint8_t kind, uint8_t sign, const void *name,
                     size_t name_len, const void *value, size_t len);
/*! Puts what fills a part. Not while a stored value is borrowed. */
int steer_log_settle(steer_write_t *write);
/*! Puts the rest, and removes what is not to be kept any more. */
int steer_log_finish(steer_write_t *write, const steer_summary_t *summary);
/*! Puts the next part of a change set that was logged elsewhere, as it is. */
int steer_log_copy(steer_write_t *write, const void *part, size_t len);
/*! Removes what is not to be kept any more, once all parts are put and applied. */
int steer_log_copied(steer_write_t *write);
void steer_log_free(steer_logger_t *log);

/*! Changes and logs the settings that differ, and counts them in the summary. */
int steer_settings_apply(steer_write_t *write, const steer_change_t *change,
                         const steer_apply_t *options, steer_summary_t *summary);

/*! Reads a health check. \retval STEER_OK, STEER_ENOENT, or a fault */
int steer_health_check_read(steer_write_t *write, const char *id, steer_health_check_t *check);
/*! Takes a check; an error ends the walk and is returned. */
typedef int (*steer_health_check_each_f)(void *ctx, const char *id,
                                         const steer_health_check_t *check);
/*! Walks over all checks but damaged ones. */
int steer_health_checks_each(steer_write_t *write, steer_health_check_each_f take, void *ctx);
/*! Gives a check that has none a slot and its generation. */
int steer_health_slots_take(steer_write_t *write, steer_health_check_t *check);
/*!
 * Finds the slot of a health check that a record set names; an id that no check has gets one, as a
 * check that is not defined (rule H10).
 *
 * \param[out] defined  Whether the check is defined, here or by the change set.
 */
int steer_health_checks_slot(steer_write_t *write, const char *id, uint32_t *slot,
                             uint32_t *generation, bool *defined);

/*!
 * Changes, logs and counts the checks that differ. Before the zones, which name them.
 *
 * What the status has of a new check, or of one that was not defined, goes: it is not of this one.
 */
int steer_apply_health(steer_write_t *write, const steer_change_t *change,
                       const steer_apply_t *options, steer_summary_t *summary);
/*! Removes from the status what is there of the checks that the change set, committed, deleted. */
void steer_apply_health_forget(steer_store_t *store, const steer_change_t *change);
#define STEER_HEALTH_STALE 3
/*!
 * Lists for removal what a check of a new type would read of an earlier one of that id; all, if one
 * of them is STEER_CHECK_NONE. \return number of entries
 */
size_t steer_apply_health_stale(steer_status_entry_t list[STEER_HEALTH_STALE], const char *id,
                                uint8_t was, uint8_t is);
void steer_change_health_checks_free(steer_change_t *change);
/*!
 * Checks the children of calculated checks, once all checks are put: none is calculated itself, so
 * that none can be its own descendant; those that are not defined are warned of.
 */
int steer_apply_calculated(steer_write_t *write, const steer_change_t *change,
                           const steer_apply_t *options);

/*! Writes a zone value. */
int steer_zone_put(steer_write_t *write, const uint8_t *key, size_t len, const steer_zone_t *zone);
/*! Reads and checks one; STEER_ENOENT: no such zone. Borrowed until the next put. */
int steer_zone_get(steer_write_t *write, const uint8_t *key, size_t len, steer_zone_t *zone);

/*! Fills a fault "zone NAME: text". */
int steer_zone_fault(const steer_write_t *write, int code, const steer_key_t *apex,
                     const char *text);

/*! Counts an apex in the filter (1), or out of it (-1); after its zone was put or deleted. */
int steer_apexes_update(steer_write_t *write, const uint8_t *key, size_t len, int difference);
/*! Whether an apex may have a name of this hash, as the change set leaves it so far. */
bool steer_apexes_may_have(steer_write_t *write, uint64_t hash);
/*! Puts the pages that have changed. */
int steer_apexes_put(steer_write_t *write);
void steer_apexes_free(steer_apexes_change_t *filter);

/* A change set's contents, see change.h. */

/*! What a record of a change set is. */
typedef enum {
	STEER_CHANGE_VALUE,   /*!< An RR. */
	STEER_CHANGE_SET,     /*!< A record set that is more than its values. */
	STEER_CHANGE_POLICY,  /*!< The policy of a group. */
	STEER_CHANGE_TTL,     /*!< One TTL for a group. */
	STEER_CHANGE_REMOVAL,
	STEER_CHANGE_GROUP,   /*!< A whole group, as it was made elsewhere. */
} steer_change_kind_t;

/*! A record set, see steer_change_set(). */
struct steer_change_set {
	steer_change_set_t *next; /*!< Of the change set. */
	const char *id;
	const uint8_t *alias;     /*!< NULL: it has values. */
	const char *health;       /*!< NULL: none. */
	const uint8_t *attrs;     /*!< As in a node. */
	size_t id_len, alias_len, attrs_len;
	uint32_t weight;
	uint32_t slot, generation; /*!< Of its health check, once steer_sets_find_slots() was called. */
	uint8_t tier;
	bool has_weight, has_tier, evaluate;
	uint8_t keep;             /*!< STEER_KEEP_*. */
	uint32_t ttl;
	const uint8_t *key;       /*!< Owner's. */
	uint16_t key_len, type;
	steer_source_location_t location;
};

/*! Program of a policy. */
typedef struct {
	size_t len;
	bool implied; /*!< A group that is there keeps its own. */
	uint8_t steps[];
} steer_change_policy_t;

/*! A record, or what stands among them; about 1 per RR of a file, so kept small. */
typedef struct {
	const uint8_t *key;  /*!< Owner's key. */
	const uint8_t *rr;   /*!< Wire-ready RR of a value. */
	union {
		const steer_change_set_t *set; /*!< Of a value: its record set; NULL: a plain one. */
		const steer_change_policy_t *policy;
		const uint32_t *ttl; /*!< Of a group. */
		const char *id;  /*!< Of a removal: set identifier; NULL: the whole group. */
		const steer_group_t *group;
		const void *more; /*!< Any of these; NULL: all is as without policies. */
	};
	uint64_t order;      /*!< First key bytes behind the apex, big-endian, to sort by. */
	const char *file;
	uint32_t line;
	uint32_t seq;        /*!< Order of adding. */
	uint32_t rr_len;
	uint16_t key_len;
	uint16_t type;       /*!< 0 in a removal: all types. */
	uint16_t column;
	uint8_t kind;        /*!< STEER_CHANGE_*. */
	bool keep_ttl;       /*!< See steer_record_t. */
} steer_change_record_t;

#define STEER_MODE_LEFT (-1) /*!< The change set does not name the zone's mode. */

typedef struct {
	steer_key_t apex;
	steer_zone_action_t action;
	int mode;                       /*!< STEER_ZONE_*, or STEER_MODE_LEFT. */
	bool keep_soa, keep_servers;    /*!< Those of the apex stay in a replacement. */
	char *comment;                  /*!< NULL: leave it. */
	steer_change_record_t *records; /*!< By key, then by order of adding, once sorted. */
	size_t count, room;
	bool sorted;
	uint8_t last_owner[STEER_NAME_MAX];
	size_t last_owner_len;
} steer_change_zone_t;

/*! A health check to create, change or delete. */
typedef struct {
	const char *id;
	uint8_t type, flags;    /*!< STEER_CHECK_NONE: delete it. */
	size_t options_len;
	const uint8_t *options; /*!< As in CHECKS. */
	steer_source_location_t location;
} steer_change_health_check_t;

struct steer_change {
	steer_arena_t arena;
	steer_change_zone_t *zones;
	size_t count, room;
	void *apexes; /*!< Tree of their keys, see tsearch(3). */
	steer_change_set_t *sets, *last_set; /*!< Record sets in order of adding; NULL: none. */
	steer_change_setting_t settings[STEER_SETTINGS]; /*!< As in steer_settings[]. */
	steer_change_health_check_t *checks; /*!< In order of adding. */
	size_t checks_count, checks_room;
	void *check_ids;              /*!< Tree of their ids. */
};

/*! Sorts a zone's records. */
void steer_change_sort(steer_change_zone_t *zone);
/*!
 * Gives a name all its record sets of a type, for a job that is replayed.
 *
 * \param[in] group  As in the log: a group with its block. Copied.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EDAMAGED, STEER_EINVAL (the owner is outside the zone)
 */
int steer_change_group(steer_change_t *change, unsigned zone, const uint8_t *owner,
                       const void *group, size_t len);

/*! Fills a fault "file:line:column: what: text". */
int steer_source_location_fault(const steer_source_location_t *location, int code, const char *what,
                                const char *text, steer_fault_t *fault);

/* One zone's part of a change set. */

/*! A hosted zone that begins, or does not begin any more, inside the zone. */
typedef struct {
	steer_key_t apex;
	bool begins;
} steer_hosted_t;

typedef struct steer_alias_check steer_alias_check_t;

typedef struct {
	steer_write_t *write;
	const steer_apply_t *options;
	steer_summary_t *summary;
	const steer_key_t *apex;
	steer_change_zone_t *change;      /*!< Records, sorted; or NULL. */
	steer_alias_check_t *alias_check; /*!< Gets what can make an alias loop; NULL: replayed. */
	const steer_hosted_t *hosted;     /*!< By key; without change and full alone. */
	size_t hosted_count;
	bool replayed;                /*!< No rule is checked: that was done where it was made. */
	bool all;                     /*!< Other names of the zone may differ, too: by its mode. */
	bool full;                    /*!< The change names all records of the zone. */
	bool gone;                    /*!< The zone is deleted, ... */
	bool empty;                   /*!< ... and has nothing but SOA and NS at its apex. */
	bool changed;                 /*!< Out: a record set differs. */
} steer_zone_job_t;

/*! Checks, compares and, unless dry_run, writes the nodes of a zone. */
int steer_zone_apply(steer_zone_job_t *job);

/*! Label count of the closest hosted zone above an apex, or STEER_ZONE_TOP. */
int steer_nested_zones_find(steer_write_t *write, const steer_key_t *apex, uint8_t *enclosing);
/*!
 * Moves the hosted zones below an apex between its zone, which begins or ends, and the enclosing
 * one.
 *
 * \param[in] like  What the jobs for both have in common.
 */
int steer_nested_zones_move(const steer_zone_job_t *like, const steer_key_t *apex,
                            uint8_t enclosing, bool begins);
