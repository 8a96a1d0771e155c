/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/change/write.h"

int steer_write_get(steer_write_t *write, enum steer_db db, const void *key, size_t len,
                    MDB_val *value)
{
	MDB_val k = { len, (void *)key };
	int err = mdb_get(write->txn, write->store->dbi[db], &k, value);
	if (err == MDB_NOTFOUND) {
		return STEER_ENOENT;
	}
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(write->store, "get", err, write->fault);
}

int steer_write_put(steer_write_t *write, enum steer_db db, const void *key, size_t len,
                    const void *value, size_t value_len)
{
	MDB_val k = { len, (void *)key }, v = { value_len, (void *)value };
	write->checked = write->checked || db == STEER_DB_CHECKS;
	int err = mdb_put(write->txn, write->store->dbi[db], &k, &v, 0);
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(write->store, "put", err, write->fault);
}

int steer_write_append(steer_write_t *write, MDB_cursor *end, const void *key, size_t len,
                       const void *value, size_t value_len)
{
	MDB_val k = { len, (void *)key }, v = { value_len, (void *)value };
	int err = mdb_cursor_put(end, &k, &v, MDB_APPEND);
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(write->store, "put", err, write->fault);
}

int steer_write_del(steer_write_t *write, enum steer_db db, const void *key, size_t len)
{
	MDB_val k = { len, (void *)key };
	int err = mdb_del(write->txn, write->store->dbi[db], &k, NULL);
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(write->store, "delete", err, write->fault);
}
