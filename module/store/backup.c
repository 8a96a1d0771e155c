/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/internal.h"

static int sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return errno;
	}
	int err = fsync(fd) == 0 ? 0 : errno;
	close(fd);
	return err;
}

/*! Owner's group and mode of one file for another. */
static int like(const char *path, const char *model)
{
	struct stat st;
	if (stat(model, &st) != 0 || chmod(path, st.st_mode & 07777) != 0) {
		return errno;
	}
	// A user who may not give the group away keeps the copy for themselves.
	return chown(path, -1, st.st_gid) == 0 || errno == EPERM ? 0 : errno;
}

static int copy_env(const steer_store_t *store, const char *to, enum steer_env env)
{
	const char *name = steer_env_name[env];
	char *dir = steer_store_path(to, name, NULL), *old = steer_store_path(store->dir, name, NULL);
	char *data = steer_store_path(to, name, "data.mdb");
	char *old_data = steer_store_path(store->dir, name, "data.mdb");
	char *lock = steer_store_path(to, name, "lock.mdb");
	int err = dir == NULL || old == NULL || data == NULL || old_data == NULL || lock == NULL
	          ? ENOMEM : 0;
	if (err == 0 && mkdir(dir, STEER_DIR_MODE & 0777) != 0) {
		err = errno;
	}
	if (err == 0) {
		err = mdb_env_copy2(store->env[env], dir, MDB_CP_COMPACT);
	}
	if (err == 0) {
		err = like(dir, old);
	}
	if (err == 0) {
		err = like(data, old_data);
	}
	if (err == 0) {
		err = steer_lock_create(lock);
	}
	if (err == 0) {
		err = like(lock, old_data);
	}
	if (err == 0) {
		err = sync_path(data);
	}
	free(dir);
	free(old);
	free(data);
	free(old_data);
	free(lock);
	return err;
}

static int copy_file(const char *from, const char *to)
{
	char text[64];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
	int err = out < 0 ? errno : 0;
	ssize_t len = err == 0 ? read(in, text, sizeof(text)) : 0;
	if (err == 0 && (len < 0 || write(out, text, len) != len || fsync(out) != 0)) {
		err = errno != 0 ? errno : EIO;
	}
	if (in >= 0) {
		close(in);
	}
	if (out >= 0) {
		close(out);
	}
	return err == 0 ? like(to, from) : err;
}

static int copy_named(const steer_store_t *store, const char *to, const char *name)
{
	char *from = steer_store_path(store->dir, name, NULL), *copy = steer_store_path(to, name, NULL);
	int err = from == NULL || copy == NULL ? ENOMEM : copy_file(from, copy);
	free(from);
	free(copy);
	return err;
}

/*! Removes what a failed copy made: only the names that it can have made. */
static void remove_copy(const char *dir)
{
	static const char *const files[] = { "data.mdb", "lock.mdb" };
	for (int env = 0; env < STEER_ENVS; env++) {
		for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
			char *path = steer_store_path(dir, steer_env_name[env], files[i]);
			if (path != NULL) {
				(void)unlink(path);
				free(path);
			}
		}
		char *path = steer_store_path(dir, steer_env_name[env], NULL);
		if (path != NULL) {
			(void)rmdir(path);
			free(path);
		}
	}
	static const char *const names[] = { STEER_DOORBELL_FILE, STEER_VERSION_FILE };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *path = steer_store_path(dir, names[i], NULL);
		if (path != NULL) {
			(void)unlink(path);
			free(path);
		}
	}
	(void)rmdir(dir);
}

static int copy_store(const steer_store_t *store, const char *to)
{
	int err = mkdir(to, STEER_DIR_MODE & 0777) == 0 ? 0 : errno;
	if (err != 0) {
		return err;
	}
	for (int env = 0; env < STEER_ENVS && err == 0; env++) {
		err = copy_env(store, to, env);
	}
	if (err == 0) {
		err = copy_named(store, to, STEER_DOORBELL_FILE);
	}
	if (err == 0) {
		err = copy_named(store, to, STEER_VERSION_FILE);
	}
	if (err == 0) {
		err = like(to, store->dir);
	}
	if (err == 0) {
		err = sync_path(to);
	}
	if (err != 0) {
		remove_copy(to);
	}
	return err;
}

int steer_store_backup(steer_store_t *store, const char *dir, steer_fault_t *fault)
{
	struct stat st;
	if (lstat(dir, &st) == 0) {
		return steer_fault(fault, STEER_EEXIST, "%s: exists already: name a new directory", dir);
	}
	size_t len = strlen(dir);
	while (len > 1 && dir[len - 1] == '/') {
		len--;
	}
	char *partial = NULL;
	if (asprintf(&partial, "%.*s.partial.%ld", (int)len, dir, (long)getpid()) < 0) {
		return steer_no_memory(fault);
	}
	int err = copy_store(store, partial);
	if (err == 0 && rename(partial, dir) != 0) {
		err = errno;
		remove_copy(partial);
	}
	free(partial);
	if (err == 0) {
		return STEER_OK;
	}
	const steer_store_t at = { .dir = (char *)dir };
	return err == ENOENT ? steer_fault(fault, STEER_EINVAL, "%s: no directory to put it in", dir)
	                     : steer_store_fault(&at, "backup", err, fault);
}
