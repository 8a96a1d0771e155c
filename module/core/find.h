/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Finding a name: its zone, its node, or what stands in its place.
 *
 * Threads:  pure; what the lookup returns must stay valid for the call.
 * Memory:   nothing is allocated; a finder takes about 1 KiB of the caller's stack.
 * Sources:  RFC 1034, section 4.3.2; RFC 4592, section 3.3.1 (closest encloser).
 */
#pragma once

#include "core/chance.h"
#include "core/choice.h"
#include "core/external_answer.h"
#include "core/health_table.h"
#include "core/name.h"
#include "core/node.h"

struct steer_maps;
struct steer_trace;
struct steer_workspace;

/*! A node, and what the finder remembers about its name. */
typedef struct {
	steer_node_t node;
	int16_t zone; /*!< Label count of the closest hosted apex; initially STEER_ZONE_UNKNOWN. */
} steer_entry_t;
#define STEER_ZONE_UNKNOWN INT16_MIN

/*! How the target of an alias, a CNAME or a DNAME was found. */
typedef enum {
	STEER_REACHED_GROUP,    /*!< It has the group. */
	STEER_REACHED_CNAME,    /*!< It has a CNAME instead. */
	STEER_REACHED_DNAME,    /*!< It is below a DNAME. */
	STEER_REACHED_EXTERNAL, /*!< No hosted zone has authority for it. */
	STEER_REACHED_NODATA,   /*!< It has no such records, or there is no such name. */
	STEER_REACHED_DAMAGED,
	STEER_REACHED_TOO_DEEP,
} steer_reached_kind_t;

/*! Where a name leads: what a question for it would find, in short. */
typedef struct {
	const uint8_t *node;  /*!< STEER_REACHED_GROUP, _CNAME, _DNAME: the group's node, ... */
	const uint8_t *at;    /*!< ... and its entry. */
	const uint8_t *own;   /*!< The name's node, if that and the hosted zones decide; or NULL. */
	uint8_t kind;         /*!< STEER_REACHED_*, but not _DAMAGED or _TOO_DEEP. */
	uint8_t labels;       /*!< Of the group's owner. */
	uint8_t memorable;    /*!< STEER_MEMORABLE_*, of the group. */
} steer_lead_t;

/*! Where an answer comes from: a snapshot, a read transaction, or a table in a test. */
typedef struct {
	/*!
	 * Finds the node of a key.
	 *
	 * \param[in]  key      Key bytes.
	 * \param[in]  hash     steer_name_hash() of its name.
	 * \param[out] entry    Entry, valid until the next get; the finder may set its zone.
	 * \param[in]  scratch  Where to put the entry if the lookup does not keep entries itself.
	 *
	 * \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED
	 */
	int (*get)(void *ctx, const uint8_t *key, size_t len, uint64_t hash,
	           steer_entry_t **entry, steer_entry_t *scratch);
	/*! Whether there may be a hosted apex with this steer_name_hash(); false is certain. */
	bool (*maybe_apex)(void *ctx, uint64_t hash);
	void *ctx;
	/*!
	 * Finds the answer of an external alias target.
	 *
	 * \retval STEER_OK, STEER_ENOENT, STEER_EDAMAGED
	 */
	int (*target)(void *ctx, uint16_t type, const steer_key_t *name,
	              steer_external_answer_t *target);
	/*!
	 * As steer_finder_lead(), for a name that is in the store itself; NULL: call that.
	 *
	 * \return a lead, valid until the next call; NULL: STEER_EDAMAGED
	 */
	const steer_lead_t *(*lead)(void *ctx, const uint8_t *name, uint16_t type);
	/*! Finds the choice that a policy made lately; NULL: none. NULL if no choice is remembered. */
	const steer_choice_t *(*choice)(void *ctx, const steer_choice_key_t *key);
	/*! Remembers a choice, perhaps in place of another. */
	void (*remember)(void *ctx, const steer_choice_key_t *key, const steer_choice_t *choice);
	const steer_health_table_t *health_table;
	steer_chance_t *chance;
	const struct steer_maps *maps;     /*!< NULL: none. */
	struct steer_workspace *workspace; /*!< NULL if names are only found, not answered. */
	const struct steer_trace *trace;   /*!< Receives what happens; NULL: none. */
} steer_lookup_t;

/*! The place of a name of the store in the tree of one zone. */
typedef struct {
	steer_face_t face;
	const uint8_t *node; /*!< Identity: the node's address. */
	uint8_t labels;      /*!< Of the node's own name. */
	bool wildcard;       /*!< Its first label is "*". */
} steer_tree_place_t;

/*! A name that is being looked for. Users may read the fields. */
typedef struct {
	const steer_lookup_t *lookup;
	const uint8_t *name;         /*!< Borrowed. */
	size_t name_len;
	steer_key_t key;
	uint64_t hash;
	uint64_t ancestor_hash;      /*!< Of the ancestor last looked up. */
	unsigned ancestor_labels;
	int zone;                    /*!< Label count of its zone's apex, once found. */
	steer_tree_place_t apex;     /*!< Place of the apex, if apex_zone equals zone. */
	int apex_zone;
	unsigned gets;               /*!< Calls of the lookup's get. */
} steer_finder_t;

/*! What a question for a name would find. */
typedef struct {
	steer_reached_kind_t kind; /*!< Not STEER_REACHED_DAMAGED or _TOO_DEEP. */
	bool found;                /*!< The zone has the name or a wildcard for it: place is set. */
	bool own;                  /*!< The zone has the name itself. */
	steer_tree_place_t place;  /*!< For STEER_REACHED_DNAME: of the DNAME's owner. */
	steer_group_t group;       /*!< STEER_REACHED_GROUP, _CNAME, _DNAME. */
} steer_reached_t;

/*! Begins with a wire name in lower case. */
void steer_finder_begin(steer_finder_t *finder, const steer_lookup_t *lookup, const uint8_t *name);

/*! The name's ancestor with the given number of labels, in wire form. */
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
int steer_finder_zone(steer_finder_t *finder, uint16_t type, bool *found,
                      steer_tree_place_t *place);
/*!
 * Place, in the zone found, of the ancestor with the given number of labels.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 * \retval STEER_ENOENT  It is not in the zone.
 */
int steer_finder_place(steer_finder_t *finder, unsigned labels, steer_tree_place_t *place);
/*!
 * Finds the closest encloser of a name that is not in the zone.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_finder_encloser(steer_finder_t *finder, steer_tree_place_t *encloser);
/*!
 * Place of the wildcard below an encloser that has STEER_FACE_WILDCARD.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_finder_wildcard(const steer_finder_t *finder, unsigned encloser_labels,
                          steer_tree_place_t *place);
/*! Writes the name of the wildcard below an ancestor. \return its length */
size_t steer_finder_wildcard_name(const steer_finder_t *finder, unsigned labels,
                                  uint8_t name[2 + STEER_NAME_MAX]);
/*! Whether the zone found is an overlay. \param[in] place  Of the name; NULL if it has none. */
int steer_finder_overlay(steer_finder_t *finder, const steer_tree_place_t *place, bool *overlay);

/*!
 * Finds what a question for the name and type would find; aliases are followed from there.
 *
 * \param[in] type  0 matches no RRset, so that either a CNAME is found or just the place.
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_finder_reach(steer_finder_t *finder, uint16_t type, steer_reached_t *reached);
/*!
 * Finds where a name leads; aliases are followed from there.
 *
 * \param[in] name  In lower case.
 * \param[in] type  As for steer_finder_reach().
 *
 * \retval STEER_OK, STEER_EDAMAGED
 */
int steer_finder_lead(const steer_lookup_t *lookup, const uint8_t *name, uint16_t type,
                      steer_lead_t *lead);

/*! Likewise, of a name in the store itself; lead is used if the lookup has none. NULL: damaged. */
static inline const steer_lead_t *steer_lookup_lead(const steer_lookup_t *lookup,
                                                    const uint8_t *name, uint16_t type,
                                                    steer_lead_t *lead)
{
	if (lookup->lead != NULL) {
		return lookup->lead(lookup->ctx, name, type);
	}
	return steer_finder_lead(lookup, name, type, lead) == STEER_OK ? lead : NULL;
}
