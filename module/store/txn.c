/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Write transactions. LMDB does not say who holds its write lock, so the holder notes that: a read
 * lock on the first byte of the data file, whose process the kernel knows. Such a lock keeps nobody
 * out, ends with its process, and LMDB itself has none there.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/handles.h"

/*! How often steer_env_advance() commits: so many records of one page list 16,000 free pages. */
#define ADVANCE 32

static steer_waiting_f waiting;
static volatile int waited_for = -1; /*!< Data file of the environment that is waited for. */

void steer_store_on_waiting(steer_waiting_f call)
{
	waiting = call;
}

static struct flock note(short type)
{
	return (struct flock) { .l_type = type, .l_whence = SEEK_SET, .l_len = 1 };
}

/*! Makes or removes the note. If that fails, others just learn less. */
static void put_note(MDB_env *env, short type)
{
	int fd;
	const struct flock lock = note(type);
	if (mdb_env_get_fd(env, &fd) == MDB_SUCCESS) {
		(void)fcntl(fd, F_SETLK, &lock);
	}
}

pid_t steer_store_writer(void)
{
	struct flock lock = note(F_WRLCK); // This would conflict with a note.
	int fd = waited_for;
	return fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? lock.l_pid : 0;
}

static int begin_waiting(MDB_env *env, MDB_txn **txn)
{
	int fd;
	waited_for = mdb_env_get_fd(env, &fd) == MDB_SUCCESS ? fd : -1;
	waiting(true);
	int err = mdb_txn_begin(env, NULL, 0, txn);
	waiting(false);
	waited_for = -1;
	return err;
}

int steer_txn_begin(MDB_env *env, MDB_txn **txn)
{
	int err = waiting != NULL ? begin_waiting(env, txn) : mdb_txn_begin(env, NULL, 0, txn);
	if (err == MDB_SUCCESS) {
		put_note(env, F_RDLCK);
	}
	return err;
}

int steer_txn_commit(MDB_txn *txn)
{
	MDB_env *env = mdb_txn_env(txn);
	int err = mdb_txn_commit(txn);
	put_note(env, F_UNLCK);
	return err;
}

void steer_txn_abort(MDB_txn *txn)
{
	if (txn != NULL) {
		MDB_env *env = mdb_txn_env(txn);
		mdb_txn_abort(txn);
		put_note(env, F_UNLCK);
	}
}

/*! Writes an entry as it is. */
static int put_again(MDB_txn *txn)
{
	uint32_t version;
	MDB_dbi meta;
	MDB_val key = { strlen(STEER_META_VERSION), STEER_META_VERSION }, value;
	int err = mdb_dbi_open(txn, steer_db_name[STEER_DB_META], 0, &meta);
	if (err == MDB_SUCCESS) {
		err = mdb_get(txn, meta, &key, &value);
	}
	if (err != MDB_SUCCESS || value.mv_size != sizeof(version)) {
		return err;
	}
	memcpy(&version, value.mv_data, sizeof(version));
	value.mv_data = &version;
	return mdb_put(txn, meta, &key, &value, 0);
}

int steer_env_advance(MDB_env *env)
{
	int err = MDB_SUCCESS;
	for (int i = 0; i < ADVANCE && err == MDB_SUCCESS; i++) {
		MDB_txn *txn = NULL;
		err = mdb_txn_begin(env, NULL, 0, &txn);
		if (err == MDB_SUCCESS) {
			err = put_again(txn);
		}
		if (err == MDB_SUCCESS) {
			err = mdb_txn_commit(txn);
		} else {
			mdb_txn_abort(txn);
		}
	}
	return err == MDB_SUCCESS ? mdb_env_sync(env, 1) : err;
}
