/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "store/change/touched_names.h"

static int damaged(work_t *work, const uint8_t *key, size_t len)
{
	const steer_change_record_t at = { .key = key, .key_len = len };
	return steer_record_fault(&at, STEER_EDAMAGED,
	                          "the stored node is damaged: restore a backup, or delete the name if "
	                          "it lies in one zone alone", work->fault);
}

int steer_touched_names_node(work_t *work, const uint8_t *key, size_t len, steer_node_t *node)
{
	if (work->range_empty) {
		return STEER_ENOENT;
	}
	MDB_val value;
	int ret = steer_write_get(work->job->write, STEER_DB_NODES, key, len, &value);
	if (ret != STEER_OK) {
		return ret;
	}
	return steer_node_open(node, value.mv_data, value.mv_size) == STEER_OK ? STEER_OK
	       : damaged(work, key, len);
}

/*! Finds out whether no other zone, around or inside this one, can have a part in a node. */
static int is_of_this_zone(work_t *work, const uint8_t *bytes, size_t len, bool *alone)
{
	steer_key_t key;
	*alone = false;
	if (steer_key_from_bytes(&key, bytes, len) != STEER_OK) {
		return STEER_OK;
	}
	for (unsigned labels = 0; labels <= key.labels; labels++) {
		if (labels == apex_labels(work)) {
			continue;
		}
		MDB_val value;
		int ret = steer_write_get(work->job->write, STEER_DB_ZONES, key.bytes, key.end[labels],
		                          &value);
		if (ret != STEER_ENOENT) {
			return ret;
		}
	}
	*alone = true;
	return STEER_OK;
}

/*! Whether the change set gives all that a name will have. */
static bool is_given_anew(const steer_zone_job_t *job, const steer_change_record_t *records,
                          size_t count)
{
	if (job->full && !job->empty) {
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		if (records[i].kind == STEER_CHANGE_REMOVAL && records[i].type == 0) {
			return true;
		}
	}
	return false;
}

int steer_touched_names_node_or_lost(work_t *work, const uint8_t *key, size_t len,
                                     const steer_change_record_t *records, size_t count,
                                     steer_node_t *node, bool *lost)
{
	int ret = steer_touched_names_node(work, key, len, node);
	*lost = false;
	if (ret != STEER_EDAMAGED || !is_given_anew(work->job, records, count)) {
		return ret;
	}
	int other = is_of_this_zone(work, key, len, lost);
	if (other != STEER_OK) {
		return other;
	}
	return *lost ? STEER_ENOENT : ret;
}

static bool is_prefix(const uint8_t *prefix, size_t prefix_len, const uint8_t *key, size_t len)
{
	return prefix_len <= len && memcmp(prefix, key, prefix_len) == 0;
}

static int push(work_t *work, const uint8_t *key, size_t len, unsigned labels)
{
	if (work->count == work->room) {
		size_t room = work->room == 0 ? 64 : 2 * work->room;
		touched_name_t *names =
			room > UINT32_MAX ? NULL : realloc(work->names, room * sizeof(*names));
		if (names == NULL) {
			return steer_no_memory(work->fault);
		}
		work->names = names;
		work->room = room;
	}
	work->names[work->count] = (touched_name_t) {
		.key = key, .key_len = len, .labels = labels,
		.parent = work->depth == 0 ? NO_PARENT : work->stack[work->depth - 1],
	};
	work->stack[work->depth++] = work->count++;
	return STEER_OK;
}

/*!
 * Adds a name, and its ancestors that have not been added yet.
 *
 * \param[in] bytes  Key, borrowed. Keys must come in order; the last one may come again.
 */
static int add_name(work_t *work, const uint8_t *bytes, size_t len)
{
	while (work->depth > 0) {
		const touched_name_t *top = &work->names[work->stack[work->depth - 1]];
		if (is_prefix(top->key, top->key_len, bytes, len)) {
			if (top->key_len == len) {
				return STEER_OK;
			}
			break;
		}
		work->depth--;
	}

	steer_key_t key;
	if (steer_key_from_bytes(&key, bytes, len) != STEER_OK) {
		return damaged(work, bytes, len);
	}
	for (unsigned labels = apex_labels(work) + work->depth; labels <= key.labels; labels++) {
		int ret = push(work, bytes, key.end[labels], labels);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
}

/*! A walk over the stored names of the zone at and below a key. */
typedef struct {
	MDB_cursor *cursor;
	const uint8_t *top;
	size_t top_len;
	MDB_val key;
	bool end;
} walk_t;

/*! Moves to the first name of the zone among the pairs that a cursor comes to. */
static int walk_settle(work_t *work, walk_t *walk, MDB_cursor_op op)
{
	for (;; op = MDB_NEXT) {
		MDB_val value;
		int err = steer_pair_get(walk->cursor, &walk->key, &value, op);
		if (err != MDB_SUCCESS && err != MDB_NOTFOUND) {
			return steer_store_fault(work->job->write->store, "walk", err, work->fault);
		}
		walk->end = err == MDB_NOTFOUND ||
		            !is_prefix(walk->top, walk->top_len, walk->key.mv_data, walk->key.mv_size);
		if (walk->end) {
			return STEER_OK;
		}
		steer_node_t node;
		steer_face_t face;
		if (steer_node_open(&node, value.mv_data, value.mv_size) != STEER_OK) {
			bool alone;
			int ret = is_of_this_zone(work, walk->key.mv_data, walk->key.mv_size, &alone);
			if (ret != STEER_OK || alone) {
				return ret;
			}
			return damaged(work, walk->key.mv_data, walk->key.mv_size);
		}
		if (steer_node_face(&node, apex_labels(work), &face)) {
			return STEER_OK;
		}
	}
}

static int walk_begin(work_t *work, walk_t *walk, const uint8_t *top, size_t top_len)
{
	*walk = (walk_t) { .top = top, .top_len = top_len,
	                   .key = { .mv_data = (void *)top, .mv_size = top_len } };
	const steer_write_t *write = work->job->write;
	int err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_NODES], &walk->cursor);
	if (err != MDB_SUCCESS) {
		return steer_store_fault(write->store, "walk", err, work->fault);
	}
	return walk_settle(work, walk, MDB_SET_RANGE);
}

/*! Adds the stored names before a key (NULL: all the rest). */
static int walk_until(work_t *work, walk_t *walk, const uint8_t *key, size_t len)
{
	while (!walk->end && (key == NULL ||
	       steer_key_cmp(walk->key.mv_data, walk->key.mv_size, key, len) < 0)) {
		uint8_t *copy = steer_arena_alloc(&work->arena, walk->key.mv_size);
		if (copy == NULL) {
			return steer_no_memory(work->fault);
		}
		memcpy(copy, walk->key.mv_data, walk->key.mv_size);
		int ret = add_name(work, copy, walk->key.mv_size);
		if (ret == STEER_OK) {
			ret = walk_settle(work, walk, MDB_NEXT);
		}
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
}

/*! Finds out whether the change set adds a delegation at a name, or removes one. */
static int cut_changes(work_t *work, const steer_change_record_t *records, size_t count,
                       bool *changes)
{
	bool named = false, adds = false, had = false;
	for (size_t i = 0; i < count; i++) {
		const steer_change_record_t *record = &records[i];
		named = named || record->type == TYPE_NS || record->type == 0;
		adds = adds || (record->kind != STEER_CHANGE_REMOVAL && record->type == TYPE_NS);
	}
	if (!named || records->key_len == work->job->apex->len) {
		*changes = false;
		return STEER_OK;
	}
	steer_node_t node;
	steer_face_t face;
	steer_group_t group;
	bool lost;
	int ret = steer_touched_names_node_or_lost(work, records->key, records->key_len, records, count,
	                                           &node, &lost);
	if (lost) { // It may have been a delegation.
		*changes = true;
		return STEER_OK;
	}
	if (ret == STEER_OK) {
		had = steer_node_face(&node, apex_labels(work), &face) &&
		      steer_face_group(&face, TYPE_NS, &group);
	} else if (ret != STEER_ENOENT) {
		return ret;
	}
	*changes = adds != had;
	return STEER_OK;
}

size_t steer_touched_names_same_owner(const steer_change_record_t *records, size_t count)
{
	size_t end = 1;
	while (end < count && steer_records_have_one_owner(&records[end], &records[0])) {
		end++;
	}
	return end;
}

/*! Adds the names of a change set that does not give the whole zone. */
static int collect_some(work_t *work)
{
	const steer_change_zone_t *change = work->job->change;
	int ret;
	walk_t walk = { .end = true };
	for (size_t i = 0, end; i < change->count; i = end) {
		const steer_change_record_t *records = &change->records[i];
		end = i + steer_touched_names_same_owner(records, change->count - i);
		ret = walk_until(work, &walk, records->key, records->key_len);
		if (ret != STEER_OK) {
			goto done;
		}
		ret = add_name(work, records->key, records->key_len);
		if (ret != STEER_OK) {
			goto done;
		}
		if (!walk.end) {
			continue; // In a subtree that is being walked, all names are added anyway.
		}
		bool changes;
		ret = cut_changes(work, records, end - i, &changes);
		if (ret == STEER_OK && changes) {
			mdb_cursor_close(walk.cursor);
			ret = walk_begin(work, &walk, records->key, records->key_len);
		}
		if (ret != STEER_OK) {
			goto done;
		}
	}
	ret = walk_until(work, &walk, NULL, 0);
done:
	mdb_cursor_close(walk.cursor);
	return ret;
}

/*! Adds all names of the zone, stored or in the change set. */
static int collect_all(work_t *work)
{
	const steer_change_zone_t *change = work->job->change;
	size_t count = change != NULL ? change->count : 0;
	walk_t walk;
	int ret = walk_begin(work, &walk, work->job->apex->bytes, work->job->apex->len);
	if (ret != STEER_OK) {
		goto done;
	}
	for (size_t i = 0, end; i < count; i = end) {
		const steer_change_record_t *records = &change->records[i];
		end = i + steer_touched_names_same_owner(records, count - i);
		ret = walk_until(work, &walk, records->key, records->key_len);
		if (ret == STEER_OK) {
			ret = add_name(work, records->key, records->key_len);
		}
		if (ret != STEER_OK) {
			goto done;
		}
	}
	ret = walk_until(work, &walk, NULL, 0);
done:
	mdb_cursor_close(walk.cursor);
	return ret;
}

/*! Finds out whether any node is stored at or below the apex. */
static int look_at_range(work_t *work)
{
	const steer_zone_job_t *job = work->job;
	const steer_write_t *write = job->write;
	MDB_cursor *cursor = NULL;
	MDB_val key = { job->apex->len, (void *)job->apex->bytes }, value;
	int err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_NODES], &cursor);
	if (err == MDB_SUCCESS) {
		err = steer_pair_get(cursor, &key, &value, MDB_SET_RANGE);
		work->range_empty = err == MDB_NOTFOUND || (err == MDB_SUCCESS &&
		        !is_prefix(job->apex->bytes, job->apex->len, key.mv_data, key.mv_size));
	}
	mdb_cursor_close(cursor);
	return err == MDB_SUCCESS || err == MDB_NOTFOUND ? STEER_OK
	       : steer_store_fault(write->store, "walk", err, work->fault);
}

int steer_touched_names_collect(work_t *work)
{
	const steer_zone_job_t *job = work->job;
	int ret = look_at_range(work);
	if (ret == STEER_OK) {
		ret = add_name(work, job->apex->bytes, job->apex->len);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	if (job->full || job->all) {
		return collect_all(work);
	}
	if (job->change != NULL) {
		return collect_some(work);
	}
	for (size_t i = 0; i < job->hosted_count && ret == STEER_OK; i++) {
		ret = add_name(work, job->hosted[i].apex.bytes, job->hosted[i].apex.len);
	}
	return ret;
}
