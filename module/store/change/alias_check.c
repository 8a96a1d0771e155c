/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

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
	(void)name; // It lies in the arena.
}

void steer_alias_check_free(steer_alias_check_t *alias_check)
{
	tdestroy(alias_check->searched, leave_name);
	for (unsigned from = 0; from < STEER_FROMS; from++) {
		free(alias_check->list[from].touched);
	}
	steer_arena_free(&alias_check->arena);
	*alias_check = (steer_alias_check_t) { 0 };
}

/*! Notes something. \param[in] name_records  NULL: the change set does not say it. */
static void note(steer_alias_check_t *alias_check, steer_from_t from, const uint8_t *name,
                 uint16_t type, const steer_name_records_t *name_records)
{
	typeof(alias_check->list[0]) *list = &alias_check->list[from];
	if (list->count == list->room) {
		size_t room = list->room == 0 ? 64 : 2 * list->room;
		steer_search_start_t *more = realloc(list->touched, room * sizeof(*more));
		if (more == NULL) {
			alias_check->no_memory = true;
			return;
		}
		list->touched = more;
		list->room = room;
	}
	size_t len = steer_name_len(name);
	uint8_t *copy = steer_arena_alloc(&alias_check->arena, len);
	if (copy == NULL) {
		alias_check->no_memory = true;
		return;
	}
	list->touched[list->count++] = (steer_search_start_t) {
		.name = memcpy(copy, name, len), .type = type,
		.records = name_records != NULL ? name_records->records : NULL,
		.count = name_records != NULL ? name_records->count : 0,
	};
}

/*! The name of a key, which was checked when it was read or made. */
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

/*! Whether a group may make a referral too large: any NS records with what was stored before. */
static bool may_refer(const steer_group_t *group, bool fresh)
{
	return steer_alias_check_refers(group) &&
	       ((group->type == TYPE_NS && !fresh) || steer_referral_may_fill(group));
}

void steer_alias_check_add_group(steer_alias_check_t *alias_check,
                                 const steer_name_records_t *name_records,
                                 const steer_group_t *group, bool fresh)
{
	bool cname = group->type == TYPE_CNAME, dname = group->type == TYPE_DNAME;
	for (unsigned i = 0; (cname || dname) && !alias_check->fresh && i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		if (!set.alias) { // A way through here goes on at its target.
			note(alias_check, cname ? STEER_FROM_NAME : STEER_FROM_BELOW, set.body + STEER_RR_HEAD,
			     group->type, name_records);
		}
	}
	bool aliases = has_aliases(group), refers = may_refer(group, fresh);
	if (aliases || refers) {
		uint8_t name[STEER_NAME_MAX];
		name_of(name, name_records->key, name_records->key_len);
		if (aliases) {
			note(alias_check, STEER_FROM_ALIAS, name, group->type, name_records);
		}
		if (refers) {
			note(alias_check, STEER_FROM_REFERRAL, name, group->type, name_records);
		}
	}
}

void steer_alias_check_add_name(steer_alias_check_t *alias_check, const uint8_t *key, size_t len)
{
	if (!alias_check->fresh) {
		uint8_t name[STEER_NAME_MAX];
		name_of(name, key, len);
		note(alias_check, STEER_FROM_NAME, name, 0, NULL);
	}
}

void steer_alias_check_add_zone(steer_alias_check_t *alias_check, const steer_key_t *apex)
{
	uint8_t name[STEER_NAME_MAX];
	steer_key_to_name(name, apex, apex->labels);
	note(alias_check, STEER_FROM_BELOW, name, 0, NULL);
}

/* Searching. */

typedef struct {
	steer_alias_check_t *alias_check;
	steer_write_t *write;
	const steer_apply_t *options;
	steer_alias_graph_t graph;
	steer_alias_targets_t targets;
	const uint8_t *referred; /*!< Node of the delegation that was looked at last. */
	struct { /*!< Record sets that the change set gives a name. */
		const steer_change_record_t *of; /*!< Its records. */
		const steer_change_set_t **sets; /*!< By type and identifier. */
		size_t count;
	} given;
} search_t;

/*! Where in the change set a group was touched. \param[out] key  The name's; may be borrowed. */
static steer_change_record_t place_of(const steer_search_start_t *touched, steer_key_t *key)
{
	steer_key_from_name(key, touched->name);
	const steer_name_records_t name_records = {
		.key = key->bytes, .key_len = key->len,
		.records = touched->records, .count = touched->count,
	};
	return steer_name_records_find(&name_records, touched->type, NULL, 0);
}

static int refuse(search_t *search, const steer_search_start_t *touched)
{
	steer_key_t key;
	const steer_change_record_t at = place_of(touched, &key);
	return steer_record_fault(&at, STEER_EREFUSED, search->graph.text, search->write->fault);
}

static int search_from(search_t *search, const steer_search_start_t *touched, const uint8_t *name,
                       uint16_t type, uint32_t *at)
{
	int ret = steer_alias_graph_search(&search->graph, name, type, at);
	return ret == STEER_EREFUSED ? refuse(search, touched) : ret;
}

static int by_identifier(const void *a, const void *b)
{
	const steer_change_set_t *x = *(const steer_change_set_t *const *)a;
	const steer_change_set_t *y = *(const steer_change_set_t *const *)b;
	return x->type != y->type ? (int)x->type - (int)y->type
	       : steer_key_cmp((const uint8_t *)x->id, x->id_len, (const uint8_t *)y->id, y->id_len);
}

/*! Lists what the change set gives the name; the groups of a name come one after the other. */
static int list_given(search_t *search, const steer_search_start_t *touched)
{
	typeof(search->given) *given = &search->given;
	if (given->of == touched->records) {
		return STEER_OK;
	}
	const steer_change_set_t **sets = realloc(given->sets, touched->count * sizeof(*sets));
	if (sets == NULL) {
		return steer_no_memory(search->write->fault);
	}
	*given = (typeof(*given)) { .of = touched->records, .sets = sets };
	for (size_t i = 0; i < touched->count; i++) {
		if (touched->records[i].kind == STEER_CHANGE_SET) {
			sets[given->count++] = touched->records[i].set;
		}
	}
	qsort(sets, given->count, sizeof(*sets), by_identifier);
	return STEER_OK;
}

/*! What the change set gives the name of a type and a set's identifier; NULL: nothing. */
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

/*! Of an alias for addresses: the other type, if one line of a file gives it for both; else 0. */
static uint16_t find_twin(const search_t *search, const steer_change_set_t *of,
                          const steer_set_t *set)
{
	uint16_t other = of->type == TYPE_A ? TYPE_AAAA
	                 : of->type == TYPE_AAAA ? TYPE_A : 0;
	const steer_change_set_t *other_type = find_given(search, other, set);
	const steer_source_location_t *at = &of->location;
	return other_type != NULL && at->file != NULL && other_type->location.file == at->file &&
	               other_type->location.line == at->line &&
	               other_type->location.column == at->column
	           ? other
	           : 0;
}

/*! Looks at an alias that the change set gives and that leads to no records here. */
static int look_at_target(search_t *search, const steer_search_start_t *touched,
                          const steer_set_t *set, const steer_edge_t *edge)
{
	int ret = touched->count > 0 ? list_given(search, touched) : STEER_OK;
	const steer_change_set_t *given = ret == STEER_OK && touched->count > 0
	                                  ? find_given(search, touched->type, set) : NULL;
	if (given == NULL) {
		return ret; // It was there before.
	}
	const steer_change_record_t at = {
		.key = given->key, .key_len = given->key_len, .kind = STEER_CHANGE_SET,
		.type = touched->type, .set = given, .file = given->location.file,
		.line = given->location.line, .column = given->location.column,
	};
	return steer_alias_targets_look(&search->targets, &at, touched->name, set, edge->missing,
	                                find_twin(search, given, set));
}

/*! Warns of aliases that may lead to records for which a message has no room (rule G12). */
static void warn_of_bytes(search_t *search, const steer_search_start_t *touched, uint32_t bytes)
{
	size_t room = steer_message_room(steer_name_len(touched->name));
	if (bytes > room) {
		steer_key_t key;
		char type[STEER_TYPE_TEXT], text[STEER_MESSAGE_MAX];
		const steer_change_record_t at = place_of(touched, &key);
		snprintf(text, sizeof(text), "%s: record sets that can be chosen together, and those that "
		         "aliases lead to, have %u bytes; a message has room for %zu: such an answer fails "
		         "(rule G12)", steer_type_text(touched->type, type), bytes, room);
		steer_record_warn(&at, text, search->options);
	}
}

static int search_alias(search_t *search, const steer_search_start_t *touched)
{
	uint32_t at;
	uint16_t type = touched->type == TYPE_CNAME ? 0 : touched->type; // And on from there.
	int ret = search_from(search, touched, touched->name, type, &at);
	if (ret != STEER_OK || at == STEER_NO_VERTEX) {
		return ret;
	}
	const steer_vertex_t *vertex = &search->graph.vertices[at];
	steer_group_t group;
	steer_group_view(&group, vertex->node, vertex->at);
	if (group.type != touched->type) {
		return STEER_OK; // Another zone has the name.
	}
	if (vertex->height > STEER_ALIAS_DEPTH) {
		steer_alias_graph_describe(&search->graph, at);
		return refuse(search, touched);
	}
	warn_of_bytes(search, touched, vertex->bytes);
	for (uint32_t i = 0; i < vertex->count && ret == STEER_OK; i++) {
		const steer_edge_t *edge = &search->graph.edges[vertex->first + i];
		if (edge->alias && (edge->missing || edge->external)) {
			steer_set_t set;
			steer_group_set(&group, edge->set, &set);
			ret = look_at_target(search, touched, &set, edge);
		}
	}
	return ret;
}

/* Names below which all was searched, so that each stored name is looked at once. */

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

/*! Searches from all groups of a stored name from which a way can lead. */
static int search_node(search_t *search, const steer_search_start_t *touched, const uint8_t *name,
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
				ret = search_from(search, touched, name, cname ? 0 : group.type, &at);
			}
		}
	}
	return ret;
}

/*! Makes of a name's key the first that comes behind the keys of all names below it. */
static MDB_val behind(steer_key_t *key)
{
	key->bytes[key->len - 1] = 1; // Keys end with a 0.
	return (MDB_val) { key->len, key->bytes };
}

/*! Searches from all stored names at and below one, but for those below one searched before. */
static int search_nodes(search_t *search, const steer_search_start_t *touched)
{
	steer_key_t top, at;
	MDB_cursor *cursor = NULL;
	steer_key_from_name(&top, touched->name);
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
			continue; // A damaged one leads nowhere.
		}
		uint8_t name[STEER_NAME_MAX];
		steer_key_to_name(name, &at, at.labels);
		if (at.len > top.len && is_searched(search->alias_check, name)) {
			key = behind(&at);
			op = MDB_SET_RANGE;
		} else {
			ret = search_node(search, touched, name, &node);
		}
	}
	mdb_cursor_close(cursor);
	return ret != STEER_OK || err == MDB_SUCCESS || err == MDB_NOTFOUND ? ret
	       : steer_store_fault(write->store, "walk", err, write->fault);
}

/*! Searches from what is below a name, where a DNAME or the end of a zone lets ways lead to. */
static int search_below(search_t *search, const steer_search_start_t *touched)
{
	steer_reached_t reached;
	uint32_t at;
	if (tsearch(touched->name, &search->alias_check->searched, compare_names) == NULL) {
		return steer_no_memory(search->write->fault);
	}
	int ret = steer_alias_graph_find(&search->graph, touched->name, 0, &reached);
	for (unsigned i = 0; ret == STEER_OK && reached.kind == STEER_REACHED_DNAME &&
	     i < reached.group.count; i++) {
		uint8_t name[STEER_NAME_MAX];
		steer_set_t set;
		steer_group_set(&reached.group, i, &set);
		if (steer_name_substitute(name, touched->name, reached.place.labels,
		                          set.body + STEER_RR_HEAD)) {
			note(search->alias_check, STEER_FROM_BELOW, name, 0, NULL);
		}
	}
	if (ret == STEER_OK) {
		ret = search_from(search, touched, touched->name, 0, &at);
	}
	return ret == STEER_OK ? search_nodes(search, touched) : ret;
}

/* Referrals. */

static void warn_of_referral(const search_t *search, const steer_search_start_t *touched,
                             const steer_referral_t *referral, uint64_t bytes, size_t room)
{
	steer_key_t key;
	char name[STEER_NAME_TEXT_MAX], type[STEER_TYPE_TEXT];
	char text[STEER_NAME_TEXT_MAX + STEER_MESSAGE_MAX];
	const steer_change_record_t at = place_of(touched, &key);
	steer_name_to_text(name, steer_referral_owner(referral));
	snprintf(text, sizeof(text), "%s: the NS records of %s, and the addresses that its referral "
	         "needs, have %" PRIu64 " bytes; a message has room for %zu: such an answer fails "
	         "(rule G12)", steer_type_text(touched->type, type), name, bytes, room);
	steer_record_warn(&at, text, search->options);
}

/*! Looks at the referral that a name is a part of; those of one delegation come in a row. */
static int look_at_referral(search_t *search, const steer_search_start_t *touched)
{
	steer_referral_t referral;
	int ret = steer_referral_find(&referral, &search->graph.lookup, touched->name);
	if (ret == STEER_ENOENT || ret == STEER_EDAMAGED) {
		return STEER_OK; // A damaged one refers to nothing.
	}
	if (ret == STEER_OK && referral.place.node != search->referred) {
		search->referred = referral.place.node;
		uint64_t bytes = steer_referral_bytes(&referral);
		size_t room = steer_message_room(steer_name_len(steer_referral_owner(&referral)));
		if (bytes > room) {
			warn_of_referral(search, touched, &referral, bytes, room);
		}
	}
	return ret;
}

/*! Searches from all that was noted. The search from below a name can note more such names. */
static int search_all(search_t *search)
{
	const steer_alias_check_t *alias_check = search->alias_check;
	uint32_t at;
	int ret = STEER_OK;
	for (size_t i = 0; i < alias_check->list[STEER_FROM_ALIAS].count && ret == STEER_OK; i++) {
		ret = search_alias(search, &alias_check->list[STEER_FROM_ALIAS].touched[i]);
	}
	for (size_t i = 0; i < alias_check->list[STEER_FROM_NAME].count && ret == STEER_OK; i++) {
		const steer_search_start_t *touched = &alias_check->list[STEER_FROM_NAME].touched[i];
		ret = search_from(search, touched, touched->name, 0, &at);
	}
	for (size_t i = 0; i < alias_check->list[STEER_FROM_BELOW].count && ret == STEER_OK; i++) {
		const steer_search_start_t touched = alias_check->list[STEER_FROM_BELOW].touched[i];
		if (!is_inside_searched(alias_check, touched.name)) {
			ret = search_below(search, &touched);
		}
	}
	for (size_t i = 0; i < alias_check->list[STEER_FROM_REFERRAL].count && ret == STEER_OK; i++) {
		ret = look_at_referral(search, &alias_check->list[STEER_FROM_REFERRAL].touched[i]);
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
