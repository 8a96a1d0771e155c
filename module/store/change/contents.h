/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The contents of a change set, see change.h.
 */
#pragma once

#include <string.h>

#include "core/name.h"
#include "core/types.h"
#include "store/change/arena.h"
#include "store/change/change.h"

/*! What a record of a change set is. */
typedef enum {
	STEER_CHANGE_VALUE,   /*!< An RR. */
	STEER_CHANGE_SET,     /*!< A record set that is more than its values. */
	STEER_CHANGE_POLICY,  /*!< The policy of a group. */
	STEER_CHANGE_TTL,     /*!< One TTL for a group. */
	STEER_CHANGE_REMOVAL, /*!< Of a record set, a group or a name. */
	STEER_CHANGE_GROUP,   /*!< A whole group, as it was made elsewhere. */
} steer_change_kind_t;

/*! A record set, see steer_change_set(). */
struct steer_change_set {
	steer_change_set_t *next; /*!< Of the change set. */
	const char *id;
	const uint8_t *alias;     /*!< NULL: it has values. */
	const char *health;       /*!< Id of its health check; NULL: none. */
	const char *region_name, *location_name; /*!< NULL: none. */
	const uint8_t *attrs;     /*!< As in a node; not whole if there are too many numbers. */
	size_t id_len, alias_len, attrs_len;
	uint32_t weight;
	uint32_t slot, generation; /*!< Of its health check, after steer_sets_find_slots(). */
	uint32_t region, location, collection; /*!< Numbers, after steer_sets_find_numbers(). */
	steer_geo_t geo;
	steer_coordinates_t point;
	int8_t bias;
	uint8_t tier;
	bool evaluate;
	uint16_t given;           /*!< STEER_KEEP_*: those it has of what steps read. */
	uint16_t keep;            /*!< STEER_KEEP_*. */
	uint32_t ttl;
	const uint8_t *key;       /*!< Owner's key. */
	uint16_t key_len, type;
	steer_source_location_t source;
};

/*! Program of a policy. */
typedef struct {
	size_t len;
	bool implied; /*!< An existing group keeps its own program. */
	uint8_t steps[];
} steer_change_policy_t;

/*! A record, or what comes among them; kept small, since there is one for each RR of a file. */
typedef struct {
	const uint8_t *key;  /*!< Owner's key. */
	const uint8_t *rr;   /*!< Wire-ready RR of a value. */
	union {
		const steer_change_set_t *set; /*!< Of a value: its record set; NULL: a plain one. */
		const steer_change_policy_t *policy;
		const uint32_t *ttl; /*!< Of a group. */
		const char *id;  /*!< Of a removal: set identifier; NULL: the whole group. */
		const steer_group_t *group;
		const void *more; /*!< Any of these; NULL: a plain value, or removal of whole groups. */
	};
	uint64_t order;      /*!< First bytes of the key after the apex, big-endian, to sort by. */
	const char *file;
	uint32_t line;
	uint32_t seq;        /*!< Order in which it was added. */
	uint32_t rr_len;
	uint16_t key_len;
	uint16_t type;       /*!< 0 in a removal: all types. */
	uint16_t column;
	uint8_t kind;        /*!< STEER_CHANGE_*. */
	bool keep_ttl;       /*!< See steer_record_t. */
} steer_change_record_t;

#define STEER_MODE_LEFT (-1) /*!< The change set does not set the zone's mode. */

/*! A zone of a change set. */
typedef struct {
	steer_key_t apex;
	steer_zone_action_t action;
	int mode;                       /*!< STEER_ZONE_*, or STEER_MODE_LEFT. */
	bool keep_soa, keep_servers;    /*!< Those of the apex stay in a replacement. */
	char *comment;                  /*!< NULL: leave it. */
	steer_change_record_t *records; /*!< Sorted by key, then in the order of adding. */
	size_t count, room;
	bool sorted;                    /*!< The records are sorted already. */
	uint8_t last_owner[STEER_NAME_MAX];
	size_t last_owner_len;
} steer_change_zone_t;

/*! A setting as a change set has it. */
typedef struct {
	const uint8_t *value; /*!< NULL: unset. */
	size_t len;
	bool named;           /*!< The change set names it. */
} steer_change_setting_t;

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
	steer_arena_t fresh; /*!< Keys and RRs of the last records, before a run of them ends. */
	size_t fresh_count;  /*!< How many records they are of, ... */
	size_t fresh_zone;   /*!< ... of which zone the last one is, ... */
	bool fresh_mixed;    /*!< ... and whether others are of another zone. */
	steer_change_zone_t *zones;
	size_t count, room;
	void *apexes; /*!< Their keys: a tree, see tsearch(3). */
	steer_change_set_t *sets, *last_set; /*!< In the order of adding; NULL: none. */
	steer_change_setting_t settings[STEER_SETTINGS]; /*!< As in steer_settings[]. */
	steer_change_health_check_t *checks; /*!< In the order of adding. */
	size_t checks_count, checks_room;
	void *check_ids;                     /*!< Their ids: a tree. */
};

/*! Records that are sorted at once, while the processor has their keys at hand. */
#define STEER_CHANGE_RUN 32768

/*! Order of two records by key, then as they were added. */
int steer_change_order(const steer_change_record_t *a, const steer_change_record_t *b);
/*! Whether two records have the same owner. */
static inline bool steer_records_have_one_owner(const steer_change_record_t *a,
                                                const steer_change_record_t *b)
{
	return a->key == b->key || (a->order == b->order && a->key_len == b->key_len &&
	                            memcmp(a->key, b->key, a->key_len) == 0);
}

/*! Ends a whole run of a zone's records, whose keys and RRs may then be elsewhere. */
void steer_change_end_run(steer_change_t *change, steer_change_zone_t *zone);
/*! Sorts all of a zone's records. */
void steer_change_sort(steer_change_zone_t *zone);
/*!
 * Gives a name a whole group, for a job that is replayed.
 *
 * \param[in] group  As in the log: a group with its block. Copied.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EDAMAGED, STEER_EINVAL (the owner is outside the zone)
 */
int steer_change_group(steer_change_t *change, unsigned zone, const uint8_t *owner,
                       const void *group, size_t len);
