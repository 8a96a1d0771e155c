/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A copy is made beside its place, with the rights of the user, and then renamed. Meanwhile the
 * store has a note of it: a symbolic link, which is made at once or not at all, and which nothing
 * follows. The copy is locked while it is made, unlike what a killed backup has left.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/handles.h"

/*! Suffix of a copy that is not complete. */
#define PARTIAL ".steerctl-partial"

/*! Where a copy is made. */
typedef struct {
	char *dir;              /*!< As the user has named it, without slashes at its end. */
	char *partial;          /*!< Its name inside parent until it is complete. */
	const char *name;       /*!< Its final name inside parent. */
	steer_folder_t parent;
} place_t;

/* Removing. */

/*! Locks an unfinished copy. \return false: another backup is making it. */
static bool lock(const steer_folder_t *copy)
{
	return flock(copy->fd, LOCK_EX | LOCK_NB) == 0;
}

/*! Removes the files that a copy can have, and the copy itself if there are no others. */
static int remove_copy(const steer_folder_t *parent, const char *name)
{
	static const char *const files[] = { "data.mdb", "lock.mdb" };
	static const char *const names[] = {
		STEER_DOORBELL_FILE, STEER_VERSION_FILE, STEER_VERSION_FILE STEER_FILE_NEW,
	};
	steer_folder_t copy, inner;
	int err = steer_folder_enter(&copy, parent, name);
	if (err != 0) {
		return err;
	}
	for (int env = 0; env < STEER_ENVS; env++) {
		if (steer_folder_enter(&inner, &copy, steer_env_name[env]) == 0) {
			for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
				(void)unlinkat(inner.fd, files[i], 0);
			}
			steer_folder_close(&inner);
			(void)unlinkat(copy.fd, steer_env_name[env], AT_REMOVEDIR);
		}
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		(void)unlinkat(copy.fd, names[i], 0);
	}
	steer_folder_close(&copy);
	return unlinkat(parent->fd, name, AT_REMOVEDIR) == 0 ? 0 : errno;
}

/*! Removes an entry if a killed backup has left it. */
static void remove_left(const steer_folder_t *parent, const char *name)
{
	size_t len = strlen(name), suffix = strlen(PARTIAL);
	steer_folder_t copy;
	if (len > suffix && strcmp(name + len - suffix, PARTIAL) == 0 &&
	    steer_folder_enter(&copy, parent, name) == 0) {
		if (lock(&copy)) {
			(void)remove_copy(parent, name);
		}
		steer_folder_close(&copy);
	}
}

/*! Removes everything that killed backups have left beside the place. */
static void remove_all_left(const place_t *place)
{
	int fd = openat(place->parent.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
	if (stream == NULL) {
		close(fd);
		return;
	}
	for (const struct dirent *entry; (entry = readdir(stream)) != NULL; ) {
		remove_left(&place->parent, entry->d_name);
	}
	closedir(stream);
}

/* The note. */

/*! Opens the folder of a path, with the owners of the store. \param[out] name  Name inside it. */
static int split(const steer_store_t *store, const char *path, steer_folder_t *parent,
                 const char **name)
{
	const char *slash = strrchr(path, '/');
	char *folder;
	if (slash == NULL) {
		folder = strdup(".");
	} else { // The root keeps its slash.
		folder = strndup(path, slash == path ? 1 : slash - path);
	}
	int err = folder == NULL ? ENOMEM : steer_folder_open(parent, folder);
	free(folder);
	if (err == 0) {
		parent->store = store->folder.store;
		*name = slash == NULL ? path : slash + 1;
	}
	return err;
}

/*! Reads the note. \return false: there is none. */
static bool read_note(const steer_store_t *store, char note[PATH_MAX])
{
	ssize_t len = readlinkat(store->folder.fd, STEER_BACKUP_NOTE, note, PATH_MAX - 1);
	note[len > 0 ? len : 0] = '\0';
	return len > 0;
}

bool steer_store_backup_left(const steer_store_t *store, char path[PATH_MAX])
{
	steer_folder_t parent, copy;
	const char *name;
	if (!read_note(store, path) || split(store, path, &parent, &name) != 0) {
		return false;
	}
	bool left = false;
	if (steer_folder_enter(&copy, &parent, name) == 0) {
		left = flock(copy.fd, LOCK_SH | LOCK_NB) == 0;
		steer_folder_close(&copy);
	}
	steer_folder_close(&parent);
	return left;
}

/*! Removes what a killed backup has left, if the store has a note of it. */
static void settle_note(const steer_store_t *store)
{
	char path[PATH_MAX];
	steer_folder_t parent;
	const char *name;
	if (steer_store_backup_left(store, path) && split(store, path, &parent, &name) == 0) {
		remove_left(&parent, name);
		steer_folder_close(&parent);
	}
}

/*! Makes or removes the note. If that fails, a killed backup is just not reported. */
static void put_note(const steer_store_t *store, const char *text)
{
	steer_rights_t before;
	if (steer_rights_take(&before, &store->folder.store) == 0) {
		(void)unlinkat(store->folder.fd, STEER_BACKUP_NOTE, 0);
		if (text != NULL) {
			(void)symlinkat(text, store->folder.fd, STEER_BACKUP_NOTE);
		}
		steer_rights_restore(&before);
	}
}

/*! Makes the note of a copy, with its whole path if that can be found. */
static void note_place(const steer_store_t *store, const place_t *place)
{
	char link[32], folder[PATH_MAX], note[2 * PATH_MAX];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", place->parent.fd);
	ssize_t len = readlink(link, folder, sizeof(folder) - 1);
	if (len > 0) {
		folder[len] = '\0';
		snprintf(note, sizeof(note), "%s/%s", strcmp(folder, "/") == 0 ? "" : folder,
		         place->partial);
		put_note(store, note);
	}
}

/* Copying. */

/*! Gives a copy the store's owner and group, as far as the user may, and the store's mode. */
static int like_store(const steer_store_t *store, int fd, mode_t mask)
{
	const struct stat *st = &store->folder.store;
	if (fchown(fd, st->st_uid, st->st_gid) != 0 && fchown(fd, -1, st->st_gid) != 0 &&
	    errno != EPERM) { // A user who may not give the group away keeps the copy.
		return errno;
	}
	return fchmod(fd, st->st_mode & mask) == 0 ? 0 : errno;
}

/*! Fills a file of a copy. */
typedef int (*fill_f)(const steer_store_t *store, enum steer_env env, int fd);

static int fill_data(const steer_store_t *store, enum steer_env env, int fd)
{
	return mdb_env_copyfd2(store->env[env], fd, MDB_CP_COMPACT);
}

static int fill_lock(const steer_store_t *store, enum steer_env env, int fd)
{
	(void)store;
	(void)env;
	return steer_lock_fill(fd);
}

static int fill_nothing(const steer_store_t *store, enum steer_env env, int fd)
{
	(void)store;
	(void)env;
	(void)fd;
	return 0;
}

static int fill_version(const steer_store_t *store, enum steer_env env, int fd)
{
	(void)env;
	return dprintf(fd, "%u\n", store->version) > 0 ? 0 : errno;
}

static int copy_file(const steer_store_t *store, enum steer_env env, const steer_folder_t *folder,
                     const char *name, fill_f fill)
{
	int fd = openat(folder->fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	                STEER_FILE_MODE);
	if (fd < 0) {
		return errno;
	}
	int err = fill(store, env, fd);
	if (err == 0 && fsync(fd) != 0) {
		err = errno;
	}
	if (err == 0) {
		err = like_store(store, fd, STEER_FILE_MODE);
	}
	close(fd);
	return err;
}

/*! Finishes a directory. */
static int finish_folder(const steer_store_t *store, steer_folder_t *folder, int err)
{
	if (err == 0 && fsync(folder->fd) != 0) {
		err = errno;
	}
	if (err == 0) {
		err = like_store(store, folder->fd, 07777);
	}
	return err;
}

/*! Makes a directory that is the user's alone until it is finished. */
static int make_folder(const steer_folder_t *outer, const char *name, steer_folder_t *made)
{
	return mkdirat(outer->fd, name, 0700) == 0 ? steer_folder_enter(made, outer, name) : errno;
}

/*! A copy counts transactions anew. */
static int advance_records(const steer_folder_t *folder)
{
	MDB_env *env;
	int err = steer_env_map(&env, folder, MDB_NOTLS | MDB_NOSYNC, 0);
	if (err == MDB_SUCCESS) {
		err = steer_env_advance(env);
		mdb_env_close(env);
	}
	return err;
}

static int copy_env(const steer_store_t *store, const steer_folder_t *to, enum steer_env env)
{
	steer_folder_t folder;
	int err = make_folder(to, steer_env_name[env], &folder);
	if (err != 0) {
		return err;
	}
	err = copy_file(store, env, &folder, "data.mdb", fill_data);
	if (err == 0) {
		err = copy_file(store, env, &folder, "lock.mdb", fill_lock);
	}
	if (err == 0 && env == STEER_ENV_RECORDS) {
		err = advance_records(&folder);
	}
	err = finish_folder(store, &folder, err);
	steer_folder_close(&folder);
	return err;
}

/*!
 * Maps come first, since the records have the names of all numbers in them; the status comes last,
 * since replaying a change set expects that it can be ahead of the records.
 */
static int copy_inside(const steer_store_t *store, steer_folder_t *to)
{
	static const enum steer_env order[STEER_ENVS] = {
		STEER_ENV_MAPS, STEER_ENV_RECORDS, STEER_ENV_STATUS,
	};
	int err = 0;
	for (int i = 0; i < STEER_ENVS && err == 0; i++) {
		err = store->env[order[i]] != NULL ? copy_env(store, to, order[i]) : 0;
	}
	if (err == 0) {
		err = copy_file(store, 0, to, STEER_DOORBELL_FILE, fill_nothing);
	}
	if (err == 0) {
		err = copy_file(store, 0, to, STEER_VERSION_FILE, fill_version);
	}
	return finish_folder(store, to, err);
}

/*! Makes the copy beside its place, and then moves it there. */
static int copy_store(const steer_store_t *store, const place_t *place)
{
	steer_folder_t copy;
	int err = make_folder(&place->parent, place->partial, &copy);
	if (err != 0) {
		return err == EEXIST ? EBUSY : err; // What was left has been removed: it is being made.
	}
	err = lock(&copy) ? copy_inside(store, &copy) : EBUSY;
	int parent = place->parent.fd;
	if (err == 0 && renameat(parent, place->partial, parent, place->name) != 0) {
		err = errno;
	}
	if (err == 0 && fsync(parent) != 0) {
		err = errno;
	} else if (err != 0 && err != EBUSY) {
		(void)remove_copy(&place->parent, place->partial);
	}
	steer_folder_close(&copy);
	return err;
}

static void place_free(place_t *place)
{
	steer_folder_close(&place->parent);
	free(place->partial);
	free(place->dir);
}

static int place_open(const steer_store_t *store, place_t *place, const char *dir)
{
	size_t len = strlen(dir);
	while (len > 1 && dir[len - 1] == '/') {
		len--;
	}
	*place = (place_t) { .dir = strndup(dir, len), .parent.fd = -1 };
	int err = place->dir == NULL ? ENOMEM : split(store, place->dir, &place->parent, &place->name);
	if (err == 0 && asprintf(&place->partial, "%s" PARTIAL, place->name) < 0) {
		place->partial = NULL;
		err = ENOMEM;
	}
	if (err != 0) {
		place_free(place);
	}
	return err;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/*! Whether a directory is the store's, or is below it. */
static bool is_inside(const steer_folder_t *folder, const struct stat *store)
{
	struct stat at = { 0 }, below;
	bool inside = false, top = false;
	int fd = openat(folder->fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	while (fd >= 0) {
		below = at;
		top = fstat(fd, &at) != 0 || is_same(&at, &below);
		inside = is_same(&at, store);
		int upper = inside || top ? -1 : openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = upper;
	}
	return inside;
}

static int backup(steer_store_t *store, const place_t *place, steer_fault_t *fault)
{
	const steer_store_t at = { .dir = place->dir, .folder = place->parent };
	struct stat st;
	if (is_inside(&place->parent, &store->folder.store)) {
		return steer_fault(fault, STEER_EINVAL, "%s: inside the store itself: name a directory "
		                   "elsewhere", place->dir);
	}
	if (place->name[0] == '\0' ||
	    fstatat(place->parent.fd, place->name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		return steer_fault(fault, STEER_EEXIST, "%s: exists already: name a new directory",
		                   place->dir);
	}
	settle_note(store);
	remove_all_left(place);
	note_place(store, place);
	int err = copy_store(store, place);
	put_note(store, NULL);
	if (err == EBUSY) {
		return steer_fault(fault, STEER_EEXIST, "%s: another backup is making it", place->dir);
	}
	return err == 0 ? STEER_OK : steer_store_fault(&at, "backup", err, fault);
}

int steer_store_backup(steer_store_t *store, const char *dir, steer_fault_t *fault)
{
	place_t place;
	int err = place_open(store, &place, dir);
	int ret;
	switch (err) {
	case 0:
		ret = backup(store, &place, fault);
		place_free(&place);
		return ret;
	case ENOMEM:
		return steer_no_memory(fault);
	case ENOENT:
	case ENOTDIR:
		return steer_fault(fault, STEER_EINVAL, "%s: no directory to put it in", dir);
	default:
		return steer_fault(fault, err == EACCES ? STEER_EACCES : STEER_EIO, "%s: %s", dir,
		                   strerror(err));
	}
}
