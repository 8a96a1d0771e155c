/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/internal.h"

#define DIR_MODE  02770
#define FILE_MODE 0660

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
#define X(symbol, file) [STEER_ENV_##symbol] = (file),
	STEER_ENVIRONMENTS(X)
#undef X
};

/*! X(LMDB or system error, our code, what a person can do). */
#define CAUSES(X) \
	X(MDB_MAP_FULL, EFULL, "the map is full: make a store with a larger --map-size and import an export") \
	X(ENOSPC,       EFULL, "the disk is full: free some space and try again") \
	X(EDQUOT,       EFULL, "the disk quota is used up") \
	X(MDB_READERS_FULL, EBUSY, "all reader slots are taken") \
	X(EACCES,       EACCES, "permission denied: the user must be of the store's group") \
	X(EPERM,        EACCES, "permission denied: the user must be of the store's group") \
	X(EROFS,        EACCES, "the file system is read-only: a store needs its lock file writable") \
	X(ENOENT,       ENOENT, "no such store") \
	X(ENOTDIR,      ENOENT, "no such store") \
	X(ENOMEM,       ENOMEM, "out of memory or address space") \
	X(MDB_INVALID,  EVERSION, "not an LMDB file") \
	X(MDB_VERSION_MISMATCH, EVERSION, "written by an incompatible version of LMDB") \
	X(MDB_CORRUPTED, EDAMAGED, "a page is damaged: restore a backup") \
	X(MDB_PAGE_NOTFOUND, EDAMAGED, "a page is missing: restore a backup") \
	X(MDB_PANIC,    EDAMAGED, "the environment had a fatal error: restore a backup")

int steer_store_fault(const steer_store_t *store, const char *step, int err, steer_fault_t *fault)
{
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

char *steer_store_path(const char *dir, const char *name, const char *file)
{
	char *path = NULL;
	int len = file == NULL ? asprintf(&path, "%s/%s", dir, name)
	                       : asprintf(&path, "%s/%s/%s", dir, name, file);
	return len < 0 ? NULL : path;
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

static steer_store_t *store_new(const char *dir, steer_store_mode_t mode)
{
	steer_store_t *store = calloc(1, sizeof(*store));
	if (store != NULL) {
		store->mode = mode;
		store->dir = strdup(dir);
		if (store->dir == NULL) {
			free(store);
			store = NULL;
		}
	}
	return store;
}

static int no_memory(steer_fault_t *fault)
{
	return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
}

/*!
 * Maps an environment.
 *
 * A map size that the address space or a limit refuses is halved; a reader's map must hold the
 * data, which LMDB sees to by itself (it never maps less than the file's last page).
 */
static int env_map(MDB_env **env, const char *path, unsigned flags, uint64_t map_size)
{
	int err;
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
			err = mdb_env_open(*env, path, flags, FILE_MODE);
		}
		if (err != MDB_SUCCESS) {
			mdb_env_close(*env);
			*env = NULL;
		}
		map_size /= 2;
	} while (err == ENOMEM && map_size >= STEER_MAP_SIZE_MIN);
	return err;
}

/*! Reads LMDB's map size from the newer meta page without LMDB, and checks that its roots are there. */
static int meta_read(const char *path, uint64_t *map_size);

static int env_open(steer_store_t *store, enum steer_env env, steer_fault_t *fault)
{
	char *path = steer_store_path(store->dir, steer_env_name[env], NULL);
	char *lock = steer_store_path(store->dir, steer_env_name[env], "lock.mdb");
	if (path == NULL || lock == NULL) {
		free(path);
		free(lock);
		return no_memory(fault);
	}

	// Without this LMDB would serve a read-only file system without locks and without a word.
	int err = access(lock, R_OK | W_OK) == 0 ? MDB_SUCCESS : errno;
	uint64_t map_size = 0;
	if (err == MDB_SUCCESS) {
		err = meta_read(path, &map_size);
	}
	if (err == MDB_SUCCESS) {
		unsigned flags = MDB_NOTLS;
		flags |= env == STEER_ENV_STATUS ? MDB_NOMETASYNC : 0;
		flags |= store->mode == STEER_STORE_READ ? MDB_RDONLY : 0;
		err = env_map(&store->env[env], path, flags, map_size);
	}
	free(path);
	free(lock);
	return err == MDB_SUCCESS ? STEER_OK : steer_store_fault(store, steer_env_name[env], err, fault);
}

static int databases_open(steer_store_t *store, enum steer_env env, steer_fault_t *fault)
{
	MDB_txn *txn = NULL;
	int err = mdb_txn_begin(store->env[env], NULL, MDB_RDONLY, &txn);
	if (err == MDB_SUCCESS) {
		err = steer_store_databases(store, txn, env, 0);
		if (err == MDB_SUCCESS) {
			err = mdb_txn_commit(txn); // Keeps the handles.
		} else {
			mdb_txn_abort(txn);
		}
	}
	if (err == MDB_NOTFOUND) {
		return steer_fault(fault, STEER_EVERSION, "%s: %s has not the databases of a store",
		                   store->dir, steer_env_name[env]);
	}
	return err == MDB_SUCCESS ? STEER_OK : steer_store_fault(store, steer_env_name[env], err, fault);
}

/*! Clears stale readers, and lets a writer publish what a killed one left unpublished. */
static int env_mend(steer_store_t *store, enum steer_env env, steer_fault_t *fault)
{
	int dead;
	int err = mdb_reader_check(store->env[env], &dead);
	if (err == MDB_SUCCESS && store->mode == STEER_STORE_WRITE) {
		MDB_txn *txn = NULL;
		err = mdb_txn_begin(store->env[env], NULL, 0, &txn);
		if (err == MDB_SUCCESS) {
			mdb_txn_abort(txn);
		}
	}
	return err == MDB_SUCCESS ? STEER_OK : steer_store_fault(store, steer_env_name[env], err, fault);
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

int steer_store_open(steer_store_t **store, const char *dir, steer_store_mode_t mode,
                     steer_fault_t *fault)
{
	int ret = steer_store_check(dir, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	steer_store_t *open = store_new(dir, mode);
	if (open == NULL) {
		return no_memory(fault);
	}
	for (int env = 0; env < STEER_ENVS && ret == STEER_OK; env++) {
		ret = env_open(open, env, fault);
		if (ret == STEER_OK) {
			ret = env_mend(open, env, fault);
		}
		if (ret == STEER_OK) {
			ret = databases_open(open, env, fault);
		}
	}
	if (ret == STEER_OK) {
		ret = version_check(open, fault);
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
	free(store->dir);
	free(store);
}

/* Checking without opening. */

/* LMDB 0.9's meta page: page header, then magic, version, address, map size, two trees, last page,
 * transaction id (lmdb's format, as documented by the layout of MDB_meta for 64-bit machines). */
#define LMDB_HEADER   16
#define LMDB_MAGIC    0xBEEFC0DE
#define LMDB_VERSION  1
#define META_MAP_SIZE 16
#define META_PAGE     24
#define META_FREE     64  /*!< Root of the tree of free pages. */
#define META_MAIN     112 /*!< Root of the main tree. */
#define META_TXN      128
#define META_LEN      136

static uint64_t native64(const uint8_t *at)
{
	uint64_t value;
	memcpy(&value, at, sizeof(value));
	return value;
}

static uint32_t native32(const uint8_t *at)
{
	uint32_t value;
	memcpy(&value, at, sizeof(value));
	return value;
}

static int meta_page(int fd, off_t offset, uint8_t meta[META_LEN])
{
	ssize_t got = pread(fd, meta, META_LEN, offset + LMDB_HEADER);
	if (got < 0) {
		return errno;
	}
	return got < META_LEN || native32(meta) != LMDB_MAGIC ? MDB_INVALID :
	       native32(meta + 4) != LMDB_VERSION ? MDB_VERSION_MISMATCH : 0;
}

/*! Whether a tree's root page lies in the file. LMDB counts pages that it never wrote as well. */
static bool has_root(const uint8_t *meta, size_t root_at, uint64_t page, off_t size)
{
	uint64_t root = native64(meta + root_at);
	return root == UINT64_MAX || (root < UINT64_MAX / page && (root + 1) * page <= (uint64_t)size);
}

static int meta_read(const char *path, uint64_t *map_size)
{
	char *file = steer_store_path(path, "data.mdb", NULL);
	if (file == NULL) {
		return ENOMEM;
	}
	uint8_t meta[2][META_LEN];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 ? errno : 0;
	if (err == 0) {
		err = meta_page(fd, 0, meta[0]);
	}
	uint64_t page = err == 0 ? native32(meta[0] + META_PAGE) : 0;
	if (err == 0) {
		err = meta_page(fd, page, meta[1]);
	}
	if (err == 0) {
		const uint8_t *newer = meta[native64(meta[1] + META_TXN) > native64(meta[0] + META_TXN)];
		*map_size = native64(newer + META_MAP_SIZE);
		struct stat st;
		if (fstat(fd, &st) != 0) {
			err = errno;
		} else if (page == 0 || !has_root(newer, META_FREE, page, st.st_size) ||
		           !has_root(newer, META_MAIN, page, st.st_size)) {
			err = MDB_CORRUPTED;
		}
	}
	if (fd >= 0) {
		close(fd);
	}
	free(file);
	return err;
}

static int check_version_file(const char *dir, steer_fault_t *fault)
{
	char *path = steer_store_path(dir, STEER_VERSION_FILE, NULL);
	if (path == NULL) {
		return no_memory(fault);
	}
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 ? errno : 0;
	free(path);
	if (err == ENOENT) {
		return steer_fault(fault, STEER_ENOENT, "%s: not a store: make one with 'steerctl init'", dir);
	} else if (err != 0) {
		return steer_fault(fault, err == EACCES ? STEER_EACCES : STEER_EIO, "%s/%s: %s", dir,
		                   STEER_VERSION_FILE, strerror(err));
	}
	ssize_t len = read(fd, text, sizeof(text) - 1);
	close(fd);
	char *end = text;
	unsigned long version = len > 0 ? strtoul(text, &end, 10) : 0;
	if (version < 1 || version > STEER_STORE_VERSION || *end != '\n') {
		text[strcspn(text, "\n")] = '\0';
		return steer_fault(fault, STEER_EVERSION,
		                   "%s: store of version '%s', this program knows 1 to %u", dir, text,
		                   STEER_STORE_VERSION);
	}
	return STEER_OK;
}

static int check_env(const char *dir, enum steer_env env, steer_fault_t *fault)
{
	const steer_store_t at = { .dir = (char *)dir };
	char *path = steer_store_path(dir, steer_env_name[env], NULL);
	char *lock = steer_store_path(dir, steer_env_name[env], "lock.mdb");
	uint64_t map_size;
	int err = path == NULL || lock == NULL ? ENOMEM : meta_read(path, &map_size);
	if (err == 0 && access(lock, R_OK | W_OK) != 0) {
		err = errno;
	}
	free(path);
	free(lock);
	return err == 0 ? STEER_OK : steer_store_fault(&at, steer_env_name[env], err, fault);
}

int steer_store_check(const char *dir, steer_fault_t *fault)
{
	struct stat st;
	if (stat(dir, &st) != 0) {
		int err = errno;
		return steer_fault(fault, err == ENOENT ? STEER_ENOENT : err == EACCES ? STEER_EACCES
		                   : STEER_EIO, "%s: %s%s", dir, strerror(err),
		                   err == ENOENT ? ": make a store with 'steerctl init'" : "");
	}
	if (!S_ISDIR(st.st_mode)) {
		return steer_fault(fault, STEER_ENOENT, "%s: not a directory", dir);
	}
	int ret = check_version_file(dir, fault);
	for (int env = 0; env < STEER_ENVS && ret == STEER_OK; env++) {
		ret = check_env(dir, env, fault);
	}
	return ret;
}

bool steer_store_is_empty(const char *dir)
{
	DIR *stream = opendir(dir);
	if (stream == NULL) {
		return false;
	}
	unsigned entries = 0;
	while (entries <= 2 && readdir(stream) != NULL) {
		entries++;
	}
	closedir(stream);
	return entries == 2; // "." and "..".
}

int steer_store_identity(const char *dir, dev_t *device, ino_t *inode)
{
	char *path = steer_store_path(dir, steer_env_name[STEER_ENV_RECORDS], "data.mdb");
	if (path == NULL) {
		return STEER_ENOMEM;
	}
	struct stat st;
	int ret = stat(path, &st) == 0 ? STEER_OK : errno == EACCES ? STEER_EACCES : STEER_ENOENT;
	free(path);
	if (ret == STEER_OK) {
		*device = st.st_dev;
		*inode = st.st_ino;
	}
	return ret;
}

/* Making a store. The version file comes last: it is what makes a directory a store. */

static int own(const char *path, mode_t mode, gid_t group)
{
	return (group != (gid_t)-1 && chown(path, -1, group) != 0) || chmod(path, mode) != 0
	       ? errno : 0;
}

static int make_dir(const char *path, gid_t group)
{
	return mkdir(path, DIR_MODE & 0777) != 0 && errno != EEXIST ? errno : own(path, DIR_MODE, group);
}

static int make_file(const char *dir, const char *name, const char *text, gid_t group)
{
	char *path = steer_store_path(dir, name, NULL);
	if (path == NULL) {
		return ENOMEM;
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
	int err = fd < 0 ? errno : 0;
	size_t len = strlen(text);
	if (err == 0 && write(fd, text, len) != (ssize_t)len) {
		err = errno != 0 ? errno : EIO;
	}
	if (err == 0 && fsync(fd) != 0) {
		err = errno;
	}
	if (fd >= 0) {
		close(fd);
	}
	if (err == 0) {
		err = own(path, FILE_MODE, group);
	}
	free(path);
	return err;
}

/*! Size of LMDB's lock file for that many readers, which fill a cache line each. */
#define LOCK_SIZE ((STEER_READERS + 2) * 64)

int steer_lock_create(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (fd < 0) {
		return errno;
	}
	// LMDB maps this file and writes to it: on a full disk that would end the program.
	int err = posix_fallocate(fd, 0, LOCK_SIZE);
	close(fd);
	return err;
}

static int put_meta(MDB_txn *txn, MDB_dbi dbi, const char *name, const void *bytes, size_t len)
{
	MDB_val key = { strlen(name), (void *)name }, value = { len, (void *)bytes };
	int err = mdb_put(txn, dbi, &key, &value, MDB_NOOVERWRITE);
	return err == MDB_KEYEXIST ? MDB_SUCCESS : err; // An init that was killed got so far.
}

static int fill_records(steer_store_t *store, MDB_txn *txn, const steer_store_options_t *options)
{
	uint32_t version = steer_le_u32(STEER_STORE_VERSION);
	uint64_t sequence = 0;
	uint8_t apexes[STEER_APEXES_SIZE + (1 << STEER_APEXES_BITS_MIN)] = { 0 };
	put_apexes_bits(apexes, STEER_APEXES_BITS_MIN);

	MDB_dbi meta = store->dbi[STEER_DB_META];
	int err = put_meta(txn, meta, STEER_META_VERSION, &version, sizeof(version));
	if (err == MDB_SUCCESS) {
		err = put_meta(txn, meta, STEER_META_SEQUENCE, &sequence, sizeof(sequence));
	}
	if (err == MDB_SUCCESS) {
		err = put_meta(txn, meta, STEER_META_APEXES, apexes, sizeof(apexes));
	}
	if (err == MDB_SUCCESS && options->servers_len > 0) {
		err = put_meta(txn, meta, STEER_META_SERVERS, options->servers, options->servers_len);
	}
	return err;
}

static int make_databases(steer_store_t *store, enum steer_env env,
                          const steer_store_options_t *options)
{
	MDB_txn *txn = NULL;
	int err = mdb_txn_begin(store->env[env], NULL, 0, &txn);
	if (err == MDB_SUCCESS) {
		err = steer_store_databases(store, txn, env, MDB_CREATE);
	}
	if (err == MDB_SUCCESS && env == STEER_ENV_RECORDS) {
		err = fill_records(store, txn, options);
	}
	if (err == MDB_SUCCESS) {
		return mdb_txn_commit(txn);
	}
	mdb_txn_abort(txn);
	return err;
}

static int make_env(steer_store_t *store, enum steer_env env, const steer_store_options_t *options,
                    gid_t group)
{
	uint64_t map_size = options->map_size != 0 ? options->map_size : STEER_MAP_SIZE_DEFAULT;
	char *path = steer_store_path(store->dir, steer_env_name[env], NULL);
	char *data = steer_store_path(store->dir, steer_env_name[env], "data.mdb");
	char *lock = steer_store_path(store->dir, steer_env_name[env], "lock.mdb");
	int err = path == NULL || data == NULL || lock == NULL ? ENOMEM : make_dir(path, group);
	if (err == 0) {
		err = steer_lock_create(lock);
	}
	if (err == 0) {
		err = env_map(&store->env[env], path, MDB_NOTLS, map_size);
	}
	if (err == 0) {
		err = make_databases(store, env, options);
	}
	if (err == 0) {
		err = own(data, FILE_MODE, group);
	}
	if (err == 0) {
		err = own(lock, FILE_MODE, group);
	}
	free(path);
	free(data);
	free(lock);
	return err;
}

static int find_group(const char *name, gid_t *group, steer_fault_t *fault)
{
	const struct group *entry = getgrnam(name != NULL ? name : "knot");
	*group = entry != NULL ? entry->gr_gid : (gid_t)-1;
	return entry != NULL || name == NULL ? STEER_OK
	       : steer_fault(fault, STEER_EINVAL, "no such group: %s", name);
}

/*! Makes what is missing of a store in a directory. */
static int make_store(const char *dir, const steer_store_options_t *options, gid_t group,
                      steer_fault_t *fault)
{
	steer_store_t *store = store_new(dir, STEER_STORE_WRITE);
	if (store == NULL) {
		return no_memory(fault);
	}
	const char *step = "directory";
	int err = make_dir(dir, group);
	for (int env = 0; env < STEER_ENVS && err == 0; env++) {
		step = steer_env_name[env];
		err = make_env(store, env, options, group);
	}
	if (err == 0) {
		step = STEER_DOORBELL_FILE;
		err = make_file(dir, STEER_DOORBELL_FILE, "", group);
	}
	if (err == 0) {
		char text[16];
		snprintf(text, sizeof(text), "%d\n", STEER_STORE_VERSION);
		step = STEER_VERSION_FILE;
		err = make_file(dir, STEER_VERSION_FILE, text, group);
	}
	int ret = err == 0 ? STEER_OK
	          : err == ENOENT ? steer_fault(fault, STEER_EINVAL, "%s: no directory to make it in", dir)
	          : steer_store_fault(store, step, err, fault);
	steer_store_close(store);
	return ret;
}

/*! Whether a directory has nothing but what a store is made of; one that is not there has not. */
static bool is_ours_to_take(const char *dir)
{
	DIR *stream = opendir(dir);
	if (stream == NULL) {
		return errno == ENOENT || errno == EACCES; // Making it will say what is wrong.
	}
	bool ours = true;
	for (const struct dirent *entry; ours && (entry = readdir(stream)) != NULL; ) {
		const char *name = entry->d_name;
		ours = strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		       strcmp(name, "lost+found") == 0 || strcmp(name, STEER_DOORBELL_FILE) == 0;
		for (int env = 0; env < STEER_ENVS; env++) {
			ours = ours || strcmp(name, steer_env_name[env]) == 0;
		}
	}
	closedir(stream);
	return ours;
}

int steer_store_init(const char *dir, const steer_store_options_t *options, bool *created,
                     steer_fault_t *fault)
{
	gid_t group;
	int ret = find_group(options->group, &group, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	if (options->group == NULL && geteuid() != 0) {
		gid_t groups[256];
		int count = getgroups(256, groups);
		bool member = getegid() == group;
		for (int i = 0; i < count; i++) {
			member = member || groups[i] == group;
		}
		group = member ? group : (gid_t)-1; // Not ours to give: the store stays our own.
	}

	char *path = steer_store_path(dir, STEER_VERSION_FILE, NULL);
	if (path == NULL) {
		return no_memory(fault);
	}
	bool exists = access(path, F_OK) == 0;
	free(path);
	*created = !exists;
	if (!exists && !is_ours_to_take(dir)) {
		return steer_fault(fault, STEER_EREFUSED,
		                   "%s: is a file or has other files: name a new or an empty directory",
		                   dir);
	}
	return exists ? steer_store_check(dir, fault) : make_store(dir, options, group, fault);
}

/* Statistics. */

int steer_store_stats(steer_store_t *store, steer_store_stats_t *stats, steer_fault_t *fault)
{
	*stats = (steer_store_stats_t) { .version = STEER_STORE_VERSION };
	MDB_env *env = store->env[STEER_ENV_RECORDS];
	MDB_envinfo info;
	MDB_txn *txn = NULL;
	MDB_stat st = { 0 };
	MDB_val key = { strlen(STEER_META_SEQUENCE), STEER_META_SEQUENCE }, value;
	int err = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
	if (err == MDB_SUCCESS) {
		err = mdb_env_info(env, &info);
	}
	if (err == MDB_SUCCESS) {
		err = mdb_get(txn, store->dbi[STEER_DB_META], &key, &value);
	}
	if (err == MDB_SUCCESS && value.mv_size == sizeof(stats->sequence)) {
		memcpy(&stats->sequence, value.mv_data, sizeof(stats->sequence));
		stats->sequence = steer_le_u64(stats->sequence);
	}
	for (int db = 0; db < STEER_DBS && err == MDB_SUCCESS; db++) {
		if (steer_db_env[db] != STEER_ENV_RECORDS) {
			continue;
		}
		err = mdb_stat(txn, store->dbi[db], &st);
		stats->db[db].name = steer_db_name[db];
		stats->db[db].entries = st.ms_entries;
		stats->db[db].bytes = (uint64_t)st.ms_psize *
		        (st.ms_branch_pages + st.ms_leaf_pages + st.ms_overflow_pages);
	}
	if (err == MDB_SUCCESS) {
		stats->txn_id = mdb_txn_id(txn);
		stats->map_size = info.me_mapsize;
		stats->used = (info.me_last_pgno + 1) * st.ms_psize;
		stats->readers = info.me_numreaders;
		stats->readers_max = info.me_maxreaders;
	}
	mdb_txn_abort(txn);
	return err == MDB_SUCCESS ? STEER_OK : steer_store_fault(store, "statistics", err, fault);
}
