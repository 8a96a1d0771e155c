/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/status_note.h"

#include <string.h>

uint64_t steer_status_note_open(const void *value, size_t len)
{
	uint64_t read = 0;
	if (len == sizeof(read)) {
		memcpy(&read, value, sizeof(read));
	}
	return steer_le_u64(read);
}

int steer_status_noted(const steer_store_t *store, MDB_txn *status, uint8_t kind, uint64_t *noted)
{
	MDB_val key = { sizeof(kind), &kind }, value;
	int err = mdb_get(status, store->dbi[STEER_DB_STATUS], &key, &value);
	*noted = err == MDB_SUCCESS ? steer_status_note_open(value.mv_data, value.mv_size) : 0;
	return err == MDB_NOTFOUND ? MDB_SUCCESS : err;
}

int steer_status_note(const steer_store_t *store, MDB_txn *status, uint8_t kind, uint64_t note)
{
	note = steer_le_u64(note);
	MDB_val key = { sizeof(kind), &kind }, value = { sizeof(note), &note };
	return mdb_put(status, store->dbi[STEER_DB_STATUS], &key, &value, 0);
}
