/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a store. The version file comes last: it is what makes a directory a store, so an init
 * that was killed is finished by the next one. */
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

static int own(const char *path, mode_t mode, gid_t group)
{
	return (group != (gid_t)-1 && chown(path, -1, group) != 0) || chmod(path, mode) != 0
	       ? errno : 0;
}

static int make_dir(const char *path, gid_t group)
{
	return mkdir(path, STEER_DIR_MODE & 0777) != 0 && errno != EEXIST ? errno
	       : own(path, STEER_DIR_MODE, group);
}

static int make_file(const char *dir, const char *name, const char *text, gid_t group)
{
	char *path = steer_store_path(dir, name, NULL);
	if (path == NULL) {
		return ENOMEM;
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, STEER_FILE_MODE);
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
		err = own(path, STEER_FILE_MODE, group);
	}
	free(path);
	return err;
}

/*! Size of LMDB's lock file for that many readers, which fill a cache line each. */
#define LOCK_SIZE ((STEER_READERS + 2) * 64)

int steer_lock_create(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, STEER_FILE_MODE);
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
		err = steer_env_map(&store->env[env], path, MDB_NOTLS, map_size);
	}
	if (err == 0) {
		err = make_databases(store, env, options);
	}
	if (err == 0) {
		err = own(data, STEER_FILE_MODE, group);
	}
	if (err == 0) {
		err = own(lock, STEER_FILE_MODE, group);
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
	steer_store_t *store = steer_store_new(dir, STEER_STORE_WRITE);
	if (store == NULL) {
		return steer_no_memory(fault);
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
		return steer_no_memory(fault);
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
