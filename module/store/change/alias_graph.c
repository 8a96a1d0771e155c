/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/types.h"
#include "store/change/alias_graph.h"
#include "store/change/apexes_write.h"

/*!
 * At most so many vertices after two DNAMEs in a row. DNAMEs that lead below each other make
 * endless names, and no answer follows so many of them (rules A7 and A8).
 */
#define RENAMED_MAX 16384

/* The store as core's finder looks it up. */

#define LARGE 1024 /*!< A node of more bytes is checked only once: many chains may lead to it. */

static int by_address(const void *a, const void *b)
{
	return (a > b) - (a < b);
}

static void leave_node(void *node)
{
	(void)node; // It is in the store.
}

static int open_node(steer_alias_graph_t *graph, const MDB_val *value, steer_node_t *node)
{
	if (value->mv_size <= LARGE) {
		return steer_node_open(node, value->mv_data, value->mv_size);
	}
	if (tfind(value->mv_data, &graph->large, by_address) != NULL) {
		*node = (steer_node_t) { .at = value->mv_data, .size = value->mv_size };
		return STEER_OK;
	}
	int ret = steer_node_open(node, value->mv_data, value->mv_size);
	if (ret == STEER_OK && tsearch(value->mv_data, &graph->large, by_address) == NULL) {
		ret = STEER_ENOMEM;
	}
	return ret;
}

static int get(void *ctx, const uint8_t *key, size_t len, uint64_t hash, steer_entry_t **entry,
               steer_entry_t *scratch)
{
	(void)hash;
	MDB_val value;
	steer_alias_graph_t *graph = ctx;
	int ret = steer_write_get(graph->write, STEER_DB_NODES, key, len, &value);
	if (ret != STEER_OK) {
		return ret;
	}
	scratch->zone = STEER_ZONE_UNKNOWN;
	*entry = scratch;
	return open_node(graph, &value, &scratch->node);
}

static bool maybe_apex(void *ctx, uint64_t hash)
{
	return steer_apexes_may_have(((steer_alias_graph_t *)ctx)->write, hash);
}

void steer_alias_graph_begin(steer_alias_graph_t *graph, steer_write_t *write)
{
	*graph = (steer_alias_graph_t) {
		.write = write, .stack = STEER_NO_VERTEX,
		.lookup = { .get = get, .maybe_apex = maybe_apex, .ctx = graph },
	};
}

void steer_alias_graph_free(steer_alias_graph_t *graph)
{
	free(graph->vertices);
	free(graph->edges);
	free(graph->slots);
	tdestroy(graph->large, leave_node);
	steer_arena_free(&graph->arena);
}

/* Vertices. */

static uint32_t hash_of(const steer_vertex_t *vertex)
{
	const struct {
		const uint8_t *at;
		uint64_t type;
	} key = { vertex->at, vertex->type };
	uint64_t hash = steer_name_hash((const uint8_t *)&key, sizeof(key));
	if (vertex->kind == STEER_REACHED_DNAME) {
		hash ^= steer_name_hash(vertex->name, steer_name_len(vertex->name));
	}
	return hash ^ hash >> 32;
}

/*! A vertex that is looked for. */
typedef struct {
	const steer_alias_graph_t *graph;
	const steer_vertex_t *vertex;
} wanted_t;

/*! Whether two vertices are the same. A DNAME leads each name to another target. */
static bool equal(const void *ctx, uint32_t number)
{
	const wanted_t *wanted = ctx;
	const steer_vertex_t *a = wanted->vertex, *b = &wanted->graph->vertices[number - 1];
	return a->at == b->at && a->type == b->type && a->kind == b->kind &&
	       (a->kind != STEER_REACHED_DNAME || steer_name_equal(a->name, b->name));
}

/*! Makes room for one more vertex, in a table that is at most half full. */
static int reserve(steer_alias_graph_t *graph)
{
	if (graph->vertices_count < graph->vertices_room) {
		return STEER_OK;
	}
	size_t room = graph->vertices_room == 0 ? 64 : 2 * graph->vertices_room;
	steer_vertex_t *vertices = realloc(graph->vertices, room * sizeof(*vertices));
	if (vertices == NULL) {
		return steer_no_memory(graph->write->fault);
	}
	graph->vertices = vertices;
	steer_hash_slot_t *slots = calloc(2 * room, sizeof(*slots));
	if (slots == NULL) {
		return steer_no_memory(graph->write->fault);
	}
	steer_hash_move(slots, 2 * room, graph->slots, 2 * graph->vertices_room);
	free(graph->slots);
	graph->slots = slots;
	graph->vertices_room = room;
	return STEER_OK;
}

/*!
 * Finds or makes a vertex.
 *
 * \param[in]  new  Its name is copied.
 * \param[out] at   STEER_NO_VERTEX: there are too many.
 */
static int vertex_of(steer_alias_graph_t *graph, const steer_vertex_t *new, uint32_t *at)
{
	int ret = reserve(graph);
	if (ret != STEER_OK) {
		return ret;
	}
	const wanted_t wanted = { graph, new };
	uint32_t hash = hash_of(new);
	steer_hash_slot_t *slot = steer_hash_find(graph->slots, 2 * graph->vertices_room, hash, equal,
	                                          &wanted);
	if (slot->number == 0) {
		if (new->renamed > 1 && ++graph->renamed > RENAMED_MAX) {
			*at = STEER_NO_VERTEX;
			return STEER_OK;
		}
		size_t len = steer_name_len(new->name);
		uint8_t *name = steer_arena_alloc(&graph->arena, len);
		if (name == NULL) {
			return steer_no_memory(graph->write->fault);
		}
		graph->vertices[graph->vertices_count] = *new;
		graph->vertices[graph->vertices_count].name = memcpy(name, new->name, len);
		*slot = (steer_hash_slot_t) { hash, ++graph->vertices_count };
	}
	*at = slot->number - 1;
	return STEER_OK;
}

static int add_edge(steer_alias_graph_t *graph, const steer_edge_t *edge)
{
	if (graph->edges_count == graph->edges_room) {
		size_t room = graph->edges_room == 0 ? 64 : 2 * graph->edges_room;
		steer_edge_t *edges = realloc(graph->edges, room * sizeof(*edges));
		if (edges == NULL) {
			return steer_no_memory(graph->write->fault);
		}
		graph->edges = edges;
		graph->edges_room = room;
	}
	graph->edges[graph->edges_count++] = *edge;
	return STEER_OK;
}

/* Edges. */

/*! Adds an edge to a group, which becomes a vertex unless it is plain and has the records. */
static int edge_to(steer_alias_graph_t *graph, const steer_edge_target_t *target,
                   steer_reached_kind_t kind, uint16_t type, const steer_tree_place_t *place,
                   const steer_group_t *group)
{
	steer_edge_t edge = target->edge;
	edge.to = STEER_NO_VERTEX;
	if (kind == STEER_REACHED_GROUP && steer_group_values(group) != NULL) {
		steer_set_t set;
		steer_group_set(group, 0, &set);
		edge.bytes = set.body_len;
		return add_edge(graph, &edge);
	}
	const steer_vertex_t new = {
		.name = target->name, .node = group->node, .at = group->at, .type = type, .kind = kind,
		.labels = place->labels, .renamed = kind == STEER_REACHED_DNAME ? target->renamed + 1 : 0,
	};
	int ret = vertex_of(graph, &new, &edge.to);
	return ret == STEER_OK ? add_edge(graph, &edge) : ret;
}

int steer_alias_graph_find(steer_alias_graph_t *graph, const uint8_t *name, uint16_t type,
                           steer_reached_t *reached)
{
	steer_finder_t finder;
	steer_finder_begin(&finder, &graph->lookup, name);
	int ret = steer_finder_reach(&finder, type, reached);
	if (ret == STEER_EDAMAGED) {
		char text[STEER_NAME_TEXT_MAX];
		steer_name_to_text(text, name);
		return steer_fault(graph->write->fault, ret, "%s: the stored node, or one near it, is "
		                   "damaged: restore a backup", text);
	}
	return ret;
}

/*! Adds edges to all groups of a name that have aliases: a chain of any type continues there. */
static int edges_to_all(steer_alias_graph_t *graph, const steer_edge_target_t *target,
                        const steer_tree_place_t *place)
{
	int ret = STEER_OK;
	for (unsigned i = 0; i < place->face.count && ret == STEER_OK; i++) {
		steer_group_t group;
		steer_face_group_at(&place->face, i, &group);
		if (steer_group_flags(&group) & STEER_POLICY_ALIASES) {
			ret = edge_to(graph, target, STEER_REACHED_GROUP, group.type, place, &group);
		}
	}
	return ret;
}

int steer_alias_graph_add_edges(steer_alias_graph_t *graph, const steer_edge_target_t *target)
{
	steer_reached_t reached;
	int ret = steer_alias_graph_find(graph, target->name, target->asked, &reached);
	if (ret != STEER_OK) {
		return ret;
	}
	if (reached.kind == STEER_REACHED_GROUP || reached.kind == STEER_REACHED_CNAME ||
	    reached.kind == STEER_REACHED_DNAME) {
		// After an alias of type CNAME, the CNAME found is followed for the records wanted.
		bool cname = reached.group.type == TYPE_CNAME;
		return edge_to(graph, target, cname ? STEER_REACHED_CNAME : reached.kind, target->type,
		               &reached.place, &reached.group);
	}
	if (target->asked != 0) {
		steer_edge_t edge = target->edge;
		edge.to = STEER_NO_VERTEX;
		edge.missing = reached.kind == STEER_REACHED_NODATA;
		edge.external = reached.kind == STEER_REACHED_EXTERNAL;
		return add_edge(graph, &edge);
	}
	if (!reached.found) {
		return STEER_OK;
	}
	if (reached.kind == STEER_REACHED_NODATA) {
		ret = edges_to_all(graph, target, &reached.place);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	const steer_face_t *face = &reached.place.face;
	if (!(face->flags & STEER_FACE_APEX) && face->cut != reached.place.labels) {
		return STEER_OK;
	}
	// At a zone cut, DS is in the parent zone.
	steer_edge_target_t ds = *target;
	ds.asked = ds.type = TYPE_DS;
	return steer_alias_graph_add_edges(graph, &ds);
}

int steer_alias_graph_expand(steer_alias_graph_t *graph, uint32_t at)
{
	const steer_vertex_t from = graph->vertices[at];
	steer_group_t group;
	steer_group_view(&group, from.node, from.at);
	size_t first = graph->edges_count;
	int ret = STEER_OK;
	for (unsigned i = 0; i < group.count && ret == STEER_OK; i++) {
		uint8_t room[STEER_NAME_MAX];
		steer_set_t set;
		steer_group_set(&group, i, &set);
		steer_edge_target_t target = {
			.name = set.body, .asked = from.type, .type = from.type, .renamed = from.renamed,
			.edge = { .set = i, .alias = set.alias },
		};
		if (set.alias) {
			target.asked = group.type;
		} else if (from.kind == STEER_REACHED_GROUP) {
			continue; // These are the records themselves.
		} else {
			target.name += STEER_RR_HEAD;
		}
		if (from.kind == STEER_REACHED_DNAME) {
			if (!steer_name_substitute(room, from.name, from.labels, target.name)) {
				continue; // The name would be too long.
			}
			target.name = room;
		}
		ret = steer_alias_graph_add_edges(graph, &target);
	}
	graph->vertices[at].first = graph->vertices[at].next = first;
	graph->vertices[at].count = graph->edges_count - first;
	return ret;
}
