/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/change/uses_write.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/external_answer.h"
#include "store/uses.h"

struct steer_use {
	steer_use_t *next;
	int64_t difference;
	size_t len;
	const uint8_t *key; /*!< In USES. */
};

static int compare(const void *a, const void *b)
{
	const steer_use_t *left = a, *right = b;
	return steer_key_cmp(left->key, left->len, right->key, right->len);
}

/*! Finds the use with the key of another one, which is added if it is new. NULL: out of memory. */
static steer_use_t *find(steer_uses_change_t *uses, const steer_use_t *like)
{
	steer_use_t *const *found = tfind(like, &uses->tree, compare);
	if (found != NULL) {
		return *found;
	}
	steer_use_t *use = malloc(sizeof(*use) + like->len);
	if (use == NULL) {
		return NULL;
	}
	*use = *like;
	use->key = memcpy(use + 1, like->key, like->len);
	if (tsearch(use, &uses->tree, compare) == NULL) {
		free(use);
		return NULL;
	}
	use->next = uses->first;
	uses->first = use;
	return use;
}

static void add(steer_uses_change_t *uses, const uint8_t *key, size_t len, int difference)
{
	steer_use_t *use = find(uses, &(steer_use_t) { .key = key, .len = len });
	if (use == NULL) {
		uses->no_memory = true;
		return;
	}
	use->difference += difference;
}

static void count_check(steer_uses_change_t *uses, const char *id, int difference)
{
	uint8_t key[1 + STEER_CHECK_ID_MAX] = { STEER_USES_CHECK };
	size_t len = strlen(id);
	memcpy(key + 1, id, len);
	add(uses, key, 1 + len, difference);
}

static void count_target(steer_uses_change_t *uses, uint16_t type, const uint8_t *target,
                         int difference)
{
	steer_key_t name;
	uint8_t key[STEER_EXTERNAL_KEY_MAX];
	steer_key_from_name(&name, target);
	add(uses, key, steer_external_answer_key(key, type, &name), difference);
}

void steer_uses_count(steer_uses_change_t *uses, const steer_group_t *group, int difference)
{
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		char id[STEER_CHECK_ID_MAX + 1];
		steer_group_set(group, i, &set);
		if (steer_set_health(&set, id)) {
			count_check(uses, id, difference);
		}
		if (set.alias) {
			count_target(uses, group->type, set.body, difference);
		}
	}
}

/*! Adds a difference to what is stored. \retval STEER_EDAMAGED  That cannot be right. */
static int put(steer_write_t *write, const steer_use_t *use)
{
	MDB_val value;
	uint64_t count = 0;
	int ret = steer_write_get(write, STEER_DB_USES, use->key, use->len, &value);
	if (ret == STEER_OK) {
		ret = steer_uses_open(&count, value.mv_data, value.mv_size);
	}
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	if (use->difference < 0 && count < (uint64_t)-use->difference) {
		return STEER_EDAMAGED;
	}
	count += use->difference;
	if (count == 0) {
		return steer_write_del(write, STEER_DB_USES, use->key, use->len);
	}
	count = steer_le_u64(count);
	return steer_write_put(write, STEER_DB_USES, use->key, use->len, &count, sizeof(count));
}

static int put_all(steer_write_t *write)
{
	int ret = write->uses.no_memory ? steer_no_memory(write->fault) : STEER_OK;
	for (const steer_use_t *use = write->uses.first; use != NULL && ret == STEER_OK;
	     use = use->next) {
		ret = use->difference != 0 ? put(write, use) : STEER_OK;
	}
	return ret;
}

static void count_node(steer_uses_change_t *uses, const MDB_val *value)
{
	steer_node_t node;
	if (steer_node_open(&node, value->mv_data, value->mv_size) != STEER_OK) {
		return; // When it is made anew, all are counted again.
	}
	for (unsigned i = 0; i < steer_node_faces(&node); i++) {
		steer_face_t face;
		steer_node_face_at(&node, i, &face);
		for (unsigned k = 0; k < face.count; k++) {
			steer_group_t group;
			steer_face_group_at(&face, k, &group);
			steer_uses_count(uses, &group, 1);
		}
	}
}

/*! Forgets what was counted, here and in the store, and counts all nodes. */
static int count_all(steer_write_t *write)
{
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	steer_uses_free(&write->uses);
	int err = mdb_drop(write->txn, write->store->dbi[STEER_DB_USES], 0);
	if (err == MDB_SUCCESS) {
		err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_NODES], &cursor);
	}
	for (MDB_cursor_op op = MDB_FIRST; err == MDB_SUCCESS; op = MDB_NEXT) {
		err = steer_pair_get(cursor, &key, &value, op);
		if (err == MDB_SUCCESS) {
			count_node(&write->uses, &value);
		}
	}
	mdb_cursor_close(cursor);
	return err == MDB_NOTFOUND ? STEER_OK
	       : steer_store_fault(write->store, "count", err, write->fault);
}

int steer_uses_put(steer_write_t *write)
{
	int ret = write->uses.anew ? STEER_EDAMAGED : put_all(write);
	if (ret == STEER_EDAMAGED) {
		ret = count_all(write);
		return ret == STEER_OK ? put_all(write) : ret;
	}
	return ret;
}

void steer_uses_free(steer_uses_change_t *uses)
{
	tdestroy(uses->tree, free);
	*uses = (steer_uses_change_t) { .first = NULL };
}
