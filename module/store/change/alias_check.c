/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/alias.h"
#include "core/pick.h"
#include "store/change/alias_check.h"
#include "store/change/alias_targets.h"
#include "store/change/message_room.h"
#include "store/change/referral_room.h"

/* Noting. */

int steer_alias_check_begin(steer_alias_check_t *alias_check, steer_write_t *write)
{
	MDB_stat stat;
	*alias_check = (steer_alias_check_t) { 0 };
	int err = mdb_stat(write->txn, write->store->dbi[STEER_DB_NODES], &stat);
	if (err != MDB_SUCCESS) {
		return steer_store_fault(write->store, "stat", err, write->fault);
	}
	alias_check->fresh = stat.ms_entries == 0;
	return STEER_OK;
}

static void leave_name(void *name)
{
	(void)name; // It is in the arena.
}

void steer_alias_check_free(steer_alias_check_t *alias_check)
{
	tdestroy(alias_check->searched, leave_name);
	for (unsigned from = 0; from < STEER_FROMS; from++) {
		free(alias_check->list[from].starts);
	}
	steer_arena_free(&alias_check->arena);
	*alias_check = (steer_alias_check_t) { 0 };
}

/*! Notes where a search has to start; its name is copied. */
static void note(steer_alias_check_t *alias_check, steer_from_t from,
                 const steer_search_start_t *start)
{
	typeof(alias_check->list[0]) *list = &alias_check->list[from];
	if (list->count == list->room) {
		size_t room = list->room == 0 ? 64 : 2 * list->room;
		steer_search_start_t *more = realloc(list->starts, room * sizeof(*more));
		if (more == NULL) {
			alias_check->no_memory = true;
			return;
		}
		list->starts = more;
		list->room = room;
	}
	size_t len = steer_name_len(start->name);
	uint8_t *copy = steer_arena_alloc(&alias_check->arena, len);
	if (copy == NULL) {
		alias_check->no_memory = true;
		return;
	}
	list->starts[list->count] = *start;
	list->starts[list->count++].name = memcpy(copy, start->name, len);
}

/*! Name of a key, which is known to be valid. */
static void name_of(uint8_t name[STEER_NAME_MAX], const uint8_t *bytes, size_t len)
{
	steer_key_t key;
	*name = 0;
	if (steer_key_from_bytes(&key, bytes, len) == STEER_OK) {
		steer_key_to_name(name, &key, key.labels);
	}
}

static bool has_aliases(const steer_group_t *group)
{
	if (group->sets == NULL) {
		return steer_group_flags(group) & STEER_POLICY_ALIASES;
	}
	for (unsigned i = 0; i < group->count; i++) {
		if (group->sets[i].alias) {
			return true;
		}
	}
	return false;
}

/*! Whether a group may make a referral too large: NS records can by what was stored before. */
static bool may_refer(const steer_group_t *group, bool fresh)
{
	return steer_alias_check_refers(group) &&
	       ((group->type == TYPE_NS && !fresh) || steer_referral_may_fill(group));
}

void steer_alias_check_add_group(steer_alias_check_t *alias_check, const steer_name_records_t *name,
                                 const steer_group_t *group, bool fresh)
{
	steer_search_start_t start = {
		.type = group->type, .records = name->records, .count = name->count,
	};
	bool cname = group->type == TYPE_CNAME, dname = group->type == TYPE_DNAME;
	for (unsigned i = 0; (cname || dname) && !alias_check->fresh && i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		if (!set.alias) { // A chain that comes here continues at the target.
			start.name = set.body + STEER_RR_HEAD;
			note(alias_check, cname ? STEER_FROM_NAME : STEER_FROM_BELOW, &start);
		}
	}
	bool aliases = has_aliases(group), refers = may_refer(group, fresh);
	if (!aliases && !refers) {
		return;
	}
	uint8_t owner[STEER_NAME_MAX];
	name_of(owner, name->key, name->key_len);
	start.name = owner;
	if (aliases) {
		note(alias_check, STEER_FROM_ALIAS, &start);
	}
	if (refers) {
		note(alias_check, STEER_FROM_REFERRAL, &start);
	}
}

void steer_alias_check_add_name(steer_alias_check_t *alias_check, const uint8_t *key, size_t len)
{
	if (!alias_check->fresh) {
		uint8_t name[STEER_NAME_MAX];
		name_of(name, key, len);
		note(alias_check, STEER_FROM_NAME, &(steer_search_start_t) { .name = name });
	}
}

void steer_alias_check_add_zone(steer_alias_check_t *alias_check, const steer_key_t *apex)
{
	uint8_t name[STEER_NAME_MAX];
	steer_key_to_name(name, apex, apex->labels);
	note(alias_check, STEER_FROM_BELOW, &(steer_search_start_t) { .name = name });
}

/* Searching. */

typedef struct {
	steer_alias_check_t *alias_check;
	steer_write_t *write;
	const steer_apply_t *options;
	steer_alias_graph_t graph;
	steer_alias_targets_t targets;
	const uint8_t *referred; /*!< Node of the last delegation measured. */
	struct { /*!< Record sets that the change set gives to a name. */
		const steer_change_record_t *of; /*!< Its records. */
		const steer_change_set_t **sets; /*!< By type and identifier. */
		size_t count;
	} given;
} search_t;

/*! Record of the change set for which a search starts. \param[out] key  Must outlive it. */
static steer_change_record_t place_of(const steer_search_start_t *start, steer_key_t *key)
{
	steer_key_from_name(key, start->name);
	const steer_name_records_t name = {
		.key = key->bytes, .key_len = key->len,
		.records = start->records, .count = start->count,
	};
	return steer_name_records_find(&name, start->type, NULL, 0);
}

static int refuse(search_t *search, const steer_search_start_t *start)
{
	steer_key_t key;
	const steer_change_record_t at = place_of(start, &key);
	return steer_record_fault(&at, STEER_EREFUSED, search->graph.text, search->write->fault);
}

static int search_from(search_t *search, const steer_search_start_t *start, const uint8_t *name,
                       uint16_t type, uint32_t *at)
{
	int ret = steer_alias_graph_search(&search->graph, name, type, at);
	return ret == STEER_EREFUSED ? refuse(search, start) : ret;
}

static int by_identifier(const void *a, const void *b)
{
	const steer_change_set_t *x = *(const steer_change_set_t *const *)a;
	const steer_change_set_t *y = *(const steer_change_set_t *const *)b;
	return x->type != y->type ? (int)x->type - (int)y->type
	       : steer_key_cmp((const uint8_t *)x->id, x->id_len, (const uint8_t *)y->id, y->id_len);
}

/*! Lists what the change set gives to the name. The groups of a name come one after the other. */
static int list_given(search_t *search, const steer_search_start_t *start)
{
	typeof(search->given) *given = &search->given;
	if (given->of == start->records) {
		return STEER_OK;
	}
	const steer_change_set_t **sets = realloc(given->sets, start->count * sizeof(*sets));
	if (sets == NULL) {
		return steer_no_memory(search->write->fault);
	}
	*given = (typeof(*given)) { .of = start->records, .sets = sets };
	for (size_t i = 0; i < start->count; i++) {
		if (start->records[i].kind == STEER_CHANGE_SET) {
			sets[given->count++] = start->records[i].set;
		}
	}
	qsort(sets, given->count, sizeof(*sets), by_identifier);
	return STEER_OK;
}

/*! Record set of a type and identifier that the change set gives to the name; NULL: none. */
static const steer_change_set_t *find_given(const search_t *search, uint16_t type,
                                            const steer_set_t *set)
{
	const steer_change_set_t key = {
		.type = type, .id = (const char *)set->id, .id_len = set->id_len,
	}, *wanted = &key, **found;
	found = bsearch(&wanted, search->given.sets, search->given.count, sizeof(wanted),
	                by_identifier);
	return found != NULL ? *found : NULL;
}

/*! The other address type, if the same line of a file gives the alias for both types; else 0. */
static uint16_t find_other_type(const search_t *search, const steer_change_set_t *of,
                          const steer_set_t *set)
{
	if (of->type != TYPE_A && of->type != TYPE_AAAA) {
		return 0;
	}
	uint16_t type = of->type == TYPE_A ? TYPE_AAAA : TYPE_A;
	const steer_change_set_t *other = find_given(search, type, set);
	const steer_source_location_t *at = &of->source;
	bool same_place = other != NULL && at->file != NULL && other->source.file == at->file &&
	                  other->source.line == at->line && other->source.column == at->column;
	return same_place ? type : 0;
}

/*! Looks at an alias without records at its target, if the change set gives it. */
static int look_at_target(search_t *search, const steer_search_start_t *start,
                          const steer_set_t *set, const steer_edge_t *edge)
{
	if (start->count == 0) {
		return STEER_OK; // The change set does not give the name anything.
	}
	int ret = list_given(search, start);
	if (ret != STEER_OK) {
		return ret;
	}
	const steer_change_set_t *given = find_given(search, start->type, set);
	if (given == NULL) {
		return STEER_OK; // It was there before.
	}
	const steer_change_record_t at = steer_change_set_place(given);
	return steer_alias_targets_look(&search->targets, &at, start->name, set, edge->missing,
	                                find_other_type(search, given, set));
}

/*! Warns of aliases that lead to more names than an answer looks at (rule A8). */
static void warn_of_names(search_t *search, const steer_search_start_t *start,
                          const steer_vertex_t *vertex, const steer_group_t *group)
{
	// One that several chains have in common was counted for each.
	if (vertex->names <= STEER_NAMES_MAX ||
	    steer_alias_extent(&search->graph.lookup, group) != STEER_EXTENT_WIDE) {
		return;
	}
	steer_key_t key;
	char type[STEER_TYPE_TEXT], text[STEER_MESSAGE_MAX];
	const steer_change_record_t at = place_of(start, &key);
	snprintf(text, sizeof(text), "%s: its aliases lead to more than %d names: SERVFAIL if an "
	         "answer needs them (rule A8)", steer_type_text(start->type, type), STEER_NAMES_MAX);
	steer_record_warn(&at, text, search->options);
}

/*! Warns of aliases that may lead to more records than fit in a message (rule G12). */
static void warn_of_bytes(search_t *search, const steer_search_start_t *start, uint32_t bytes)
{
	size_t room = steer_message_room(steer_name_len(start->name));
	if (bytes <= room) {
		return;
	}
	steer_key_t key;
	char type[STEER_TYPE_TEXT], text[STEER_MESSAGE_MAX];
	const steer_change_record_t at = place_of(start, &key);
	snprintf(text, sizeof(text), "%s: record sets that can be chosen together, and those that "
	         "aliases lead to, have %u bytes; a message has room for %zu: such an answer fails "
	         "(rule G12)", steer_type_text(start->type, type), bytes, room);
	steer_record_warn(&at, text, search->options);
}

static int search_alias(search_t *search, const steer_search_start_t *start)
{
	uint32_t at;
	uint16_t type = start->type == TYPE_CNAME ? 0 : start->type; // The CNAME is then followed.
	int ret = search_from(search, start, start->name, type, &at);
	if (ret != STEER_OK || at == STEER_NO_VERTEX) {
		return ret;
	}
	const steer_vertex_t *vertex = &search->graph.vertices[at];
	steer_group_t group;
	steer_group_view(&group, vertex->node, vertex->at);
	if (group.type != start->type) {
		return STEER_OK; // Another zone answers for the name.
	}
	if (vertex->height > STEER_ALIAS_DEPTH) {
		steer_alias_graph_describe(&search->graph, at);
		return refuse(search, start);
	}
	warn_of_bytes(search, start, vertex->bytes);
	warn_of_names(search, start, vertex, &group);
	for (uint32_t i = 0; i < vertex->count && ret == STEER_OK; i++) {
		const steer_edge_t *edge = &search->graph.edges[vertex->first + i];
		if (edge->alias && (edge->missing || edge->external)) {
			steer_set_t set;
			steer_group_set(&group, edge->set, &set);
			ret = look_at_target(search, start, &set, edge);
		}
	}
	return ret;
}

/* Names below which everything was searched, so that each stored name is looked at once. */

static int compare_names(const void *a, const void *b)
{
	size_t a_len = steer_name_len(a), b_len = steer_name_len(b);
	return a_len != b_len ? (a_len > b_len) - (a_len < b_len) : memcmp(a, b, a_len);
}

static bool is_searched(const steer_alias_check_t *alias_check, const uint8_t *name)
{
	return tfind(name, &alias_check->searched, compare_names) != NULL;
}

/*! Whether a name, or one above it, is among them. */
static bool is_inside_searched(const steer_alias_check_t *alias_check, const uint8_t *name)
{
	while (!is_searched(alias_check, name)) {
		if (*name == 0) {
			return false;
		}
		name = steer_name_skip(name, 1);
	}
	return true;
}

/*! Searches from all groups of a stored name where a chain can continue. */
static int search_node(search_t *search, const steer_search_start_t *start, const uint8_t *name,
                       const steer_node_t *node)
{
	int ret = STEER_OK;
	for (unsigned i = 0; i < steer_node_faces(node); i++) {
		steer_face_t face;
		steer_node_face_at(node, i, &face);
		for (unsigned k = 0; k < face.count && ret == STEER_OK; k++) {
			steer_group_t group;
			uint32_t at;
			steer_face_group_at(&face, k, &group);
			bool cname = group.type == TYPE_CNAME;
			if (group.type == TYPE_DNAME) {
				steer_alias_check_add_group(search->alias_check, &(steer_name_records_t){ 0 },
				                            &group, false);
			} else if (cname || (steer_group_flags(&group) & STEER_POLICY_ALIASES)) {
				ret = search_from(search, start, name, cname ? 0 : group.type, &at);
			}
		}
	}
	return ret;
}

/*! Turns a name's key into the first one after the keys of all names below it. */
static MDB_val key_after(steer_key_t *key)
{
	key->bytes[key->len - 1] = 1; // Keys end with a 0.
	return (MDB_val) { key->len, key->bytes };
}

/*! Searches from all stored names at and below one, except below names searched before. */
static int search_nodes(search_t *search, const steer_search_start_t *start)
{
	steer_key_t top, at;
	MDB_cursor *cursor = NULL;
	steer_key_from_name(&top, start->name);
	MDB_val key = { top.len, top.bytes }, value;
	const steer_write_t *write = search->write;
	int ret = STEER_OK;
	int err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_NODES], &cursor);
	for (MDB_cursor_op op = MDB_SET_RANGE; err == MDB_SUCCESS && ret == STEER_OK;) {
		err = steer_pair_get(cursor, &key, &value, op);
		if (err != MDB_SUCCESS || key.mv_size < top.len ||
		    memcmp(key.mv_data, top.bytes, top.len) != 0) {
			break;
		}
		op = MDB_NEXT;
		steer_node_t node;
		if (steer_key_from_bytes(&at, key.mv_data, key.mv_size) != STEER_OK ||
		    steer_node_open(&node, value.mv_data, value.mv_size) != STEER_OK) {
			continue; // A damaged one is not followed.
		}
		uint8_t name[STEER_NAME_MAX];
		steer_key_to_name(name, &at, at.labels);
		if (at.len > top.len && is_searched(search->alias_check, name)) {
			key = key_after(&at);
			op = MDB_SET_RANGE;
		} else {
			ret = search_node(search, start, name, &node);
		}
	}
	mdb_cursor_close(cursor);
	return ret != STEER_OK || err == MDB_SUCCESS || err == MDB_NOTFOUND ? ret
	       : steer_store_fault(write->store, "walk", err, write->fault);
}

/*! Searches below a name, where chains can come to by a DNAME or since a zone is gone. */
static int search_below(search_t *search, const steer_search_start_t *start)
{
	steer_reached_t reached;
	uint32_t at;
	if (tsearch(start->name, &search->alias_check->searched, compare_names) == NULL) {
		return steer_no_memory(search->write->fault);
	}
	int ret = steer_alias_graph_find(&search->graph, start->name, 0, &reached);
	if (ret != STEER_OK) {
		return ret;
	}
	bool dname = reached.kind == STEER_REACHED_DNAME;
	for (unsigned i = 0; dname && i < reached.group.count; i++) {
		uint8_t name[STEER_NAME_MAX];
		steer_set_t set;
		steer_group_set(&reached.group, i, &set);
		if (steer_name_substitute(name, start->name, reached.place.labels,
		                          set.body + STEER_RR_HEAD)) {
			note(search->alias_check, STEER_FROM_BELOW, &(steer_search_start_t) { .name = name });
		}
	}
	ret = search_from(search, start, start->name, 0, &at);
	return ret == STEER_OK ? search_nodes(search, start) : ret;
}

/* Referrals. */

static void warn_of_referral(const search_t *search, const steer_search_start_t *start,
                             const steer_referral_t *referral, uint64_t bytes, size_t room)
{
	steer_key_t key;
	char name[STEER_NAME_TEXT_MAX], type[STEER_TYPE_TEXT];
	char text[STEER_NAME_TEXT_MAX + STEER_MESSAGE_MAX];
	const steer_change_record_t at = place_of(start, &key);
	steer_name_to_text(name, steer_referral_owner(referral));
	snprintf(text, sizeof(text), "%s: the NS records of %s, and the addresses that its referral "
	         "needs, have %" PRIu64 " bytes; a message has room for %zu: such an answer fails "
	         "(rule G12)", steer_type_text(start->type, type), name, bytes, room);
	steer_record_warn(&at, text, search->options);
}

/*! Measures the referral that a name is part of. Those of one delegation come in a row. */
static int look_at_referral(search_t *search, const steer_search_start_t *start)
{
	steer_referral_t referral;
	int ret = steer_referral_find(&referral, &search->graph.lookup, start->name);
	if (ret != STEER_OK) {
		// A damaged one is not answered.
		return ret == STEER_ENOENT || ret == STEER_EDAMAGED ? STEER_OK : ret;
	}
	if (referral.place.node == search->referred) {
		return STEER_OK;
	}
	search->referred = referral.place.node;
	uint64_t bytes = steer_referral_bytes(&referral);
	size_t room = steer_message_room(steer_name_len(steer_referral_owner(&referral)));
	if (bytes > room) {
		warn_of_referral(search, start, &referral, bytes, room);
	}
	return STEER_OK;
}

static int search_one(search_t *search, steer_from_t from, const steer_search_start_t *start)
{
	uint32_t at;
	switch (from) {
	case STEER_FROM_ALIAS:
		return search_alias(search, start);
	case STEER_FROM_NAME:
		return search_from(search, start, start->name, 0, &at);
	case STEER_FROM_BELOW:
		return is_inside_searched(search->alias_check, start->name) ? STEER_OK
		       : search_below(search, start);
	default:
		return look_at_referral(search, start);
	}
}

/*! Searches from everything that was noted. The search below a name can note more such names. */
static int search_all(search_t *search)
{
	const steer_alias_check_t *alias_check = search->alias_check;
	int ret = STEER_OK;
	for (unsigned from = 0; from < STEER_FROMS; from++) {
		for (size_t i = 0; i < alias_check->list[from].count && ret == STEER_OK; i++) {
			const steer_search_start_t start = alias_check->list[from].starts[i];
			ret = search_one(search, from, &start);
		}
	}
	return ret;
}

int steer_alias_check_run(steer_alias_check_t *alias_check, steer_write_t *write,
                          const steer_apply_t *options)
{
	search_t search = {
		.alias_check = alias_check, .write = write, .options = options,
		.targets = { .graph = &search.graph, .options = options },
	};
	if (alias_check->arena.chunks == NULL && !alias_check->no_memory) {
		return STEER_OK; // Nothing was noted.
	}
	steer_alias_graph_begin(&search.graph, write);
	int ret = alias_check->no_memory ? steer_no_memory(write->fault) : search_all(&search);
	steer_alias_targets_end(&search.targets);
	steer_alias_graph_free(&search.graph);
	free(search.given.sets);
	return ret;
}
