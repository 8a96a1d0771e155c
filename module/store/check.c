/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking a store without opening it: an open and close of its lock file would drop the locks
 * of the process that has it open, which may be this one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/internal.h"

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

int steer_meta_read(const char *path, uint64_t *map_size)
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
		return steer_no_memory(fault);
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
	int err = path == NULL || lock == NULL ? ENOMEM : steer_meta_read(path, &map_size);
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
