/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/pick.h"
#include "core/types.h"
#include "store/change/alias_graph.h"
#include "store/change/message_room.h"

/* Describing what was found. */

/*! Appends to text as much as fits. */
static void append(steer_alias_graph_t *graph, const char *text)
{
	size_t len = strlen(graph->text);
	snprintf(graph->text + len, sizeof(graph->text) - len, "%s", text);
}

static void append_vertex(steer_alias_graph_t *graph, uint32_t at)
{
	const steer_vertex_t *vertex = &graph->vertices[at];
	char name[STEER_NAME_TEXT_MAX], type[STEER_TYPE_TEXT];
	steer_group_t group;
	steer_group_view(&group, vertex->node, vertex->at);
	steer_name_to_text(name, vertex->name);
	append(graph, name);
	append(graph, " ");
	append(graph, steer_type_text(group.type, type));
}

void steer_alias_graph_describe(steer_alias_graph_t *graph, uint32_t at)
{
	snprintf(graph->text, sizeof(graph->text), "alias chain of more than %d (rule A7): ",
	         STEER_ALIAS_DEPTH);
	for (unsigned edges = 0; edges <= STEER_ALIAS_DEPTH; edges++) {
		const steer_vertex_t *vertex = &graph->vertices[at];
		append_vertex(graph, at);
		append(graph, " -> ");
		at = vertex->height > 0 ? graph->edges[vertex->deepest].to : STEER_NO_VERTEX;
		if (at == STEER_NO_VERTEX) {
			break;
		}
	}
	append(graph, "...");
}

/*! Appends the shortest path inside a component, which is found breadth first. */
static int append_path(steer_alias_graph_t *graph, uint32_t from, uint32_t to)
{
	uint32_t *queue = malloc(graph->vertices_count * sizeof(*queue));
	uint32_t *back = malloc(graph->vertices_count * sizeof(*back)); // The path from its end.
	size_t head = 0, tail = 0;
	if (queue == NULL || back == NULL) {
		free(queue);
		free(back);
		return steer_no_memory(graph->write->fault);
	}
	for (size_t i = 0; i < graph->vertices_count; i++) {
		graph->vertices[i].parent = STEER_NO_VERTEX;
	}
	queue[tail++] = from;
	while (head < tail && queue[head] != to) {
		const steer_vertex_t *here = &graph->vertices[queue[head]];
		for (uint32_t i = 0; i < here->count; i++) {
			uint32_t next = graph->edges[here->first + i].to;
			if (next != STEER_NO_VERTEX && next != from &&
			    graph->vertices[next].component == here->component &&
			    graph->vertices[next].parent == STEER_NO_VERTEX) {
				graph->vertices[next].parent = queue[head];
				queue[tail++] = next;
			}
		}
		head++;
	}
	size_t count = 0;
	for (uint32_t at = to; at != STEER_NO_VERTEX; at = graph->vertices[at].parent) {
		back[count++] = at;
	}
	while (count > 0) {
		append(graph, " -> ");
		append_vertex(graph, back[--count]);
	}
	free(queue);
	free(back);
	return STEER_OK;
}

/* Searching. */

/*! Describes a loop: from a vertex along an edge, and back. */
static int refuse_loop(steer_alias_graph_t *graph, uint32_t from, uint32_t to)
{
	snprintf(graph->text, sizeof(graph->text), "alias loop: ");
	append_vertex(graph, from);
	int ret = append_path(graph, to, from);
	append(graph, " (rule A6)");
	return ret == STEER_OK ? STEER_EREFUSED : ret;
}

/*! Bytes of records that an edge leads to; none if it is part of a loop. */
static uint32_t bytes_at(const steer_alias_graph_t *graph, const steer_vertex_t *from,
                             const steer_edge_t *edge)
{
	if (edge->to == STEER_NO_VERTEX) {
		return edge->bytes;
	}
	const steer_vertex_t *to = &graph->vertices[edge->to];
	return to->component != from->component ? to->bytes : 0;
}

/*! Bytes of the records that chains from a vertex can give together. */
static uint32_t weigh(const steer_alias_graph_t *graph, const steer_vertex_t *vertex)
{
	uint32_t bytes[STEER_SETS_MAX], largest = 0;
	steer_group_t group;
	steer_group_view(&group, vertex->node, vertex->at);
	steer_message_set_bytes(&group, bytes);
	for (uint32_t i = vertex->first; i < vertex->first + vertex->count; i++) {
		const steer_edge_t *edge = &graph->edges[i];
		uint32_t there = bytes_at(graph, vertex, edge);
		bytes[edge->set] = there > bytes[edge->set] ? there : bytes[edge->set];
		largest = there > largest ? there : largest;
	}
	if (vertex->kind != STEER_REACHED_GROUP) {
		return largest; // Only one record of it is followed.
	}
	uint64_t most = steer_message_sum(&group, bytes).most;
	return most < UINT32_MAX ? most : UINT32_MAX;
}

/*! Measures a vertex whose component is known; an edge inside that makes its chains endless. */
static void measure(steer_alias_graph_t *graph, steer_vertex_t *vertex)
{
	vertex->bytes = weigh(graph, vertex);
	for (uint32_t i = vertex->first; i < vertex->first + vertex->count; i++) {
		uint32_t to = graph->edges[i].to, height = 1;
		if (to != STEER_NO_VERTEX && graph->vertices[to].component == vertex->component) {
			height = UINT32_MAX;
		} else if (to != STEER_NO_VERTEX) {
			height = graph->vertices[to].height;
			height += height != UINT32_MAX;
		}
		if (height > vertex->height) {
			vertex->height = height;
			vertex->deepest = i;
		}
		vertex->names += height == UINT32_MAX ? STEER_NAMES_MAX
		                 : to != STEER_NO_VERTEX ? 1 + graph->vertices[to].names : 1;
		vertex->names = vertex->names > STEER_NAMES_MAX ? STEER_NAMES_MAX + 1 : vertex->names;
	}
}

/*! Where an alias of a vertex leads to inside its component; STEER_NO_VERTEX: none does. */
static uint32_t next_in_loop(const steer_alias_graph_t *graph, uint32_t at)
{
	const steer_vertex_t *vertex = &graph->vertices[at];
	for (uint32_t i = vertex->first; i < vertex->first + vertex->count; i++) {
		const steer_edge_t *edge = &graph->edges[i];
		if (edge->alias && edge->to != STEER_NO_VERTEX &&
		    graph->vertices[edge->to].component == vertex->component) {
			return edge->to;
		}
	}
	return STEER_NO_VERTEX;
}

/*! Completes the component that begins at a vertex. */
static int close_component(steer_alias_graph_t *graph, uint32_t root)
{
	uint32_t end = graph->vertices[root].below, from = root, member;
	for (member = graph->stack; member != end; member = graph->vertices[member].below) {
		graph->vertices[member].component = root;
		graph->vertices[member].open = false;
	}
	// A loop is best described from where the search started.
	uint32_t to = next_in_loop(graph, root);
	for (member = graph->stack; member != end; member = graph->vertices[member].below) {
		measure(graph, &graph->vertices[member]);
		if (to == STEER_NO_VERTEX) {
			from = member;
			to = next_in_loop(graph, member);
		}
	}
	graph->stack = end;
	return to == STEER_NO_VERTEX ? STEER_OK : refuse_loop(graph, from, to);
}

static int visit(steer_alias_graph_t *graph, uint32_t at, uint32_t parent)
{
	int ret = steer_alias_graph_expand(graph, at);
	steer_vertex_t *vertex = &graph->vertices[at];
	vertex->index = vertex->low = ++graph->index;
	vertex->component = STEER_NO_VERTEX;
	vertex->parent = parent;
	vertex->open = true;
	vertex->below = graph->stack;
	graph->stack = at;
	return ret;
}

/*! Leaves a vertex whose edges have all been followed. \param[in,out] at  Then its parent. */
static int leave(steer_alias_graph_t *graph, uint32_t *at)
{
	const steer_vertex_t *vertex = &graph->vertices[*at];
	uint32_t parent = vertex->parent, low = vertex->low;
	int ret = low == vertex->index ? close_component(graph, *at) : STEER_OK;
	if (ret == STEER_OK && parent != STEER_NO_VERTEX && graph->vertices[parent].low > low) {
		graph->vertices[parent].low = low;
	}
	*at = parent;
	return ret;
}

/*! Searches depth first; without recursion, since chains of CNAMEs can be long. */
static int search_from(steer_alias_graph_t *graph, uint32_t start)
{
	int ret = visit(graph, start, STEER_NO_VERTEX);
	for (uint32_t at = start; ret == STEER_OK && at != STEER_NO_VERTEX;) {
		steer_vertex_t *vertex = &graph->vertices[at];
		if (vertex->next == vertex->first + vertex->count) {
			ret = leave(graph, &at);
			continue;
		}
		uint32_t to = graph->edges[vertex->next++].to;
		if (to == STEER_NO_VERTEX) {
			continue;
		}
		if (graph->vertices[to].index == 0) {
			ret = visit(graph, to, at);
			at = to;
		} else if (graph->vertices[to].open && graph->vertices[to].index < vertex->low) {
			vertex->low = graph->vertices[to].index;
		}
	}
	return ret;
}

int steer_alias_graph_search(steer_alias_graph_t *graph, const uint8_t *name, uint16_t type,
                             uint32_t *at)
{
	const steer_edge_target_t target = { .name = name, .asked = type, .type = type };
	size_t first = graph->edges_count;
	int ret = steer_alias_graph_add_edges(graph, &target);
	size_t end = graph->edges_count;
	for (size_t i = first; i < end && ret == STEER_OK; i++) {
		uint32_t to = graph->edges[i].to;
		if (to != STEER_NO_VERTEX && graph->vertices[to].index == 0) {
			ret = search_from(graph, to);
		}
	}
	*at = ret == STEER_OK && end > first ? graph->edges[first].to : STEER_NO_VERTEX;
	return ret;
}
