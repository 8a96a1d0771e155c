/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <unistd.h>

#define OPEN_FLAGS (O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/*! Checks that something inside is what it should be. */
static int judge(const steer_folder_t *folder, mode_t type, const struct stat *st)
{
	const struct stat *store = &folder->store;
	if (S_ISLNK(st->st_mode)) {
		return STEER_FILE_IS_LINK;
	}
	if ((st->st_mode & S_IFMT) != type) {
		return STEER_FILE_IS_STRANGE;
	}
	if (type != S_IFDIR && st->st_nlink > 1) {
		return STEER_FILE_HAS_NAMES;
	}
	bool own = st->st_uid == (uid_t)setfsuid(-1) || st->st_uid == geteuid();
	bool of_store = st->st_uid == store->st_uid || st->st_gid == store->st_gid;
	return own || (of_store && !folder->own) ? 0 : STEER_FILE_IS_FOREIGN;
}

/*! Error for something that could not be opened as what it should be. */
static int failed(const steer_folder_t *folder, const char *name, mode_t type, int err)
{
	struct stat st;
	if (err == ENOENT || fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		return err;
	}
	int verdict = judge(folder, type, &st);
	return verdict != 0 ? verdict : err;
}

static int take(const steer_folder_t *folder, const char *name, int flags, mode_t type, int *fd)
{
	struct stat st;
	int opened = openat(folder->fd, name, flags | OPEN_FLAGS, STEER_FILE_MODE);
	if (opened < 0) {
		return failed(folder, name, type, errno);
	}
	int err = fstat(opened, &st) == 0 ? judge(folder, type, &st) : errno;
	if (err != 0) {
		close(opened);
		return err;
	}
	*fd = opened;
	return 0;
}

int steer_file_give(int fd, gid_t group, mode_t mode)
{
	struct stat st;
	return fstat(fd, &st) != 0 ||
	       (group != (gid_t)-1 && st.st_gid != group && fchown(fd, -1, group) != 0) ||
	       ((st.st_mode & 07777) != mode && fchmod(fd, mode) != 0) ? errno : 0;
}

int steer_folder_open(steer_folder_t *folder, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		return errno;
	}
	if (fstat(fd, &folder->store) != 0) {
		int err = errno;
		close(fd);
		return err;
	}
	folder->fd = fd;
	folder->own = false;
	return 0;
}

int steer_folder_enter(steer_folder_t *inner, const steer_folder_t *outer, const char *name)
{
	int fd, err = take(outer, name, O_RDONLY | O_DIRECTORY, S_IFDIR, &fd);
	if (err == 0) {
		*inner = (steer_folder_t) { fd, outer->own, outer->store };
	}
	return err;
}

int steer_folder_make(steer_folder_t *inner, const steer_folder_t *outer, const char *name)
{
	if (mkdirat(outer->fd, name, STEER_DIR_MODE & 0700) != 0 && errno != EEXIST) {
		return errno;
	}
	steer_folder_t made;
	int err = steer_folder_enter(&made, outer, name);
	if (err != 0) {
		return err;
	}
	if (fchmod(made.fd, STEER_DIR_MODE & 0700) != 0) {
		err = errno;
		steer_folder_close(&made);
		return err;
	}
	*inner = made;
	return 0;
}

void steer_folder_close(steer_folder_t *folder)
{
	if (folder->fd >= 0) {
		close(folder->fd);
		folder->fd = -1;
	}
}

int steer_file_look(const steer_folder_t *folder, const char *name, struct stat *st)
{
	return fstatat(folder->fd, name, st, AT_SYMLINK_NOFOLLOW) == 0 ? judge(folder, S_IFREG, st)
	                                                               : errno;
}

int steer_file_open(const steer_folder_t *folder, const char *name, int flags, int *fd)
{
	return take(folder, name, flags, S_IFREG, fd);
}

int steer_file_reach(const steer_folder_t *folder, const char *name, int *fd)
{
	return take(folder, name, O_PATH, S_IFSOCK, fd);
}

int steer_file_make(const steer_folder_t *folder, const char *name, int *fd)
{
	int made = openat(folder->fd, name, O_RDWR | O_CREAT | O_EXCL | OPEN_FLAGS, STEER_FILE_MODE);
	if (made < 0) {
		return errno == EEXIST ? steer_file_open(folder, name, O_RDWR, fd) : errno;
	}
	if (fchmod(made, STEER_FILE_MODE) != 0) { // The umask may have removed some of it.
		int err = errno;
		close(made);
		return err;
	}
	*fd = made;
	return 0;
}

static int put_text(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t put = write(fd, text, len);
	if (put >= 0 && (size_t)put < len) {
		return ENOSPC;
	}
	return put < 0 || fsync(fd) != 0 ? errno : 0;
}

int steer_file_write(const steer_folder_t *folder, const char *name, const char *text, gid_t group)
{
	char new_name[NAME_MAX];
	snprintf(new_name, sizeof(new_name), "%s" STEER_FILE_NEW, name);
	if (unlinkat(folder->fd, new_name, 0) != 0 && errno != ENOENT) {
		return errno;
	}
	int fd, err = steer_file_make(folder, new_name, &fd);
	if (err != 0) {
		return err;
	}
	err = put_text(fd, text);
	if (err == 0) {
		err = steer_file_give(fd, group, STEER_FILE_MODE);
	}
	close(fd);
	if (err == 0 && (renameat(folder->fd, new_name, folder->fd, name) != 0 ||
	                 fsync(folder->fd) != 0)) {
		err = errno;
	}
	return err;
}
