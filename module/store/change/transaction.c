/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "store/change/apexes_write.h"
#include "store/change/log_write.h"
#include "store/change/transaction.h"
#include "store/change/uses_write.h"
#include "store/status_note.h"
#include "store/status_write.h"

/*! Finds an entry of META, which every store has. */
static int meta_find(steer_write_t *write, const char *name, size_t size, MDB_val *value)
{
	int ret = steer_write_get(write, STEER_DB_META, name, strlen(name), value);
	return ret == STEER_OK && value->mv_size == size ? STEER_OK
	       : steer_fault(write->fault, STEER_EDAMAGED, "%s: damaged entry '%s'", write->store->dir,
	                     name);
}

/*! Reads which change set is the last one. */
static int read_last(steer_write_t *write)
{
	MDB_val value;
	int ret = meta_find(write, STEER_META_SEQUENCE, sizeof(write->sequence), &value);
	if (ret != STEER_OK) {
		return ret;
	}
	memcpy(&write->sequence, value.mv_data, sizeof(write->sequence));
	write->sequence = steer_le_u64(write->sequence) + 1;
	ret = meta_find(write, STEER_META_CHAIN, STEER_LOG_CHAIN_SIZE, &value);
	if (ret != STEER_OK) {
		return ret;
	}
	write->chain = steer_log_chain_read(value.mv_data);
	return STEER_OK;
}

int steer_write_begin(steer_write_t *write, steer_store_t *store, steer_fault_t *fault)
{
	*write = (steer_write_t) { .store = store, .fault = fault };
	int err = steer_txn_begin(store->env[STEER_ENV_RECORDS], &write->txn);
	if (err != MDB_SUCCESS) {
		return steer_store_fault(store, "begin", err, fault);
	}
	int ret = read_last(write);
	if (ret != STEER_OK) {
		steer_write_abort(write);
	}
	return ret;
}

int steer_write_status(steer_write_t *write)
{
	if (write->status != NULL) {
		return STEER_OK;
	}
	bool changed;
	int err = steer_txn_begin(write->store->env[STEER_ENV_STATUS], &write->status);
	return err == MDB_SUCCESS
	       ? steer_status_follow(write->store, write->status, &changed, write->fault)
	       : steer_store_fault(write->store, "status", err, write->fault);
}

/*! Notes in both environments the last change set with states. */
static int note_states(steer_write_t *write)
{
	uint64_t sequence = steer_le_u64(write->sequence);
	int ret = steer_write_put(write, STEER_DB_META, STEER_META_STATED, strlen(STEER_META_STATED),
	                          &sequence, sizeof(sequence));
	if (ret != STEER_OK) {
		return ret;
	}
	if (write->ahead) {
		return STEER_OK;
	}
	int err = steer_status_note(write->store, write->status, STEER_STATUS_STATED, write->sequence);
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(write->store, "status", err, write->fault);
}

static int commit_both(steer_write_t *write)
{
	int err = steer_txn_commit(write->txn);
	write->txn = NULL; // Commit ends the transaction whether or not it succeeds.
	if (err != MDB_SUCCESS) {
		return steer_store_fault(write->store, "commit", err, write->fault);
	}
	if (write->status != NULL) {
		err = steer_txn_commit(write->status);
		write->status = NULL;
	}
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(write->store, "status", err, write->fault);
}

int steer_write_commit(steer_write_t *write)
{
	uint64_t sequence = steer_le_u64(write->sequence);
	uint8_t chain[STEER_LOG_CHAIN_SIZE];
	steer_log_chain_write(chain, &write->chain);
	int ret = steer_write_put(write, STEER_DB_META, STEER_META_SEQUENCE,
	                          strlen(STEER_META_SEQUENCE), &sequence, sizeof(sequence));
	if (ret != STEER_OK) {
		goto done;
	}
	ret = steer_write_put(write, STEER_DB_META, STEER_META_CHAIN, strlen(STEER_META_CHAIN), chain,
	                      sizeof(chain));
	if (ret != STEER_OK) {
		goto done;
	}
	ret = steer_apexes_put(write);
	if (ret != STEER_OK) {
		goto done;
	}
	ret = steer_uses_put(write);
	if (ret != STEER_OK) {
		goto done;
	}
	if (write->checked) {
		ret = steer_write_put(write, STEER_DB_META, STEER_META_CHECKED,
		                      strlen(STEER_META_CHECKED), &sequence, sizeof(sequence));
		if (ret != STEER_OK) {
			goto done;
		}
	}
	if (write->stated) {
		ret = note_states(write);
		if (ret != STEER_OK) {
			goto done;
		}
	}
	ret = commit_both(write);
done:
	steer_write_abort(write);
	if (ret == STEER_OK) {
		steer_store_ring(write->store);
	}
	return ret;
}

void steer_write_abort(steer_write_t *write)
{
	steer_txn_abort(write->status);
	steer_txn_abort(write->txn);
	write->status = write->txn = NULL;
	steer_apexes_free(&write->apexes);
	steer_uses_free(&write->uses);
	steer_log_free(&write->log);
}
