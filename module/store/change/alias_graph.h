/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The ways that aliases, CNAMEs and DNAMEs lead, as a graph that is made as it is searched.
 *
 * A vertex is a group on the way to records of a type; a link leads from one of its record sets
 * to the group that a question for the target would find. Loops are strongly connected components
 * with an alias inside (Tarjan, "Depth-first search and linear graph algorithms", 1972).
 *
 * Memory:   vertices borrow from the store's pages: nothing may be written while there are any.
 */
#pragma once

#include "core/find.h"
#include "store/change/internal.h"

#define STEER_NO_VERTEX UINT32_MAX /*!< No vertex. */

/*! A link. */
typedef struct {
	uint32_t to;  /*!< Junction, or STEER_NO_VERTEX. */
	uint16_t set; /*!< Position of the record set it leads from. */
	bool alias;   /*!< That is an alias. */
	bool missing; /*!< A hosted zone has no records there. */
	bool external; /*!< No hosted zone can tell. */
	uint32_t bytes; /*!< Without a vertex: of the records there. */
} steer_edge_t;

/*! A group on the way to records of a type. */
typedef struct {
	const uint8_t *name;        /*!< Asked for. */
	const uint8_t *node, *at;   /*!< The group, see steer_group_view(). */
	uint16_t type;              /*!< Of the records; 0: of any, behind CNAMEs alone. */
	uint8_t kind;               /*!< STEER_REACHED_GROUP, _CNAME or _DNAME. */
	uint8_t labels;             /*!< Of the group's owner. */
	bool open;                  /*!< Its component is not complete. */
	uint32_t renamed;           /*!< DNAMEs in a row to it. */
	uint32_t first, count;      /*!< Links. */
	uint32_t next;              /*!< The one to follow next. */
	uint32_t index, low;        /*!< Tarjan's numbers; index 0: not visited. */
	uint32_t parent, below;     /*!< In the search; in the stack of open ones. */
	uint32_t component;         /*!< The vertex where it begins. */
	uint32_t height;            /*!< Links of the longest way from here; UINT32_MAX: no end. */
	uint32_t deepest;           /*!< The link that it begins with. */
	uint32_t bytes;             /*!< Of the records that ways from here can lead to together. */
} steer_vertex_t;

typedef struct {
	steer_write_t *write;
	steer_lookup_t lookup;
	steer_arena_t arena;
	void *large;                /*!< Tree of the large nodes that were checked, see tsearch(3). */
	steer_vertex_t *vertices;
	steer_edge_t *edges;
	uint32_t *table;            /*!< Vertices by hash, open addressing; STEER_NO_VERTEX: free. */
	size_t vertices_count, vertices_room, edges_count, edges_room, table_size;
	uint32_t stack;             /*!< The last open one. */
	uint32_t index;
	uint32_t renamed;           /*!< Vertices behind two DNAMEs in a row and more. */
	char text[sizeof(((steer_fault_t *)0)->text)]; /*!< What was found. */
} steer_alias_graph_t;

/*! Where links lead to: a name, asked for some type. */
typedef struct {
	const uint8_t *name;
	uint16_t asked;   /*!< The type there: CNAME for an alias of one. */
	uint16_t type;    /*!< Of the records that the way is for; 0: of any. */
	uint32_t renamed;
	steer_edge_t edge;
} steer_edge_target_t;

void steer_alias_graph_begin(steer_alias_graph_t *graph, steer_write_t *write);
void steer_alias_graph_free(steer_alias_graph_t *graph);

/*! Finds what a question for a name would. */
int steer_alias_graph_find(steer_alias_graph_t *graph, const uint8_t *name, uint16_t type,
                           steer_reached_t *reached);
/*! Adds the links to that. */
int steer_alias_graph_add_edges(steer_alias_graph_t *graph, const steer_edge_target_t *target);
/*! Adds the links of a vertex: those of all its record sets, whichever would be chosen. */
int steer_alias_graph_expand(steer_alias_graph_t *graph, uint32_t at);

/*!
 * Searches all ways from a name.
 *
 * \param[in]  type  0: of any type.
 * \param[out] at    The group that a question would find; STEER_NO_VERTEX: none that leads on.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EDAMAGED, STEER_EIO
 * \retval STEER_EREFUSED  There is a loop; text says which.
 */
int steer_alias_graph_search(steer_alias_graph_t *graph, const uint8_t *name, uint16_t type,
                             uint32_t *at);
/*! Writes into text that the way from a vertex is too long, and how it begins. */
void steer_alias_graph_describe(steer_alias_graph_t *graph, uint32_t at);
