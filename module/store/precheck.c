/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checking a store without opening it: to open and close its lock file would drop the locks of the
 * process that has it open, which may be this one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/utf8.h"
#include "store/handles.h"

/*
 * LMDB 0.9's meta page: page header, then magic, version, address, map size, two trees, last page,
 * transaction id (the layout of MDB_meta on 64-bit machines).
 */
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
	if (got < META_LEN || native32(meta) != LMDB_MAGIC) {
		return MDB_INVALID;
	}
	return native32(meta + 4) == LMDB_VERSION ? 0 : MDB_VERSION_MISMATCH;
}

/*! Whether a tree's root page is in the file. LMDB counts pages that it never wrote, too. */
static bool has_root(const uint8_t *meta, size_t root_at, uint64_t page, off_t size)
{
	uint64_t root = native64(meta + root_at);
	return root == UINT64_MAX || (root < UINT64_MAX / page && (root + 1) * page <= (uint64_t)size);
}

/*!
 * Reads LMDB's map size from the newer meta page, and checks that its root pages are in the file.
 *
 * \return 0, errno or an error of LMDB.
 */
static int read_meta(int fd, off_t size, uint64_t *map_size)
{
	uint8_t meta[2][META_LEN];
	int err = meta_page(fd, 0, meta[0]);
	if (err != 0) {
		return err;
	}
	uint64_t page = native32(meta[0] + META_PAGE);
	err = meta_page(fd, page, meta[1]);
	if (err != 0) {
		return err;
	}
	const uint8_t *newer = meta[native64(meta[1] + META_TXN) > native64(meta[0] + META_TXN)];
	if (page == 0 || !has_root(newer, META_FREE, page, size) ||
	    !has_root(newer, META_MAIN, page, size)) {
		return MDB_CORRUPTED;
	}
	*map_size = native64(newer + META_MAP_SIZE);
	return 0;
}

int steer_version_look(steer_store_t *store, steer_fault_t *fault)
{
	char text[32] = "", shown[STEER_SHOWN];
	int fd, err = steer_file_open(&store->folder, STEER_VERSION_FILE, O_RDONLY, &fd);
	if (err == ENOENT) {
		return steer_fault(fault, STEER_ENOENT, "%s: not a store: make one with 'steerctl init'",
		                   store->dir);
	} else if (err != 0) {
		return steer_store_fault(store, STEER_VERSION_FILE, err, fault);
	}
	ssize_t len = read(fd, text, sizeof(text) - 1);
	close(fd);
	char *end = text;
	unsigned long version = len > 0 ? strtoul(text, &end, 10) : 0;
	if (version < 1 || version > STEER_STORE_VERSION || *end != '\n') {
		return steer_fault(fault, STEER_EVERSION,
		                   "%s: store of version '%s', this program knows 1 to %u", store->dir,
		                   steer_shown(shown, text, strcspn(text, "\n")), STEER_STORE_VERSION);
	}
	struct stat st;
	err = steer_file_look(&store->folder, STEER_DOORBELL_FILE, &st);
	if (err != 0 && err != ENOENT) { // The next writer makes a missing one.
		return steer_store_fault(store, STEER_DOORBELL_FILE, err, fault);
	}
	store->version = version;
	return STEER_OK;
}

/*! Checks the lock file, without which LMDB would silently work on a read-only file system. */
static int look_at_lock(const steer_folder_t *folder)
{
	struct stat st;
	int err = steer_file_look(folder, "lock.mdb", &st);
	// root may have others' file-system ids, which are used with this flag alone.
	int flags = geteuid() == 0 ? AT_EACCESS : 0;
	return err != 0 || faccessat(folder->fd, "lock.mdb", R_OK | W_OK, flags) == 0 ? err : errno;
}

static int look_at_data(const steer_folder_t *folder, struct stat *data, uint64_t *map_size)
{
	int fd, err = steer_file_open(folder, "data.mdb", O_RDONLY, &fd);
	if (err == 0) {
		err = fstat(fd, data) == 0 ? read_meta(fd, data->st_size, map_size) : errno;
		close(fd);
	}
	return err;
}

int steer_env_look(const steer_store_t *store, enum steer_env env, steer_folder_t *folder,
                   struct stat *data, uint64_t *map_size, steer_fault_t *fault)
{
	char step[64];
	const char *name = steer_env_name[env], *file = "";
	steer_folder_t opened = { .fd = -1 };
	int err = steer_folder_enter(&opened, &store->folder, name);
	if (err == 0) {
		file = "/data.mdb";
		err = look_at_data(&opened, data, map_size);
	}
	if (err == 0) {
		file = "/lock.mdb";
		err = look_at_lock(&opened);
	}
	if (err != 0) {
		steer_folder_close(&opened);
		snprintf(step, sizeof(step), "%s%s", name, file);
		return steer_store_fault(store, step, err, fault);
	}
	*folder = opened;
	return STEER_OK;
}

static int look_inside(steer_store_t *store, steer_fault_t *fault)
{
	int ret = steer_version_look(store, fault);
	for (int env = 0; env < STEER_ENVS && ret == STEER_OK; env++) {
		steer_folder_t folder;
		struct stat data;
		uint64_t map_size;
		if (!steer_env_is_there(store, env)) {
			continue;
		}
		ret = steer_env_look(store, env, &folder, &data, &map_size, fault);
		if (ret == STEER_OK) {
			steer_folder_close(&folder);
		}
	}
	return ret;
}

int steer_store_precheck(const char *dir, steer_fault_t *fault)
{
	steer_store_t *store = NULL;
	steer_rights_t before;
	int ret = steer_store_enter(&store, dir, STEER_STORE_READ, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = steer_rights_take(&before, &store->folder.store) == 0 ? look_inside(store, fault)
	      : steer_no_memory(fault);
	steer_rights_restore(&before);
	steer_store_close(store);
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

/*! Looks at the data file that an environment has in a store's directory. */
static int look_at_env(const steer_folder_t *store, enum steer_env env, struct stat *data)
{
	steer_folder_t folder;
	int err = steer_folder_enter(&folder, store, steer_env_name[env]);
	if (err == 0) {
		err = steer_file_look(&folder, "data.mdb", data);
		steer_folder_close(&folder);
	}
	return err;
}

int steer_store_identity(const char *dir, dev_t *device, ino_t *inode)
{
	steer_folder_t folder;
	struct stat st;
	int err = steer_folder_open(&folder, dir);
	if (err == 0) {
		err = look_at_env(&folder, STEER_ENV_RECORDS, &st);
		steer_folder_close(&folder);
	}
	if (err != 0) {
		return err == EACCES ? STEER_EACCES
		       : err == ENOENT || err == ENOTDIR ? STEER_ENOENT : STEER_EIO;
	}
	*device = st.st_dev;
	*inode = st.st_ino;
	return STEER_OK;
}

/*! Whether an environment's data file is there and another one than that which is open. */
static bool is_replaced(const steer_store_t *store, enum steer_env env)
{
	struct stat open, there;
	int fd, err;
	if (mdb_env_get_fd(store->env[env], &fd) != MDB_SUCCESS || fstat(fd, &open) != 0) {
		return false;
	}
	err = look_at_env(&store->folder, env, &there);
	return err == ENOENT ||
	       (err == 0 && (there.st_dev != open.st_dev || there.st_ino != open.st_ino));
}

bool steer_store_is_current(const steer_store_t *store)
{
	for (int env = 0; env < STEER_ENVS; env++) {
		if (store->env[env] != NULL && is_replaced(store, env)) {
			return false;
		}
	}
	return true;
}
