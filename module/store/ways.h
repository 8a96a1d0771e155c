/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The ways that aliases, CNAMEs and DNAMEs lead, as a graph that is made as it is searched.
 *
 * A junction is a group on the way to records of a type; a link leads from one of its record sets
 * to the group that a question for the target would find. Loops are strongly connected components
 * with an alias inside (Tarjan, "Depth-first search and linear graph algorithms", 1972).
 *
 * Memory:   junctions borrow from the store's pages: nothing may be written while there are any.
 */
#pragma once

#include "core/find.h"
#include "store/internal.h"

#define STEER_WAYS_END UINT32_MAX /*!< No junction. */

/*! A link. */
typedef struct {
	uint32_t to;  /*!< Junction, or STEER_WAYS_END. */
	uint16_t set; /*!< Position of the record set it leads from. */
	bool alias;   /*!< That is an alias. */
	bool missing; /*!< A hosted zone has no records there. */
	bool external; /*!< No hosted zone can tell. */
	uint32_t bytes; /*!< Without a junction: of the records there. */
} steer_link_t;

/*! A group on the way to records of a type. */
typedef struct {
	const uint8_t *name;        /*!< Asked for. */
	const uint8_t *node, *at;   /*!< The group, see steer_group_view(). */
	uint16_t type;              /*!< Of the records; 0: of any, behind CNAMEs alone. */
	uint8_t way;                /*!< STEER_WAY_GROUP, _CNAME or _DNAME. */
	uint8_t labels;             /*!< Of the group's owner. */
	bool open;                  /*!< Its component is not complete. */
	uint32_t renamed;           /*!< DNAMEs in a row to it. */
	uint32_t first, count;      /*!< Links. */
	uint32_t next;              /*!< The one to follow next. */
	uint32_t index, low;        /*!< Tarjan's numbers; index 0: not visited. */
	uint32_t parent, below;     /*!< In the search; in the stack of open ones. */
	uint32_t component;         /*!< The junction where it begins. */
	uint32_t height;            /*!< Links of the longest way from here; UINT32_MAX: no end. */
	uint32_t deepest;           /*!< The link that it begins with. */
	uint32_t bytes;             /*!< Of the records that ways from here can lead to together. */
} steer_junction_t;

typedef struct {
	steer_write_t *write;
	steer_lookup_t lookup;
	steer_apexes_t apexes;
	steer_arena_t arena;
	void *large;                /*!< Tree of the large nodes that were checked, see tsearch(3). */
	steer_junction_t *junctions;
	steer_link_t *links;
	uint32_t *table;            /*!< Junctions by hash, open addressing; STEER_WAYS_END: free. */
	size_t junctions_count, junctions_room, links_count, links_room, table_size;
	uint32_t stack;             /*!< The last open one. */
	uint32_t index;
	uint32_t renamed;           /*!< Junctions behind two DNAMEs in a row and more. */
	char text[sizeof(((steer_fault_t *)0)->text)]; /*!< What was found. */
} steer_ways_t;

/*! Where links lead to: a name, asked for some type. */
typedef struct {
	const uint8_t *name;
	uint16_t asked;   /*!< The type there: CNAME for an alias of one. */
	uint16_t type;    /*!< Of the records that the way is for; 0: of any. */
	uint32_t renamed;
	steer_link_t link;
} steer_lead_t;

int steer_ways_begin(steer_ways_t *ways, steer_write_t *write);
void steer_ways_free(steer_ways_t *ways);

/*! Finds what a question for a name would. */
int steer_ways_find(steer_ways_t *ways, const uint8_t *name, uint16_t type,
                    steer_reached_t *reached);
/*! Adds the links to that. */
int steer_ways_lead(steer_ways_t *ways, const steer_lead_t *lead);
/*! Adds the links of a junction: those of all its record sets, whichever would be chosen. */
int steer_ways_expand(steer_ways_t *ways, uint32_t at);

/*!
 * Searches all ways from a name.
 *
 * \param[in]  type  0: of any type.
 * \param[out] at    The group that a question would find; STEER_WAYS_END: none that leads on.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EDAMAGED, STEER_EIO
 * \retval STEER_EREFUSED  There is a loop; text says which.
 */
int steer_ways_search(steer_ways_t *ways, const uint8_t *name, uint16_t type, uint32_t *at);
/*! Writes into text that the way from a junction is too long, and how it begins. */
void steer_ways_tell(steer_ways_t *ways, uint32_t at);
