/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "store/handles.h"

/*! Connections that wait to be accepted. */
#define BACKLOG 64

/*! The address of a file by its open directory or, if name is NULL, by itself. */
static struct sockaddr_un address_of(int fd, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	snprintf(address.sun_path, sizeof(address.sun_path), name != NULL ? "/proc/self/fd/%d/%s"
	         : "/proc/self/fd/%d", fd, name);
	return address;
}

static int new_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Connecting. */

static int connect_to(const steer_folder_t *folder, const char *name, int *fd)
{
	int file, err = steer_file_reach(folder, name, &file);
	if (err != 0) {
		return err;
	}
	struct sockaddr_un address = address_of(file, NULL);
	int made = new_socket();
	if (made < 0 || connect(made, (struct sockaddr *)&address, sizeof(address)) != 0) {
		err = errno;
	}
	close(file);
	if (err != 0 && made >= 0) {
		close(made);
	}
	if (err == 0) {
		*fd = made;
	}
	return err;
}

int steer_store_connect(const steer_store_t *store, int *fd, steer_fault_t *fault)
{
	steer_rights_t before;
	if (steer_rights_take(&before, &store->folder.store) != 0) {
		return steer_no_memory(fault);
	}
	int err = connect_to(&store->folder, STEER_SOCKET_FILE, fd);
	steer_rights_restore(&before);
	switch (err) {
	case 0:
		return STEER_OK;
	case ENOENT:
	case ECONNREFUSED: // It was killed.
		return steer_fault(fault, STEER_ENOENT, "%s: no steerd is running", store->dir);
	case EAGAIN:
		return steer_fault(fault, STEER_EBUSY, "%s: steerd takes no more connections for now",
		                   store->dir);
	default:
		return steer_store_fault(store, STEER_SOCKET_FILE, err, fault);
	}
}

/* Listening. */

/*! Removes a socket that nobody uses; anything else in its place is kept. */
static int make_room(int folder, const char *name)
{
	struct stat st;
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		return errno == ENOENT ? 0 : errno;
	}
	if (!S_ISSOCK(st.st_mode)) {
		return STEER_FILE_IS_STRANGE;
	}
	return unlinkat(folder, name, 0) == 0 || errno == ENOENT ? 0 : errno;
}

/*! Binds and listens. The mode of a socket that has no file yet is that of its file. */
static int bind_to(int fd, int folder, const char *name)
{
	struct sockaddr_un address = address_of(folder, name);
	return fchmod(fd, STEER_FILE_MODE) != 0 ||
	       bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	       listen(fd, BACKLOG) != 0 ? errno : 0;
}

static int listen_in(steer_socket_t *new, int folder, const char *name)
{
	*new = (steer_socket_t) { .fd = -1, .folder = -1 };
	if (snprintf(new->name, sizeof(new->name), "%s", name) >= (int)sizeof(new->name)) {
		return ENAMETOOLONG;
	}
	int err = make_room(folder, name);
	if (err != 0) {
		return err;
	}
	struct stat st = { 0 };
	// Not a copy of the descriptor, which would share its lock: see steer_store_claim().
	new->folder = openat(folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	new->fd = new->folder >= 0 ? new_socket() : -1;
	err = new->fd >= 0 ? bind_to(new->fd, folder, name) : errno;
	if (err == 0 && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		err = errno;
	}
	new->device = st.st_dev;
	new->inode = st.st_ino;
	if (err != 0) {
		steer_socket_close(new);
	}
	return err;
}

int steer_store_listen(steer_socket_t *socket, const steer_store_t *store, steer_fault_t *fault)
{
	steer_rights_t before;
	steer_socket_t made;
	if (steer_rights_take(&before, &store->folder.store) != 0) {
		return steer_no_memory(fault);
	}
	int err = listen_in(&made, store->folder.fd, STEER_SOCKET_FILE);
	steer_rights_restore(&before);
	if (err != 0) {
		return steer_store_fault(store, STEER_SOCKET_FILE, err, fault);
	}
	*socket = made;
	return STEER_OK;
}

/*! Whether a name is that of a socket's file. */
static bool is_file_of(const steer_socket_t *socket, int folder)
{
	struct stat st;
	return fstatat(folder, socket->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       st.st_dev == socket->device && st.st_ino == socket->inode;
}

bool steer_store_has_socket(const steer_store_t *store, const steer_socket_t *socket)
{
	return socket->fd >= 0 && is_file_of(socket, store->folder.fd);
}

/*! Makes a socket, unless another program listens there. */
static int listen_alone(steer_socket_t *socket, const steer_folder_t *folder, const char *name)
{
	int other, err = connect_to(folder, name, &other);
	if (err == 0) {
		close(other);
	}
	return err == 0 || err == EAGAIN ? EADDRINUSE : listen_in(socket, folder->fd, name);
}

int steer_socket_listen(steer_socket_t *socket, const char *path, steer_fault_t *fault)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : slash - path);
	if (parent == NULL) {
		return steer_no_memory(fault);
	}
	steer_folder_t folder;
	int err = steer_folder_open(&folder, parent);
	free(parent);
	if (err == 0) {
		err = listen_alone(socket, &folder, slash == NULL ? path : slash + 1);
		steer_folder_close(&folder);
	}
	switch (err) {
	case 0:
		return STEER_OK;
	case EADDRINUSE:
		return steer_fault(fault, STEER_EEXIST, "%s: another program listens there", path);
	case STEER_FILE_IS_STRANGE:
		return steer_fault(fault, STEER_EEXIST, "%s: exists, and is not a socket", path);
	default:
		return steer_fault(fault, STEER_EIO, "%s: %s", path, strerror(err));
	}
}

void steer_socket_close(steer_socket_t *socket)
{
	if (socket->fd >= 0) {
		if (is_file_of(socket, socket->folder)) {
			(void)unlinkat(socket->folder, socket->name, 0);
		}
		close(socket->fd);
	}
	if (socket->folder >= 0) {
		close(socket->folder);
	}
	socket->fd = socket->folder = -1;
}
