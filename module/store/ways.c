/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/types.h"
#include "store/groups.h"
#include "store/ways.h"

/*!
 * Junctions behind two DNAMEs in a row, at most. DNAMEs that lead below each other make names
 * without end; no answer follows so many of them (rules A7 and A8).
 */
#define RENAMED_MAX 16384

/* The store as the lookup of core's finder. */

#define LARGE 1024 /*!< A node of more bytes is checked once: many ways may cross it. */

static int by_address(const void *a, const void *b)
{
	return (a > b) - (a < b);
}

static void leave_node(void *node)
{
	(void)node; // It lies in the store.
}

static int open_node(steer_ways_t *ways, const MDB_val *value, steer_node_t *node)
{
	if (value->mv_size <= LARGE) {
		return steer_node_open(node, value->mv_data, value->mv_size);
	}
	if (tfind(value->mv_data, &ways->large, by_address) != NULL) {
		*node = (steer_node_t) { .at = value->mv_data, .size = value->mv_size };
		return STEER_OK;
	}
	int ret = steer_node_open(node, value->mv_data, value->mv_size);
	if (ret == STEER_OK && tsearch(value->mv_data, &ways->large, by_address) == NULL) {
		ret = STEER_ENOMEM;
	}
	return ret;
}

static int get(void *ctx, const uint8_t *key, size_t len, uint64_t hash, steer_entry_t **entry,
               steer_entry_t *scratch)
{
	(void)hash;
	MDB_val value;
	steer_ways_t *ways = ctx;
	int ret = steer_write_get(ways->write, STEER_DB_NODES, key, len, &value);
	if (ret == STEER_OK) {
		ret = open_node(ways, &value, &scratch->node);
		scratch->zone = STEER_ZONE_UNKNOWN;
		*entry = scratch;
	}
	return ret;
}

static bool maybe_apex(void *ctx, uint64_t hash)
{
	return steer_apexes_maybe(&((steer_ways_t *)ctx)->apexes, hash);
}

int steer_ways_begin(steer_ways_t *ways, steer_write_t *write)
{
	*ways = (steer_ways_t) {
		.write = write, .stack = STEER_WAYS_END,
		.lookup = { .get = get, .maybe_apex = maybe_apex, .ctx = ways },
	};
	return steer_apexes_current(write, &ways->apexes);
}

void steer_ways_free(steer_ways_t *ways)
{
	free(ways->junctions);
	free(ways->links);
	free(ways->table);
	tdestroy(ways->large, leave_node);
	steer_arena_free(&ways->arena);
}

/* Junctions. */

static uint64_t hash_of(const steer_junction_t *junction)
{
	const struct {
		const uint8_t *at;
		uint64_t type;
	} key = { junction->at, junction->type };
	uint64_t hash = steer_name_hash((const uint8_t *)&key, sizeof(key));
	return junction->way != STEER_WAY_DNAME ? hash
	       : hash ^ steer_name_hash(junction->name, steer_name_len(junction->name));
}

/*! Whether they are the same. A DNAME leads each name elsewhere. */
static bool equal(const steer_junction_t *a, const steer_junction_t *b)
{
	return a->at == b->at && a->type == b->type && a->way == b->way &&
	       (a->way != STEER_WAY_DNAME || steer_name_equal(a->name, b->name));
}

/*! Place of a junction in the table, or a free one. */
static uint32_t *slot_of(steer_ways_t *ways, const steer_junction_t *junction)
{
	size_t mask = ways->table_size - 1, at = hash_of(junction) & mask;
	while (ways->table[at] != STEER_WAYS_END &&
	       !equal(&ways->junctions[ways->table[at]], junction)) {
		at = (at + 1) & mask;
	}
	return &ways->table[at];
}

/*! Makes room for one more junction, in a table that is at most half full. */
static int reserve(steer_ways_t *ways)
{
	if (ways->junctions_count < ways->junctions_room) {
		return STEER_OK;
	}
	size_t room = ways->junctions_room == 0 ? 64 : 2 * ways->junctions_room;
	steer_junction_t *junctions = realloc(ways->junctions, room * sizeof(*junctions));
	if (junctions == NULL) {
		return steer_no_memory(ways->write->fault);
	}
	ways->junctions = junctions;
	uint32_t *table = malloc(2 * room * sizeof(*table));
	if (table == NULL) {
		return steer_no_memory(ways->write->fault);
	}
	free(ways->table);
	ways->table = table;
	ways->table_size = 2 * room;
	ways->junctions_room = room;
	for (size_t i = 0; i < ways->table_size; i++) {
		table[i] = STEER_WAYS_END;
	}
	for (size_t i = 0; i < ways->junctions_count; i++) {
		*slot_of(ways, &junctions[i]) = i;
	}
	return STEER_OK;
}

/*!
 * Finds or makes a junction.
 *
 * \param[in]  new  With name borrowed.
 * \param[out] at   STEER_WAYS_END: there are too many.
 */
static int junction_of(steer_ways_t *ways, const steer_junction_t *new, uint32_t *at)
{
	int ret = reserve(ways);
	if (ret != STEER_OK) {
		return ret;
	}
	uint32_t *slot = slot_of(ways, new);
	if (*slot == STEER_WAYS_END) {
		if (new->renamed > 1 && ++ways->renamed > RENAMED_MAX) {
			*at = STEER_WAYS_END;
			return STEER_OK;
		}
		size_t len = steer_name_len(new->name);
		uint8_t *name = steer_arena_alloc(&ways->arena, len);
		if (name == NULL) {
			return steer_no_memory(ways->write->fault);
		}
		ways->junctions[ways->junctions_count] = *new;
		ways->junctions[ways->junctions_count].name = memcpy(name, new->name, len);
		*slot = ways->junctions_count++;
	}
	*at = *slot;
	return STEER_OK;
}

static int add_link(steer_ways_t *ways, const steer_link_t *link)
{
	if (ways->links_count == ways->links_room) {
		size_t room = ways->links_room == 0 ? 64 : 2 * ways->links_room;
		steer_link_t *links = realloc(ways->links, room * sizeof(*links));
		if (links == NULL) {
			return steer_no_memory(ways->write->fault);
		}
		ways->links = links;
		ways->links_room = room;
	}
	ways->links[ways->links_count++] = *link;
	return STEER_OK;
}

/* Links. */

/*! Adds a link to a group, which is a junction unless it is plain and has the records. */
static int link_to(steer_ways_t *ways, const steer_lead_t *lead, steer_way_t way, uint16_t type,
                   const steer_place_t *place, const steer_group_t *group)
{
	steer_link_t link = lead->link;
	link.to = STEER_WAYS_END;
	if (way == STEER_WAY_GROUP && steer_group_values(group) != NULL) {
		steer_set_t set;
		steer_group_set(group, 0, &set);
		link.bytes = set.body_len;
		return add_link(ways, &link);
	}
	const steer_junction_t new = {
		.name = lead->name, .node = group->node, .at = group->at, .type = type, .way = way,
		.labels = place->labels, .renamed = way == STEER_WAY_DNAME ? lead->renamed + 1 : 0,
	};
	int ret = junction_of(ways, &new, &link.to);
	return ret == STEER_OK ? add_link(ways, &link) : ret;
}

int steer_ways_find(steer_ways_t *ways, const uint8_t *name, uint16_t type,
                    steer_reached_t *reached)
{
	steer_finder_t finder;
	steer_finder_begin(&finder, &ways->lookup, name);
	int ret = steer_finder_reach(&finder, type, reached);
	if (ret == STEER_EDAMAGED) {
		char text[STEER_NAME_TEXT_MAX];
		steer_name_to_text(text, name);
		return steer_fault(ways->write->fault, ret, "%s: the stored node, or one near it, is "
		                   "damaged: restore a backup", text);
	}
	return ret;
}

/*! Adds links to all groups of a name that have aliases: a way of any type may go on there. */
static int link_to_all(steer_ways_t *ways, const steer_lead_t *lead, const steer_place_t *place)
{
	int ret = STEER_OK;
	for (unsigned i = 0; i < place->face.count && ret == STEER_OK; i++) {
		steer_group_t group;
		steer_face_group_at(&place->face, i, &group);
		if (steer_group_flags(&group) & STEER_POLICY_ALIASES) {
			ret = link_to(ways, lead, STEER_WAY_GROUP, group.type, place, &group);
		}
	}
	return ret;
}

int steer_ways_lead(steer_ways_t *ways, const steer_lead_t *lead)
{
	steer_reached_t reached;
	int ret = steer_ways_find(ways, lead->name, lead->asked, &reached);
	if (ret != STEER_OK) {
		return ret;
	}
	if (reached.way == STEER_WAY_GROUP || reached.way == STEER_WAY_CNAME ||
	    reached.way == STEER_WAY_DNAME) {
		// Behind an alias of type CNAME, the CNAME found is followed for the records wanted.
		bool cname = reached.group.type == TYPE_CNAME;
		return link_to(ways, lead, cname ? STEER_WAY_CNAME : reached.way, lead->type,
		               &reached.place, &reached.group);
	}
	if (lead->asked != 0) {
		steer_link_t link = lead->link;
		link.to = STEER_WAYS_END;
		link.missing = reached.way == STEER_WAY_NODATA;
		link.external = reached.way == STEER_WAY_EXTERNAL;
		return add_link(ways, &link);
	}
	if (reached.way == STEER_WAY_NODATA && reached.found) {
		ret = link_to_all(ways, lead, &reached.place);
	}
	const steer_face_t *face = &reached.place.face;
	if (ret == STEER_OK && reached.found &&
	    ((face->flags & STEER_FACE_APEX) || face->cut == reached.place.labels)) {
		// At the border of two zones DS is on the other side.
		steer_lead_t ds = *lead;
		ds.asked = ds.type = TYPE_DS;
		ret = steer_ways_lead(ways, &ds);
	}
	return ret;
}

int steer_ways_expand(steer_ways_t *ways, uint32_t at)
{
	const steer_junction_t from = ways->junctions[at];
	steer_group_t group;
	steer_group_view(&group, from.node, from.at);
	size_t first = ways->links_count;
	int ret = STEER_OK;
	for (unsigned i = 0; i < group.count && ret == STEER_OK; i++) {
		uint8_t room[STEER_NAME_MAX];
		steer_set_t set;
		steer_group_set(&group, i, &set);
		steer_lead_t lead = {
			.name = set.body, .asked = from.type, .type = from.type, .renamed = from.renamed,
			.link = { .set = i, .alias = set.alias },
		};
		if (set.alias) {
			lead.asked = group.type;
		} else if (from.way == STEER_WAY_GROUP) {
			continue; // These are the records.
		} else {
			lead.name += STEER_RR_HEAD;
		}
		if (from.way == STEER_WAY_DNAME) {
			if (!steer_name_substitute(room, from.name, from.labels, lead.name)) {
				continue; // No name is so long.
			}
			lead.name = room;
		}
		ret = steer_ways_lead(ways, &lead);
	}
	ways->junctions[at].first = ways->junctions[at].next = first;
	ways->junctions[at].count = ways->links_count - first;
	return ret;
}
