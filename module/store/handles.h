/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief An open store: its handles of LMDB, and what a write transaction begins and ends with.
 *
 * For this room alone.
 */
#pragma once

#include <lmdb.h>
#include <setjmp.h>

#include "core/log_part.h"
#include "store/files.h"
#include "store/rights.h"
#include "store/store.h"

struct steer_store {
	char *dir;             /*!< As the user has named it, for messages alone. */
	steer_folder_t folder; /*!< That directory, open. */
	steer_store_mode_t mode;
	unsigned version;      /*!< As its file says, once that was looked at. */
	MDB_env *env[STEER_ENVS]; /*!< NULL: not open, or not there. */
	MDB_dbi dbi[STEER_DBS];
	jmp_buf *rescue;       /*!< Where a cursor at a damaged page goes on; NULL: nowhere. */
};

struct steer_reader {
	steer_store_t *store;
	enum steer_env env;
	MDB_txn *txn;
	MDB_cursor *nodes; /*!< For steer_reader_find(); only in the records environment. */
};

/*! Environment of each database. */
extern const enum steer_env steer_db_env[STEER_DBS];
/*! Name of each database. */
extern const char *const steer_db_name[STEER_DBS];
/*! Directory of each environment. */
extern const char *const steer_env_name[STEER_ENVS];

/*! Fault of a failed LMDB call: what was done, and what a person can do about it. */
int steer_store_fault(const steer_store_t *store, const char *step, int err, steer_fault_t *fault);

/*! A store of which only the directory is open, with the rights that the thread has. */
int steer_store_enter(steer_store_t **store, const char *dir, steer_store_mode_t mode,
                      steer_fault_t *fault);
/*! Fills the fault of memory that is not to be had. */
int steer_no_memory(steer_fault_t *fault);

/*! Whether a store has an environment, or something in its place. */
bool steer_env_is_there(const steer_store_t *store, enum steer_env env);
/*! As steer_store_precheck(), all but the environments. */
int steer_version_look(steer_store_t *store, steer_fault_t *fault);
/*! The same of an environment, whose folder stays open on success. \param[out] data  Its data. */
int steer_env_look(const steer_store_t *store, enum steer_env env, steer_folder_t *folder,
                   struct stat *data, uint64_t *map_size, steer_fault_t *fault);

/*!
 * Maps the environment in a folder whose files were looked at.
 *
 * A map size that the address space or a limit refuses is halved until as much is left for the
 * other environments and the process; a reader's map must hold the data, which LMDB sees to by
 * itself (it never maps less than the file's last page).
 */
int steer_env_map(MDB_env **env, const steer_folder_t *folder, unsigned flags, uint64_t map_size);

/*! Gives a lock file all its blocks; 0 or errno. */
int steer_lock_fill(int fd);

/*! Begins a write transaction, once all others of the environment have ended. */
int steer_txn_begin(MDB_env *env, MDB_txn **txn);
int steer_txn_commit(MDB_txn *txn);
/*! NULL is fine. */
void steer_txn_abort(MDB_txn *txn);

/*! Opens the databases of an environment in a transaction. */
int steer_store_databases(steer_store_t *store, MDB_txn *txn, enum steer_env env,
                          unsigned flags);

/*! As mdb_cursor_get(), also where a damaged page has keys without values. */
int steer_pair_get(MDB_cursor *cursor, MDB_val *key, MDB_val *value, MDB_cursor_op op);

/*!
 * Makes the forces and reports of a write transaction of the status those of the log, where a
 * writer was killed between both.
 *
 * \param[out] changed  Whether anything was.
 */
int steer_status_follow(steer_store_t *store, MDB_txn *status, bool *changed,
                        steer_fault_t *fault);
/*! Puts a state of the log, or removes one that was. \return An error of LMDB. */
int steer_status_put(const steer_store_t *store, MDB_txn *status, const steer_log_entry_t *entry);
/*! Notes in a transaction of the status which change set of states it has. \return Likewise. */
int steer_status_note(const steer_store_t *store, MDB_txn *status, uint64_t sequence);

/*! Wakes who watches the store; a change is found without it too, later. */
void steer_store_ring(const steer_store_t *store);
