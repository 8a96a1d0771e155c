/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "store/handles.h"

struct steer_cursor {
	MDB_cursor *cursor;
	steer_store_t *store;
	bool survives;
	size_t last_len;                /*!< Of the last key, in one that survives. */
	uint8_t last[STEER_KEY_MAX];
};

int steer_reader_open(steer_reader_t **reader, steer_store_t *store, enum steer_env env,
                      steer_fault_t *fault)
{
	if (store->env[env] == NULL) {
		return steer_fault(fault, STEER_ENOENT, "%s: has no %s", store->dir, steer_env_name[env]);
	}
	steer_reader_t *open = calloc(1, sizeof(*open));
	if (open == NULL) {
		return steer_no_memory(fault);
	}
	open->store = store;
	open->env = env;
	int err = mdb_txn_begin(store->env[env], NULL, MDB_RDONLY, &open->txn);
	if (err != MDB_SUCCESS) {
		free(open);
		return steer_store_fault(store, "reader", err, fault);
	}
	if (env == STEER_ENV_RECORDS) {
		err = mdb_cursor_open(open->txn, store->dbi[STEER_DB_NODES], &open->nodes);
		if (err != MDB_SUCCESS) {
			steer_reader_close(open);
			return steer_store_fault(store, "reader", err, fault);
		}
	}
	mdb_txn_reset(open->txn);
	*reader = open;
	return STEER_OK;
}

/*! Renews a transaction. \retval STEER_OK, STEER_EIO, STEER_ESPACE */
static int renew(MDB_txn *txn)
{
	mdb_txn_reset(txn);
	switch (mdb_txn_renew(txn)) {
	case MDB_SUCCESS:
		return STEER_OK;
	case MDB_MAP_RESIZED:
		return STEER_ESPACE;
	default:
		return STEER_EIO;
	}
}

int steer_reader_renew(steer_reader_t *reader, uint64_t *id)
{
	int ret = renew(reader->txn);
	if (ret != STEER_OK) {
		return ret;
	}
	// A named database is looked up when it is first used after a renewal: here, not in a query.
	for (int db = 0; db < STEER_DBS; db++) {
		MDB_stat st;
		if (steer_db_env[db] == reader->env &&
		    mdb_stat(reader->txn, reader->store->dbi[db], &st) != MDB_SUCCESS) {
			return STEER_EIO;
		}
	}
	if (reader->nodes != NULL && mdb_cursor_renew(reader->txn, reader->nodes) != MDB_SUCCESS) {
		return STEER_EIO;
	}
	*id = mdb_txn_id(reader->txn);
	return STEER_OK;
}

int steer_reader_peek(steer_reader_t *reader, uint64_t *id)
{
	int ret = renew(reader->txn);
	if (ret == STEER_OK) {
		*id = mdb_txn_id(reader->txn);
		mdb_txn_reset(reader->txn);
	}
	return ret;
}

int steer_reader_check(const steer_reader_t *reader, steer_fault_t *fault)
{
	const void *value;
	size_t len;
	uint32_t version = 0;
	int ret = steer_reader_get(reader, STEER_DB_META, STEER_META_VERSION,
	                           strlen(STEER_META_VERSION), &value, &len);
	if (ret == STEER_OK && len == sizeof(version)) {
		memcpy(&version, value, len);
		version = steer_le_u32(version);
	}
	return version >= 1 && version <= STEER_STORE_VERSION ? STEER_OK
	       : steer_fault(fault, STEER_EVERSION,
	                     "%s: store of version %u, this program knows 1 to %u",
	                     reader->store->dir, version, STEER_STORE_VERSION);
}

void steer_reader_reset(steer_reader_t *reader)
{
	mdb_txn_reset(reader->txn);
}

void steer_reader_close(steer_reader_t *reader)
{
	if (reader != NULL) {
		if (reader->nodes != NULL) {
			mdb_cursor_close(reader->nodes);
		}
		mdb_txn_abort(reader->txn);
		free(reader);
	}
}

static int code(int err)
{
	switch (err) {
	case MDB_SUCCESS:
		return STEER_OK;
	case MDB_NOTFOUND:
		return STEER_ENOENT;
	default:
		return STEER_EIO;
	}
}

int steer_reader_get(const steer_reader_t *reader, enum steer_db db, const void *key, size_t len,
                     const void **value, size_t *value_len)
{
	MDB_val k = { len, (void *)key }, v;
	int err = mdb_get(reader->txn, reader->store->dbi[db], &k, &v);
	if (err == MDB_SUCCESS) {
		*value = v.mv_data;
		*value_len = v.mv_size;
	}
	return code(err);
}

uint64_t steer_reader_entries(const steer_reader_t *reader, enum steer_db db)
{
	MDB_stat stat;
	int err = mdb_stat(reader->txn, reader->store->dbi[db], &stat);
	return err == MDB_SUCCESS ? stat.ms_entries : 0;
}

uint64_t steer_reader_number(const steer_reader_t *reader, const char *entry)
{
	const void *value;
	size_t len;
	uint64_t number = 0;
	if (steer_reader_get(reader, STEER_DB_META, entry, strlen(entry), &value, &len) == STEER_OK &&
	    len == sizeof(number)) {
		memcpy(&number, value, len);
	}
	return steer_le_u64(number);
}

int steer_reader_find(steer_reader_t *reader, const void *key, size_t len, steer_pair_t *pair)
{
	MDB_val k = { len, (void *)key }, v;
	int err = mdb_cursor_get(reader->nodes, &k, &v, MDB_SET_KEY);
	if (err == MDB_SUCCESS) {
		pair->key = k.mv_data;
		pair->key_len = k.mv_size;
		pair->value = v.mv_data;
		pair->value_len = v.mv_size;
	}
	return code(err);
}

int steer_pair_get(MDB_cursor *cursor, MDB_val *key, MDB_val *value, MDB_cursor_op op)
{
	// LMDB takes a page of all ones for a kind of page that has only keys, and sets no value.
	*value = (MDB_val) { 0 };
	int err = mdb_cursor_get(cursor, key, value, op);
	return err == MDB_SUCCESS && value->mv_data == NULL ? MDB_CORRUPTED : err;
}

int steer_cursor_open(steer_cursor_t **cursor, const steer_reader_t *reader, enum steer_db db)
{
	steer_cursor_t *open = malloc(sizeof(*open));
	if (open == NULL) {
		return STEER_ENOMEM;
	}
	int err = mdb_cursor_open(reader->txn, reader->store->dbi[db], &open->cursor);
	if (err != MDB_SUCCESS) {
		free(open);
		return code(err);
	}
	open->store = reader->store;
	open->survives = false;
	open->last_len = 0;
	*cursor = open;
	return STEER_OK;
}

void steer_cursor_survive(steer_cursor_t *cursor)
{
	cursor->survives = true;
}

/*! Whether a key is after the last one, or not before the one that was sought. */
static bool is_in_order(steer_cursor_t *cursor, const MDB_val *key, MDB_cursor_op op)
{
	size_t len = key->mv_size < cursor->last_len ? key->mv_size : cursor->last_len;
	int order = memcmp(key->mv_data, cursor->last, len);
	if (order == 0) {
		order = (key->mv_size > cursor->last_len) - (key->mv_size < cursor->last_len);
	}
	if (order < (op == MDB_NEXT) || key->mv_size > sizeof(cursor->last)) {
		return false;
	}
	memcpy(cursor->last, key->mv_data, key->mv_size);
	cursor->last_len = key->mv_size;
	return true;
}

/*! As steer_pair_get(), but survives damaged pages. It comes to an end, since keys must rise. */
static int get_surviving(steer_cursor_t *cursor, MDB_val *key, MDB_val *value, MDB_cursor_op op)
{
	jmp_buf here;
	volatile int err = MDB_CORRUPTED;
	cursor->store->rescue = &here;
	if (setjmp(here) == 0) {
		err = steer_pair_get(cursor->cursor, key, value, op);
	}
	cursor->store->rescue = NULL;
	return err == MDB_SUCCESS && !is_in_order(cursor, key, op) ? MDB_CORRUPTED : err;
}

static int move(steer_cursor_t *cursor, MDB_val key, MDB_cursor_op op, steer_pair_t *pair)
{
	MDB_val value;
	int err = cursor->survives ? get_surviving(cursor, &key, &value, op)
	                           : steer_pair_get(cursor->cursor, &key, &value, op);
	if (err == MDB_SUCCESS) {
		*pair = (steer_pair_t) {
			.key = key.mv_data, .key_len = key.mv_size,
			.value = value.mv_data, .value_len = value.mv_size,
		};
	}
	return code(err);
}

int steer_cursor_seek(steer_cursor_t *cursor, const void *key, size_t len, steer_pair_t *pair)
{
	MDB_val k = { len, (void *)key };
	if (cursor->survives) {
		memcpy(cursor->last, key, len);
		cursor->last_len = len;
	}
	return move(cursor, k, len == 0 ? MDB_FIRST : MDB_SET_RANGE, pair);
}

int steer_cursor_next(steer_cursor_t *cursor, steer_pair_t *pair)
{
	return move(cursor, (MDB_val) { 0 }, MDB_NEXT, pair);
}

int steer_cursor_last(steer_cursor_t *cursor, steer_pair_t *pair)
{
	return move(cursor, (MDB_val) { 0 }, MDB_LAST, pair);
}

int steer_cursor_previous(steer_cursor_t *cursor, steer_pair_t *pair)
{
	return move(cursor, (MDB_val) { 0 }, MDB_PREV, pair);
}

void steer_cursor_close(steer_cursor_t *cursor)
{
	if (cursor != NULL) {
		mdb_cursor_close(cursor->cursor);
		free(cursor);
	}
}
