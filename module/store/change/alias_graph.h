/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The graph of aliases, CNAMEs and DNAMEs, made while it is searched.
 *
 * A vertex is a group on a chain to records of a type; an edge leads from one of its record sets to
 * the group that a question for the target would find. A loop is a strongly connected component
 * with an alias inside (Tarjan, "Depth-first search and linear graph algorithms", 1972).
 *
 * Memory:   vertices borrow from the store's pages: nothing may be written while a graph is used.
 */
#pragma once

#include "core/find.h"
#include "core/hash_table.h"
#include "store/change/arena.h"
#include "store/change/write.h"

#define STEER_NO_VERTEX UINT32_MAX

typedef struct {
	uint32_t to;    /*!< Vertex, or STEER_NO_VERTEX. */
	uint16_t set;   /*!< Position of the record set that it leads from. */
	bool alias;     /*!< That record set is an alias. */
	bool missing;   /*!< The target is in a hosted zone, and has no records. */
	bool external;  /*!< The target is in no hosted zone. */
	uint32_t bytes; /*!< Of the records at the target, if that is not a vertex. */
} steer_edge_t;

/*! A group on a chain to records of a type. */
typedef struct {
	const uint8_t *name;        /*!< Asked for. */
	const uint8_t *node, *at;   /*!< The group, see steer_group_view(). */
	uint16_t type;              /*!< Of the records; 0: any, through CNAMEs alone. */
	uint8_t kind;               /*!< STEER_REACHED_GROUP, _CNAME or _DNAME. */
	uint8_t labels;             /*!< Of the group's owner. */
	bool open;                  /*!< It is on the stack: its component is not complete. */
	uint32_t renamed;           /*!< DNAMEs in a row up to it. */
	uint32_t first, count;      /*!< Edges from it. */
	uint32_t next;              /*!< The one to follow next. */
	uint32_t index, low;        /*!< Tarjan's numbers; index 0: not visited. */
	uint32_t parent;            /*!< In the search. */
	uint32_t below;             /*!< On the stack of open vertices. */
	uint32_t component;         /*!< Its first vertex. */
	uint32_t height;            /*!< Edges of the longest chain from here; UINT32_MAX: endless. */
	uint32_t deepest;           /*!< The edge that this chain starts with. */
	uint32_t bytes;             /*!< Of the records that chains from here can give together. */
	uint32_t names;             /*!< On all chains from here; cut to STEER_NAMES_MAX + 1. */
} steer_vertex_t;

typedef struct {
	steer_write_t *write;
	steer_lookup_t lookup;
	steer_arena_t arena;
	void *large;                /*!< Large nodes that were checked: a tree, see tsearch(3). */
	steer_vertex_t *vertices;
	steer_edge_t *edges;
	steer_hash_slot_t *slots;   /*!< Vertices by hash; twice as many as vertices_room. */
	size_t vertices_count, vertices_room, edges_count, edges_room;
	uint32_t stack;             /*!< The last open vertex. */
	uint32_t index;
	uint32_t renamed;           /*!< Vertices after two or more DNAMEs in a row. */
	char text[sizeof(((steer_fault_t *)0)->text)]; /*!< The loop or chain that was found. */
} steer_alias_graph_t;

/*! Where edges lead to: a name that is asked for a type. */
typedef struct {
	const uint8_t *name;
	uint16_t asked;   /*!< The type there: CNAME for an alias of one. */
	uint16_t type;    /*!< Of the records at the end of the chain; 0: any. */
	uint32_t renamed;
	steer_edge_t edge;
} steer_edge_target_t;

void steer_alias_graph_begin(steer_alias_graph_t *graph, steer_write_t *write);
void steer_alias_graph_free(steer_alias_graph_t *graph);

/*! Finds what a question for a name would find. */
int steer_alias_graph_find(steer_alias_graph_t *graph, const uint8_t *name, uint16_t type,
                           steer_reached_t *reached);
/*! Adds the edges to that. */
int steer_alias_graph_add_edges(steer_alias_graph_t *graph, const steer_edge_target_t *target);
/*! Adds the edges from a vertex, of all its record sets, whichever would be chosen. */
int steer_alias_graph_expand(steer_alias_graph_t *graph, uint32_t at);

/*!
 * Searches all chains from a name.
 *
 * \param[in]  type  0: any.
 * \param[out] at    The group that a question would find; STEER_NO_VERTEX: no chain starts here.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EDAMAGED, STEER_EIO
 * \retval STEER_EREFUSED  There is a loop; text says which.
 */
int steer_alias_graph_search(steer_alias_graph_t *graph, const uint8_t *name, uint16_t type,
                             uint32_t *at);
/*! Writes to text that the chain from a vertex is too long, and how it starts. */
void steer_alias_graph_describe(steer_alias_graph_t *graph, uint32_t at);
