/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "store/handles.h"

const enum steer_env steer_db_env[STEER_DBS] = {
#define X(symbol, env, name) [STEER_DB_##symbol] = STEER_ENV_##env,
	STEER_DATABASES(X)
#undef X
};

const char *const steer_db_name[STEER_DBS] = {
#define X(symbol, env, name) [STEER_DB_##symbol] = (name),
	STEER_DATABASES(X)
#undef X
};

const char *const steer_env_name[STEER_ENVS] = {
#define X(symbol, file, always) [STEER_ENV_##symbol] = (file),
	STEER_ENVIRONMENTS(X)
#undef X
};

bool steer_env_is_there(const steer_store_t *store, enum steer_env env)
{
	static const bool always[STEER_ENVS] = {
#define X(symbol, file, always) [STEER_ENV_##symbol] = (always),
		STEER_ENVIRONMENTS(X)
#undef X
	};
	struct stat st;
	return always[env] ||
	       fstatat(store->folder.fd, steer_env_name[env], &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	       errno != ENOENT;
}

/*! X(LMDB or system error, or STEER_FILE_*, our code, what a person can do). */
#define CAUSES(X) \
	X(MDB_MAP_FULL, EFULL, "the map is full: 'steerctl config log-keep 0' gives the log's room " \
	  "back; or make a store with a larger --map-size and import an export") \
	X(ENOSPC,       EFULL, "the disk is full: free some space and try again") \
	X(EDQUOT,       EFULL, "the disk quota is used up") \
	X(MDB_READERS_FULL, EBUSY, "all reader slots are taken") \
	X(EACCES,       EACCES, "permission denied: the user must be of the store's group") \
	X(EPERM,        EACCES, "permission denied: the user must be of the store's group") \
	X(EROFS,        EACCES, "the file system is read-only: a store needs its lock file writable") \
	X(ENOENT,       ENOENT, "no such file, which every store has: restore a backup") \
	X(ENOMEM,       ENOMEM, "out of memory or address space") \
	X(EINVAL,       EBUSY, "the locks in lock.mdb are gone: end what uses the store, and try again") \
	X(MDB_INVALID,  EVERSION, "not an LMDB file") \
	X(MDB_VERSION_MISMATCH, EVERSION, "written by an incompatible version of LMDB") \
	X(MDB_CORRUPTED, EDAMAGED, "a page is damaged: restore a backup") \
	X(MDB_PAGE_NOTFOUND, EDAMAGED, "a page is missing: restore a backup") \
	X(MDB_PANIC,    EDAMAGED, "the environment had a fatal error: restore a backup") \
	X(STEER_FILE_IS_LINK, EACCES, \
	  "a symbolic link, which is not followed: put back what was there") \
	X(STEER_FILE_IS_STRANGE, EACCES, "not what it should be, a regular file, a directory or a socket") \
	X(STEER_FILE_HAS_NAMES, EACCES, "a file with another name, by a hard link, too: copy it") \
	X(STEER_FILE_IS_FOREIGN, EACCES, "neither of the store's owner nor of its group") \
	X(STEER_FILE_WAS_SWAPPED, EACCES, "was replaced while it was opened") \
	X(STEER_FILE_NO_PROC, EIO, "/proc is not mounted, and is needed to open a store")

/*! Whether the store's file system has hardly any space left. */
static bool disk_is_full(const steer_store_t *store)
{
	struct statvfs fs;
	return fstatvfs(store->folder.fd, &fs) == 0 &&
	       (uint64_t)fs.f_bavail * fs.f_frsize < STEER_MAP_SIZE_MIN;
}

int steer_store_fault(const steer_store_t *store, const char *step, int err, steer_fault_t *fault)
{
	if (err == EIO && disk_is_full(store)) {
		err = ENOSPC; // LMDB returns EIO for a short write.
	}
	static const struct {
		int err, code;
		const char *text;
	} causes[] = {
#define X(error, symbol, what) { error, STEER_##symbol, what },
		CAUSES(X)
#undef X
	};
	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++) {
		if (causes[i].err == err) {
			return steer_fault(fault, causes[i].code, "%s: %s: %s", store->dir, step,
			                   causes[i].text);
		}
	}
	return steer_fault(fault, STEER_EIO, "%s: %s: %s", store->dir, step, mdb_strerror(err));
}

int steer_store_databases(steer_store_t *store, MDB_txn *txn, enum steer_env env,
                          unsigned flags)
{
	int err = MDB_SUCCESS;
	for (int db = 0; db < STEER_DBS && err == MDB_SUCCESS; db++) {
		if (steer_db_env[db] == env) {
			err = mdb_dbi_open(txn, steer_db_name[db], flags, &store->dbi[db]);
		}
	}
	return err;
}

/* Opening. */

int steer_store_enter(steer_store_t **store, const char *dir, steer_store_mode_t mode,
                      steer_fault_t *fault)
{
	steer_store_t *entered = calloc(1, sizeof(*entered));
	char *name = strdup(dir);
	if (entered == NULL || name == NULL) {
		free(entered);
		free(name);
		return steer_no_memory(fault);
	}
	*entered = (steer_store_t) { .dir = name, .mode = mode, .folder.fd = -1 };
	int err = steer_folder_open(&entered->folder, dir);
	if (err != 0) {
		steer_store_close(entered);
		switch (err) {
		case ENOENT:
			return steer_fault(fault, STEER_ENOENT, "%s: %s: make a store with 'steerctl init'",
			                   dir, strerror(err));
		case ENOTDIR:
			return steer_fault(fault, STEER_ENOENT, "%s: not a directory", dir);
		case EACCES:
			return steer_fault(fault, STEER_EACCES, "%s: %s: only the owner of a store and the "
			                   "members of its group may use it", dir, strerror(err));
		default:
			return steer_fault(fault, STEER_EIO, "%s: %s", dir, strerror(err));
		}
	}
	*store = entered;
	return STEER_OK;
}

int steer_no_memory(steer_fault_t *fault)
{
	return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
}

/*! Whether so much address space is available. */
static bool can_reserve(uint64_t size)
{
	void *at = size == 0 ? NULL : mmap(NULL, size, PROT_NONE,
	                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at != NULL && at != MAP_FAILED) {
		(void)munmap(at, size);
	}
	return at != MAP_FAILED;
}

/*! How much more than its map an environment's data needs; 0 if it is not open. */
static uint64_t outgrown_by(MDB_env *env)
{
	MDB_stat st;
	MDB_envinfo info;
	if (mdb_env_info(env, &info) != MDB_SUCCESS || mdb_env_stat(env, &st) != MDB_SUCCESS) {
		return 0;
	}
	uint64_t needed = (info.me_last_pgno + 1) * (uint64_t)st.ms_psize;
	return needed > info.me_mapsize ? needed - info.me_mapsize : 0;
}

bool steer_store_has_room(const steer_store_t *store)
{
	uint64_t more = 0;
	for (int env = 0; env < STEER_ENVS; env++) {
		more += outgrown_by(store->env[env]);
	}
	return can_reserve(more);
}

/*! Halves a map size that was refused until it is half of what is available. */
static uint64_t smaller_map(uint64_t map_size)
{
	do {
		map_size /= 2;
	} while (map_size / 2 >= STEER_MAP_SIZE_MIN && !can_reserve(2 * map_size));
	return map_size;
}

int steer_env_map(MDB_env **env, const steer_folder_t *folder, unsigned flags, uint64_t map_size)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", folder->fd);
	int err = access(path, F_OK) == 0 ? MDB_SUCCESS : STEER_FILE_NO_PROC;
	if (err != MDB_SUCCESS) {
		return err;
	}
	do {
		*env = NULL;
		err = mdb_env_create(env);
		if (err == MDB_SUCCESS) {
			err = mdb_env_set_maxdbs(*env, STEER_DBS);
		}
		if (err == MDB_SUCCESS) {
			err = mdb_env_set_maxreaders(*env, STEER_READERS);
		}
		if (err == MDB_SUCCESS && map_size != 0) {
			err = mdb_env_set_mapsize(*env, map_size);
		}
		if (err == MDB_SUCCESS) {
			err = mdb_env_open(*env, path, flags, STEER_FILE_MODE);
		}
		if (err != MDB_SUCCESS) {
			mdb_env_close(*env);
			*env = NULL;
		}
		map_size = err == ENOMEM ? smaller_map(map_size) : map_size;
	} while (err == ENOMEM && map_size >= STEER_MAP_SIZE_MIN);
	return err;
}

/*! How often an environment is opened that lacks its locks, some milliseconds apart. */
#define OPEN_TRIES 1000

/*!
 * Whether the locks of an environment are gone. LMDB, since 0.9.26, destroys them when its last user
 * closes it; who opens it at that moment waits for that, and then has it without them.
 */
static bool lacks_locks(MDB_env *env)
{
	MDB_txn *txn = NULL;
	int err = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
	mdb_txn_abort(txn);
	return err == EINVAL;
}

/*! Opens an environment with its locks: once nobody has it open, LMDB makes them anew. */
static int map_with_locks(MDB_env **env, const steer_folder_t *folder, unsigned flags,
                          uint64_t map_size)
{
	const struct timespec pause = { .tv_nsec = 1000000 * (1 + getpid() % 8) }; // Not all at once.
	int err = steer_env_map(env, folder, flags, map_size);
	for (int tries = 1; err == MDB_SUCCESS && lacks_locks(*env) && tries < OPEN_TRIES; tries++) {
		mdb_env_close(*env);
		*env = NULL;
		nanosleep(&pause, NULL);
		err = steer_env_map(env, folder, flags, map_size);
	}
	return err;
}

static steer_fatal_f fatal;

void steer_store_on_fatal(steer_fatal_f call)
{
	fatal = call;
}

/*! LMDB cannot continue from here. A lock that it holds ends with the process. */
static void on_assert(MDB_env *env, const char *message)
{
	const steer_store_t *store = mdb_env_get_userctx(env);
	steer_fault_t fault;
	if (store->rescue != NULL) {
		longjmp(*store->rescue, 1);
	}
	steer_fault(&fault, STEER_EDAMAGED, "%s: a page of LMDB is damaged: restore a backup (%s)",
	            store->dir, message);
	fatal(&fault);
}

static int env_open(steer_store_t *store, enum steer_env env, steer_fault_t *fault)
{
	steer_folder_t folder;
	struct stat looked, opened;
	uint64_t map_size;
	int ret = steer_env_look(store, env, &folder, &looked, &map_size, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	unsigned flags = MDB_NOTLS;
	flags |= env == STEER_ENV_STATUS ? MDB_NOMETASYNC : 0;
	flags |= store->mode == STEER_STORE_READ ? MDB_RDONLY : 0;
	int fd, err = map_with_locks(&store->env[env], &folder, flags, map_size);
	steer_folder_close(&folder);
	if (err != MDB_SUCCESS) {
		goto failed;
	}
	err = mdb_env_get_fd(store->env[env], &fd);
	if (err != MDB_SUCCESS) {
		goto failed;
	}
	if (fstat(fd, &opened) != 0 || opened.st_dev != looked.st_dev ||
	    opened.st_ino != looked.st_ino) {
		err = STEER_FILE_WAS_SWAPPED;
		goto failed;
	}
	if (fatal == NULL) {
		return STEER_OK;
	}
	err = mdb_env_set_userctx(store->env[env], store);
	if (err != MDB_SUCCESS) {
		goto failed;
	}
	mdb_env_set_assert(store->env[env], on_assert);
	return STEER_OK;
failed:
	return steer_store_fault(store, steer_env_name[env], err, fault);
}

static int databases_open(steer_store_t *store, enum steer_env env, steer_fault_t *fault)
{
	MDB_txn *txn = NULL;
	int err = mdb_txn_begin(store->env[env], NULL, MDB_RDONLY, &txn);
	if (err == MDB_SUCCESS) {
		err = steer_store_databases(store, txn, env, 0);
		if (err == MDB_SUCCESS) {
			err = mdb_txn_commit(txn); // This keeps the handles.
		} else {
			mdb_txn_abort(txn);
		}
	}
	if (err == MDB_NOTFOUND) {
		return steer_fault(fault, STEER_EVERSION, "%s: %s lacks the databases of a store",
		                   store->dir, steer_env_name[env]);
	}
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(store, steer_env_name[env], err, fault);
}

/*!
 * Clears stale readers; a writer also publishes what a killed one has left unpublished. For maps that
 * is left to the next one that is put, so that no change set waits for one that is being put.
 */
static int env_mend(steer_store_t *store, enum steer_env env, steer_fault_t *fault)
{
	int dead;
	int err = mdb_reader_check(store->env[env], &dead);
	if (err == MDB_SUCCESS && store->mode == STEER_STORE_WRITE && env != STEER_ENV_MAPS) {
		MDB_txn *txn = NULL;
		err = steer_txn_begin(store->env[env], &txn);
		steer_txn_abort(txn);
	}
	return err == MDB_SUCCESS ? STEER_OK
	       : steer_store_fault(store, steer_env_name[env], err, fault);
}

/*! As a writer, completes what a killed one had logged but not yet put into the status. */
static int status_mend(steer_store_t *store, steer_fault_t *fault)
{
	MDB_txn *txn = NULL;
	bool changed;
	int err = steer_txn_begin(store->env[STEER_ENV_STATUS], &txn);
	if (err != MDB_SUCCESS) {
		return steer_store_fault(store, "status", err, fault);
	}
	int ret = steer_status_follow(store, txn, &changed, fault);
	if (ret != STEER_OK || !changed) {
		steer_txn_abort(txn);
		return ret;
	}
	err = steer_txn_commit(txn);
	return err == MDB_SUCCESS ? STEER_OK : steer_store_fault(store, "status", err, fault);
}

static int version_check(steer_store_t *store, steer_fault_t *fault)
{
	steer_reader_t *reader;
	uint64_t id;
	int ret = steer_reader_open(&reader, store, STEER_ENV_RECORDS, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_reader_renew(reader, &id) == STEER_OK ? steer_reader_check(reader, fault)
	      : steer_fault(fault, STEER_EIO, "%s: a reader could not be renewed", store->dir);
	steer_reader_close(reader);
	return ret;
}

int steer_env_open(steer_store_t *store, enum steer_env env, steer_fault_t *fault)
{
	int ret = env_open(store, env, fault);
	if (ret == STEER_OK) {
		ret = env_mend(store, env, fault);
	}
	if (ret == STEER_OK) {
		ret = databases_open(store, env, fault);
	}
	if (ret != STEER_OK && store->env[env] != NULL) {
		mdb_env_close(store->env[env]);
		store->env[env] = NULL;
	}
	return ret;
}

/*! Opens what is in the store's directory. */
static int open_inside(steer_store_t *store, steer_fault_t *fault)
{
	int ret = steer_version_look(store, fault);
	for (int env = 0; env < STEER_ENVS && ret == STEER_OK; env++) {
		if (steer_env_is_there(store, env)) {
			ret = steer_env_open(store, env, fault);
		}
	}
	return ret;
}

int steer_store_open(steer_store_t **store, const char *dir, steer_store_mode_t mode,
                     steer_fault_t *fault)
{
	steer_store_t *open = NULL;
	steer_rights_t before;
	int ret = steer_store_enter(&open, dir, mode, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_rights_take(&before, &open->folder.store) == 0 ? open_inside(open, fault)
	      : steer_no_memory(fault);
	steer_rights_restore(&before);
	if (ret == STEER_OK) {
		ret = version_check(open, fault);
	}
	if (ret == STEER_OK && mode == STEER_STORE_WRITE) {
		ret = status_mend(open, fault);
	}
	if (ret != STEER_OK) {
		steer_store_close(open);
		return ret;
	}
	*store = open;
	return STEER_OK;
}

void steer_store_close(steer_store_t *store)
{
	if (store == NULL) {
		return;
	}
	for (int env = 0; env < STEER_ENVS; env++) {
		if (store->env[env] != NULL) {
			mdb_env_close(store->env[env]);
		}
	}
	steer_folder_close(&store->folder);
	free(store->dir);
	free(store);
}

/*! Counts what is in the databases of an environment. \param[out] st  Of the last one. */
static int count_databases(const steer_store_t *store, MDB_txn *txn, enum steer_env env,
                           steer_store_stats_t *stats, MDB_stat *st)
{
	int err = MDB_SUCCESS;
	for (int db = 0; db < STEER_DBS && err == MDB_SUCCESS; db++) {
		if (steer_db_env[db] != env) {
			continue;
		}
		err = mdb_stat(txn, store->dbi[db], st);
		stats->db[db].name = steer_db_name[db];
		stats->db[db].entries = st->ms_entries;
		stats->db[db].bytes = (uint64_t)st->ms_psize *
		        (st->ms_branch_pages + st->ms_leaf_pages + st->ms_overflow_pages);
	}
	return err;
}

/*! The same in a transaction of its own. */
static int count_env(const steer_store_t *store, enum steer_env env, steer_store_stats_t *stats)
{
	MDB_txn *txn = NULL;
	MDB_stat st;
	int err = mdb_txn_begin(store->env[env], NULL, MDB_RDONLY, &txn);
	if (err == MDB_SUCCESS) {
		err = count_databases(store, txn, env, stats, &st);
	}
	mdb_txn_abort(txn);
	return err;
}

int steer_store_stats(steer_store_t *store, steer_store_stats_t *stats, steer_fault_t *fault)
{
	*stats = (steer_store_stats_t) { .version = STEER_STORE_VERSION };
	MDB_env *env = store->env[STEER_ENV_RECORDS];
	MDB_envinfo info;
	MDB_txn *txn = NULL;
	MDB_stat st = { 0 };
	MDB_val key = { strlen(STEER_META_SEQUENCE), STEER_META_SEQUENCE }, value;
	int err = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
	if (err != MDB_SUCCESS) {
		goto done;
	}
	err = mdb_env_info(env, &info);
	if (err != MDB_SUCCESS) {
		goto done;
	}
	err = mdb_get(txn, store->dbi[STEER_DB_META], &key, &value);
	if (err != MDB_SUCCESS) {
		goto done;
	}
	if (value.mv_size == sizeof(stats->sequence)) {
		memcpy(&stats->sequence, value.mv_data, sizeof(stats->sequence));
		stats->sequence = steer_le_u64(stats->sequence);
	}
	err = count_databases(store, txn, STEER_ENV_RECORDS, stats, &st);
	if (err != MDB_SUCCESS) {
		goto done;
	}
	stats->txn_id = mdb_txn_id(txn);
	stats->map_size = info.me_mapsize;
	stats->used = (info.me_last_pgno + 1) * st.ms_psize;
	stats->readers = info.me_numreaders;
	stats->readers_max = info.me_maxreaders;
	for (int other = 0; other < STEER_ENVS && err == MDB_SUCCESS; other++) {
		if (other != STEER_ENV_RECORDS && store->env[other] != NULL) {
			err = count_env(store, other, stats);
		}
	}
done:
	mdb_txn_abort(txn);
	return err == MDB_SUCCESS ? STEER_OK : steer_store_fault(store, "statistics", err, fault);
}
