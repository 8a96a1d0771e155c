/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Finding a name: its zone, its node, or what stands in its place.
 *
 * Threads:  pure; what the lookup gives must stay valid for the call.
 * Memory:   nothing is allocated; a finder is about 1 KiB of the caller's.
 * Sources:  RFC 1034, section 4.3.2; RFC 4592, section 3.3.1 (closest encloser).
 */
#pragma once

#include "core/chance.h"
#include "core/external_answer.h"
#include "core/health_table.h"
#include "core/name.h"
#include "core/node.h"

struct steer_trace;
struct steer_workspace;

/*! A name's node as found, and what the walk remembers about it. */
typedef struct {
	steer_node_t node;
	int16_t zone; /*!< Label count of the closest hosted apex; first STEER_ZONE_UNKNOWN. */
} steer_entry_t;
#define STEER_ZONE_UNKNOWN INT16_MIN

/*! Where an answer comes from: a snapshot, a read transaction, or a table in a test. */
typedef struct {
	/*!
	 * Finds the node of a key.
	 *
	 * \param[in]  key      Key bytes.
	 * \param[in]  hash     steer_name_hash() of its name.
	 * \param[out] entry    Entry, which is valid until the next get; the walk may set its zone.
	 * \param[in]  scratch  Room for an entry that the lookup does not keep.
	 *
	 * \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED
	 */
	int (*get)(void *ctx, const uint8_t *key, size_t len, uint64_t hash,
	           steer_entry_t **entry, steer_entry_t *scratch);
	/*! Whether a hosted apex may have a name of this steer_name_hash(); false is certain. */
	bool (*maybe_apex)(void *ctx, uint64_t hash);
	void *ctx;
	/*!
	 * Finds the answer of an external alias target.
	 *
	 * \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED
	 */
	int (*target)(void *ctx, uint16_t type, const steer_key_t *name,
	              steer_external_answer_t *target);
	const steer_health_table_t *health_table;
	steer_chance_t *chance;
	struct steer_workspace *workspace; /*!< To answer in; NULL: names are looked for, no more. */
	const struct steer_trace *trace;   /*!< Told what happens; NULL: nobody. */
} steer_lookup_t;

/*! A name of the store in one zone. */
typedef struct {
	steer_face_t face;
	const uint8_t *node; /*!< Identity: the node's address. */
	uint8_t labels;      /*!< Of the node's own name. */
	bool wildcard;       /*!< Its first label is "*". */
} steer_place_t;

/*! A name that is looked for; to be read by who uses it. */
typedef struct {
	const steer_lookup_t *lookup;
	const uint8_t *name;         /*!< Borrowed. */
	size_t name_len;
	steer_key_t key;
	uint64_t hash;
	uint64_t ancestor_hash;      /*!< Of the ancestor asked for last. */
	unsigned ancestor_labels;
	int zone;                    /*!< Label count of its zone's apex, once that is found. */
	steer_place_t apex;          /*!< The apex's node, if apex_zone is zone. */
	int apex_zone;
	unsigned gets;               /*!< Calls of the lookup's get. */
} steer_finder_t;

/*! How a name on an alias' way was found. */
typedef enum {
	STEER_REACHED_GROUP,    /*!< It has the group. */
	STEER_REACHED_CNAME,    /*!< It has a CNAME instead. */
	STEER_REACHED_DNAME,    /*!< It is below a DNAME. */
	STEER_REACHED_EXTERNAL, /*!< No hosted zone has authority for it. */
	STEER_REACHED_NODATA,   /*!< It has no such records, or there is no such name. */
	STEER_REACHED_DAMAGED,
	STEER_REACHED_TOO_DEEP,
} steer_reached_kind_t;

/*! What a question for a name finds. */
typedef struct {
	steer_reached_kind_t kind; /*!< Not STEER_REACHED_DAMAGED or _TOO_DEEP. */
	bool found;                /*!< The name or a wildcard for it is in the zone: place is set. */
	steer_place_t place;       /*!< Of STEER_REACHED_DNAME: its owner's. */
	steer_group_t group;       /*!< STEER_REACHED_GROUP, _CNAME, _DNAME. */
} steer_reached_t;

/*! Begins with a wire name in lower case; nothing is known of it yet. */
void steer_finder_begin(steer_finder_t *finder, const steer_lookup_t *lookup, const uint8_t *name);

/*! The name's ancestor of so many labels, in wire form. */
static inline const uint8_t *steer_finder_ancestor(const steer_finder_t *finder, unsigned labels)
{
	return steer_name_skip(finder->name, finder->key.labels - labels);
}

/*!
 * Finds the zone of the name and, if the name is in it, its place.
 *
 * \param[in]  type   Of the question: DS belongs to the parent side of a cut.
 * \param[out] found  Whether the zone has the name, and place is filled in.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 * \retval STEER_ENOENT  No hosted zone encloses it.
 */
int steer_finder_zone(steer_finder_t *finder, uint16_t type, bool *found, steer_place_t *place);
/*!
 * Place, in the zone found, of the ancestor of so many labels.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 * \retval STEER_ENOENT  It is not in the zone.
 */
int steer_finder_place(steer_finder_t *finder, unsigned labels, steer_place_t *place);
/*!
 * Finds the closest encloser of a name that is not in the zone.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_finder_encloser(steer_finder_t *finder, steer_place_t *encloser);
/*!
 * Place of the wildcard below an encloser that says it is there.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_finder_wildcard(const steer_finder_t *finder, unsigned encloser_labels,
                          steer_place_t *place);
/*! Writes the wildcard's name below the ancestor of so many labels. \return its bytes */
size_t steer_finder_wildcard_name(const steer_finder_t *finder, unsigned labels,
                                  uint8_t name[2 + STEER_NAME_MAX]);
/*! Whether the zone found is an overlay. \param[in] place  The name's, or NULL: it has none. */
int steer_finder_overlay(steer_finder_t *finder, const steer_place_t *place, bool *overlay);

/*!
 * Finds what a question for the name and a type would: the way of an alias goes on from there.
 *
 * \param[in] type  0: none that a name has, so that a CNAME is found, or else the place alone.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_finder_reach(steer_finder_t *finder, uint16_t type, steer_reached_t *reached);
