/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "store/groups.h"
#include "store/ways.h"

/* Telling. */

/*! Appends to text as much as fits. */
static void say(steer_ways_t *ways, const char *text)
{
	size_t len = strlen(ways->text);
	snprintf(ways->text + len, sizeof(ways->text) - len, "%s", text);
}

static void say_junction(steer_ways_t *ways, uint32_t at)
{
	const steer_junction_t *junction = &ways->junctions[at];
	char name[STEER_NAME_TEXT_MAX], type[16];
	steer_group_t group;
	steer_group_view(&group, junction->node, junction->at);
	steer_name_to_text(name, junction->name);
	say(ways, name);
	say(ways, " ");
	say(ways, steer_type_text(group.type, type));
}

void steer_ways_tell(steer_ways_t *ways, uint32_t at)
{
	snprintf(ways->text, sizeof(ways->text), "alias chain of more than %d (rule A7): ",
	         STEER_ALIAS_DEPTH);
	for (unsigned links = 0; links <= STEER_ALIAS_DEPTH; links++) {
		const steer_junction_t *junction = &ways->junctions[at];
		say_junction(ways, at);
		say(ways, " -> ");
		at = junction->height > 0 ? ways->links[junction->deepest].to : STEER_WAYS_END;
		if (at == STEER_WAYS_END) {
			break;
		}
	}
	say(ways, "...");
}

/*! Tells the shortest way inside a component from one junction to another, found breadth first. */
static int tell_way(steer_ways_t *ways, uint32_t from, uint32_t to)
{
	uint32_t *queue = malloc(ways->junctions_count * sizeof(*queue));
	uint32_t *back = malloc(ways->junctions_count * sizeof(*back)); // From the end, to print it.
	size_t head = 0, tail = 0;
	if (queue == NULL || back == NULL) {
		free(queue);
		free(back);
		return steer_no_memory(ways->write->fault);
	}
	for (size_t i = 0; i < ways->junctions_count; i++) {
		ways->junctions[i].parent = STEER_WAYS_END;
	}
	queue[tail++] = from;
	while (head < tail && queue[head] != to) {
		const steer_junction_t *here = &ways->junctions[queue[head]];
		for (uint32_t i = 0; i < here->count; i++) {
			uint32_t next = ways->links[here->first + i].to;
			if (next != STEER_WAYS_END && next != from &&
			    ways->junctions[next].component == here->component &&
			    ways->junctions[next].parent == STEER_WAYS_END) {
				ways->junctions[next].parent = queue[head];
				queue[tail++] = next;
			}
		}
		head++;
	}
	size_t count = 0;
	for (uint32_t at = to; at != STEER_WAYS_END; at = ways->junctions[at].parent) {
		back[count++] = at;
	}
	while (count > 0) {
		say(ways, " -> ");
		say_junction(ways, back[--count]);
	}
	free(queue);
	free(back);
	return STEER_OK;
}

/* Searching. */

/*! Refuses a component that has an alias inside. */
static int tell_loop(steer_ways_t *ways, uint32_t from, uint32_t to)
{
	snprintf(ways->text, sizeof(ways->text), "alias loop: ");
	say_junction(ways, from);
	int ret = tell_way(ways, to, from);
	say(ways, " (rule A6)");
	return ret == STEER_OK ? STEER_EREFUSED : ret;
}

/*! Bytes of records behind a link; none if it turns. */
static uint32_t bytes_behind(const steer_ways_t *ways, const steer_junction_t *from,
                             const steer_link_t *link)
{
	return link->to == STEER_WAYS_END ? link->bytes
	       : ways->junctions[link->to].component == from->component ? 0
	       : ways->junctions[link->to].bytes;
}

/*! Bytes of the records that ways from a junction can lead to together. */
static uint32_t weigh(const steer_ways_t *ways, const steer_junction_t *junction)
{
	uint32_t bytes[STEER_SETS_MAX], largest = 0;
	steer_group_t group;
	steer_group_view(&group, junction->node, junction->at);
	for (unsigned i = 0; i < group.count; i++) {
		steer_set_t set;
		steer_group_set(&group, i, &set);
		bytes[i] = set.alias ? 0 : steer_room_taken(group.type, set.body_len, set.count);
	}
	for (uint32_t i = junction->first; i < junction->first + junction->count; i++) {
		const steer_link_t *link = &ways->links[i];
		uint32_t behind = bytes_behind(ways, junction, link);
		bytes[link->set] = behind > bytes[link->set] ? behind : bytes[link->set];
		largest = behind > largest ? behind : largest;
	}
	if (junction->way != STEER_WAY_GROUP) {
		return largest; // One record of it is followed.
	}
	uint64_t most = steer_room_sum(&group, bytes).most;
	return most < UINT32_MAX ? most : UINT32_MAX;
}

/*! Measures a junction, once its component is known; a link inside that turns without end. */
static void measure(steer_ways_t *ways, steer_junction_t *junction)
{
	junction->bytes = weigh(ways, junction);
	for (uint32_t i = junction->first; i < junction->first + junction->count; i++) {
		uint32_t to = ways->links[i].to, height = 1;
		if (to != STEER_WAYS_END && ways->junctions[to].component == junction->component) {
			height = UINT32_MAX;
		} else if (to != STEER_WAYS_END) {
			height = ways->junctions[to].height;
			height += height != UINT32_MAX;
		}
		if (height > junction->height) {
			junction->height = height;
			junction->deepest = i;
		}
	}
}

/*! Where an alias of a junction leads to inside its component; STEER_WAYS_END: none does. */
static uint32_t turn(const steer_ways_t *ways, uint32_t at)
{
	const steer_junction_t *junction = &ways->junctions[at];
	for (uint32_t i = junction->first; i < junction->first + junction->count; i++) {
		const steer_link_t *link = &ways->links[i];
		if (link->alias && link->to != STEER_WAYS_END &&
		    ways->junctions[link->to].component == junction->component) {
			return link->to;
		}
	}
	return STEER_WAYS_END;
}

/*! Completes the component that begins at a junction. */
static int close_component(steer_ways_t *ways, uint32_t root)
{
	uint32_t end = ways->junctions[root].below, from = root, member;
	for (member = ways->stack; member != end; member = ways->junctions[member].below) {
		ways->junctions[member].component = root;
		ways->junctions[member].open = false;
	}
	uint32_t to = turn(ways, root); // A loop is best told from where the search began.
	for (member = ways->stack; member != end; member = ways->junctions[member].below) {
		measure(ways, &ways->junctions[member]);
		if (to == STEER_WAYS_END) {
			from = member;
			to = turn(ways, member);
		}
	}
	ways->stack = end;
	return to == STEER_WAYS_END ? STEER_OK : tell_loop(ways, from, to);
}

static int visit(steer_ways_t *ways, uint32_t at, uint32_t parent)
{
	int ret = steer_ways_expand(ways, at);
	steer_junction_t *junction = &ways->junctions[at];
	junction->index = junction->low = ++ways->index;
	junction->component = STEER_WAYS_END;
	junction->parent = parent;
	junction->open = true;
	junction->below = ways->stack;
	ways->stack = at;
	return ret;
}

/*! Leaves a junction whose links have all been followed. \return its parent in the search */
static int leave(steer_ways_t *ways, uint32_t *at)
{
	const steer_junction_t *junction = &ways->junctions[*at];
	uint32_t parent = junction->parent, low = junction->low;
	int ret = low == junction->index ? close_component(ways, *at) : STEER_OK;
	if (ret == STEER_OK && parent != STEER_WAYS_END && ways->junctions[parent].low > low) {
		ways->junctions[parent].low = low;
	}
	*at = parent;
	return ret;
}

/*! Searches depth first, without recursion, since chains of CNAMEs can be long. */
static int search_from(steer_ways_t *ways, uint32_t start)
{
	int ret = visit(ways, start, STEER_WAYS_END);
	for (uint32_t at = start; ret == STEER_OK && at != STEER_WAYS_END;) {
		steer_junction_t *junction = &ways->junctions[at];
		if (junction->next == junction->first + junction->count) {
			ret = leave(ways, &at);
			continue;
		}
		uint32_t to = ways->links[junction->next++].to;
		if (to == STEER_WAYS_END) {
			continue;
		}
		if (ways->junctions[to].index == 0) {
			ret = visit(ways, to, at);
			at = to;
		} else if (ways->junctions[to].open && ways->junctions[to].index < junction->low) {
			junction->low = ways->junctions[to].index;
		}
	}
	return ret;
}

int steer_ways_search(steer_ways_t *ways, const uint8_t *name, uint16_t type, uint32_t *at)
{
	const steer_lead_t lead = { .name = name, .asked = type, .type = type };
	size_t first = ways->links_count;
	int ret = steer_ways_lead(ways, &lead);
	size_t end = ways->links_count;
	for (size_t i = first; i < end && ret == STEER_OK; i++) {
		uint32_t to = ways->links[i].to;
		if (to != STEER_WAYS_END && ways->junctions[to].index == 0) {
			ret = search_from(ways, to);
		}
	}
	*at = ret == STEER_OK && end > first ? ways->links[first].to : STEER_WAYS_END;
	return ret;
}
