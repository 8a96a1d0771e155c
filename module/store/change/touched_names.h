/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The names of a zone that a change set may touch.
 *
 * These are the names that it has records of, their ancestors up to the apex, and all names below
 * where a delegation comes or goes, or where the whole zone is given. They are in canonical order,
 * so an ancestor comes before its descendants.
 *
 * Memory:   keys are in the change set or in the work's arena; views of stored values stay valid
 *           until the first write.
 */
#pragma once

#include "store/change/groups.h"
#include "store/change/source_location.h"
#include "store/change/zone_job.h"

#define NO_PARENT UINT32_MAX /*!< The name is the apex. */

typedef struct {
	const uint8_t *key;
	uint32_t record, records; /*!< Its records in the change set: the first, their number. */
	uint32_t parent;          /*!< Position of its parent, or NO_PARENT. */
	int32_t children_change;
	uint32_t children;        /*!< As it was; once settled, as it will be. */
	uint16_t key_len;
	uint8_t labels;
	uint8_t flags;            /*!< As they will be. */
	uint8_t cut;
	bool stored : 1;          /*!< A node is stored, of this zone or of others. */
	bool lost : 1;            /*!< Its node is damaged, and is made anew. */
	bool existed : 1;         /*!< The name was in the zone. */
	bool data : 1;            /*!< It will have groups. */
	bool dname : 1;
	bool exists : 1;          /*!< It will be in the zone. */
	bool differs : 1;         /*!< The face will be written. */
} touched_name_t;

typedef struct {
	steer_zone_job_t *job;
	steer_fault_t *fault;
	steer_arena_t arena;
	touched_name_t *names;
	size_t count, room;
	uint32_t stack[STEER_LABELS_MAX + 2]; /*!< Positions of the last name and its ancestors. */
	unsigned depth;
	MDB_cursor *end;                      /*!< Appends nodes; NULL: they are put among others. */
	bool range_empty;                     /*!< No node is stored at or below the apex. */
	bool overlay;                         /*!< The zone is an overlay. */
	size_t hosted_met;                    /*!< Number of entries of job->hosted inspected so far. */
	steer_groups_t groups;                /*!< Reused. */
	uint8_t *soa;                         /*!< Final SOA RR; NULL: not decided, or none. */
	size_t soa_len;
	uint8_t *buf;                         /*!< Node under construction. */
	size_t buf_room;
} work_t;

/*! Collects the touched names of a job. */
int steer_touched_names_collect(work_t *work);

/*! Reads the node of a name. \retval STEER_ENOENT  There is none. */
int steer_touched_names_node(work_t *work, const uint8_t *key, size_t len, steer_node_t *node);
/*!
 * The same, but a damaged node counts as lost if the change set gives all that the name will have,
 * and no other zone can have a part in the node.
 *
 * \param[in]  records  Those of the name.
 * \param[out] lost     It is lost; STEER_ENOENT is returned.
 */
int steer_touched_names_node_or_lost(work_t *work, const uint8_t *key, size_t len,
                                     const steer_change_record_t *records, size_t count,
                                     steer_node_t *node, bool *lost);
/*! How many of some sorted records have the same owner as the first. */
size_t steer_touched_names_same_owner(const steer_change_record_t *records, size_t count);

/*! A touched name with its records in the change set. */
steer_name_records_t steer_touched_name_records(const work_t *work, const touched_name_t *name);
/*!
 * Compares the groups as they were with those in work->groups, as they will be, both in order of
 * type. Differences are counted, logged, reported, and noted for the search for alias loops.
 *
 * \param[in] skip_soa  The SOA is compared later.
 */
void steer_touched_name_compare(work_t *work, touched_name_t *name, const steer_face_t *old,
                                bool skip_soa);
/*! Notes all groups of a name that no delegation hides any more, for that search. */
void steer_touched_name_uncovered(work_t *work, const touched_name_t *name);
/*! Logs and reports a group: with sign '-' as it was, with '+' as it will be. */
void steer_touched_name_report(work_t *work, char sign, const touched_name_t *name,
                             const steer_group_t *group);

/*! Label count of the zone's apex. */
static inline unsigned apex_labels(const work_t *work)
{
	return work->job->apex->labels;
}
