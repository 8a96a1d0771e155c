/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief An open store: its LMDB handles, and what it takes to begin and end a write transaction.
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
	char *dir;             /*!< As the user has named it; for messages alone. */
	steer_folder_t folder; /*!< That directory, open. */
	steer_store_mode_t mode;
	unsigned version;      /*!< As its file says, after that was read. */
	MDB_env *env[STEER_ENVS]; /*!< NULL: not open, or not there. */
	MDB_dbi dbi[STEER_DBS];
	jmp_buf *rescue;       /*!< Where to continue after a damaged page; NULL: nowhere. */
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

/*! Fills the fault of a failed LMDB call: what was done, and what a person can do about it. */
int steer_store_fault(const steer_store_t *store, const char *step, int err, steer_fault_t *fault);

/*! Opens only the directory of a store, with the rights that the thread has. */
int steer_store_enter(steer_store_t **store, const char *dir, steer_store_mode_t mode,
                      steer_fault_t *fault);
/*! Fills the fault for lack of memory. */
int steer_no_memory(steer_fault_t *fault);

/*! Whether a store has an environment, or something in its place. */
bool steer_env_is_there(const steer_store_t *store, enum steer_env env);
/*! Checks a store as steer_store_precheck() does, except its environments. */
int steer_version_look(steer_store_t *store, steer_fault_t *fault);
/*! Checks an environment, and opens its folder. \param[out] data  Its data file. */
int steer_env_look(const steer_store_t *store, enum steer_env env, steer_folder_t *folder,
                   struct stat *data, uint64_t *map_size, steer_fault_t *fault);

/*!
 * Maps the environment in a folder whose files were checked.
 *
 * A map size that the address space or a limit does not allow is halved until as much is left for
 * the other environments and the process. A reader's map must hold the data, which LMDB ensures: it
 * never maps less than the file's last page.
 */
int steer_env_map(MDB_env **env, const steer_folder_t *folder, unsigned flags, uint64_t map_size);

/*!
 * Makes an environment that a store does not always have, unless it is there by now: it appears as
 * a whole, also if this is killed. Sets the umask meanwhile.
 *
 * \param[in,out] rights  As taken for the store's directory. What root makes with them is root's.
 */
int steer_env_make(steer_store_t *store, enum steer_env env, uint64_t map_size,
                   steer_rights_t *rights, steer_fault_t *fault);
/*! Opens an environment that is there, with its databases. */
int steer_env_open(steer_store_t *store, enum steer_env env, steer_fault_t *fault);

/*! Allocates all blocks of a lock file. \return 0 or errno. */
int steer_lock_fill(int fd);

/*!
 * Commits often enough that small changes after a large deletion stay small: LMDB writes its list
 * of free pages as one record for each transaction before, at most, and a small change rewrites
 * one of them whole.
 *
 * \param[in] env  Of the records, open with MDB_NOSYNC, which nobody else uses; synced at the end.
 */
int steer_env_advance(MDB_env *env);

/*! Begins a write transaction, after all others of the environment have ended. */
int steer_txn_begin(MDB_env *env, MDB_txn **txn);
int steer_txn_commit(MDB_txn *txn);
/*! May be NULL. */
void steer_txn_abort(MDB_txn *txn);

/*! Opens the databases of an environment in a transaction. */
int steer_store_databases(steer_store_t *store, MDB_txn *txn, enum steer_env env,
                          unsigned flags);

/*! As mdb_cursor_get(), but also detects damaged pages with keys that have no values. */
int steer_pair_get(MDB_cursor *cursor, MDB_val *key, MDB_val *value, MDB_cursor_op op);

/*!
 * Completes the forces and reports of the status from the log, after a writer was killed between
 * its two commits.
 *
 * \param[in]  status   Write transaction.
 * \param[out] changed  Something was missing.
 */
int steer_status_follow(steer_store_t *store, MDB_txn *status, bool *changed,
                        steer_fault_t *fault);

/*! Wakes those who watch the store. Without it they find a change later. */
void steer_store_ring(const steer_store_t *store);
