/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/input.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int steer_input_not_text(const char *path, steer_fault_t *fault)
{
	return steer_fault(fault, STEER_EREFUSED, "%s: it has zero bytes; allowed: text", path);
}

static int system_fault(steer_fault_t *fault, const char *path)
{
	int code = STEER_EIO;
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		code = STEER_ENOENT;
		break;
	case EACCES:
	case EPERM:
		code = STEER_EACCES;
		break;
	case ENOMEM:
		code = STEER_ENOMEM;
		break;
	case EILSEQ:
		return steer_input_not_text(path, fault);
	case EFBIG:
		return steer_fault(fault, STEER_EREFUSED, "%s: more than %d MiB from what is not a regular "
		                   "file; allowed: a file of any size", path, STEER_INPUT_MAX >> 20);
	}
	return steer_fault(fault, code, "%s: %s", path, strerror(errno));
}

/*! Folder that a relative $INCLUDE counts from: that of the real file, not of a link to it. */
static char *folder(const char *path)
{
	struct stat info;
	char *dir = NULL;
	if (lstat(path, &info) == 0 && S_ISLNK(info.st_mode)) {
		dir = realpath(path, NULL);
	}
	if (dir == NULL) {
		dir = strdup(path);
	}
	if (dir != NULL) {
		char *slash = strrchr(dir, '/');
		*(slash != NULL ? slash + 1 : dir) = '\0';
	}
	return dir;
}

static int map(steer_input_t *input, int fd, size_t size)
{
	void *text = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED) {
		return -1;
	}
	input->text = text;
	input->len = size;
	input->kind = STEER_INPUT_MAPPED;
	return 0;
}

/*! Text has no zero bytes; a device or an executable file soon does. */
static bool has_zero(const char *text, size_t len)
{
	return memchr(text, '\0', len) != NULL;
}

static int read_all(steer_input_t *input, int fd, bool bytes)
{
	size_t room = 0, len = 0;
	char *text = NULL;
	ssize_t got = 0;
	do {
		len += got;
		if (len == room) {
			room = room > 0 ? 2 * room : 65536;
			char *more = realloc(text, room);
			if (more == NULL) {
				free(text);
				errno = ENOMEM;
				return -1;
			}
			text = more;
		}
		got = read(fd, text + len, room - len);
		bool zero = got > 0 && !bytes && has_zero(text + len, got);
		if (zero || len > STEER_INPUT_MAX) {
			errno = zero ? EILSEQ : EFBIG;
			got = -1;
		}
	} while (got > 0 || (got < 0 && errno == EINTR && (got = 0) == 0));
	if (got < 0) {
		free(text);
		return -1;
	}
	input->text = text;
	input->len = len;
	input->kind = STEER_INPUT_READ;
	return 0;
}

static int load(steer_input_t *input, int fd, bool bytes)
{
	struct stat info;
	if (fstat(fd, &info) != 0) {
		return -1;
	}
	input->regular = S_ISREG(info.st_mode);
	if (!input->regular || info.st_size == 0) {
		return read_all(input, fd, bytes); // Files in /proc have size 0.
	}
	if (map(input, fd, info.st_size) != 0) {
		return -1;
	}
	(void)madvise((void *)input->text, input->len, bytes ? MADV_NORMAL : MADV_SEQUENTIAL);
	if (!bytes && has_zero(input->text, input->len)) {
		errno = EILSEQ;
		return -1;
	}
	return 0;
}

int steer_input_text(steer_input_t **input, const char *name, const char *text, size_t len)
{
	steer_input_t *made = calloc(1, sizeof(*made));
	if (made == NULL || (made->name = strdup(name)) == NULL) {
		free(made);
		return STEER_ENOMEM;
	}
	made->text = text;
	made->len = len;
	*input = made;
	return STEER_OK;
}

/*! Makes an input of an open file, which is closed in any case; below 0: opening it failed. */
static int take(steer_input_t **input, int fd, const char *path, bool bytes, steer_fault_t *fault)
{
	steer_input_t *made = NULL;
	int err = errno;
	if (steer_input_text(&made, path, "", 0) != STEER_OK) {
		if (fd >= 0) {
			close(fd);
		}
		return steer_fault(fault, STEER_ENOMEM, "%s: out of memory", path);
	}
	made->dir = folder(path);
	errno = err;
	int ret = fd >= 0 && made->dir != NULL && load(made, fd, bytes) == 0
	          ? STEER_OK : system_fault(fault, path);
	if (!made->regular) { // A pipe has no folder in which a file could be looked for.
		free(made->dir);
		made->dir = NULL;
	}
	if (fd >= 0) {
		close(fd);
	}
	if (ret != STEER_OK) {
		steer_input_free(made);
		return ret;
	}
	*input = made;
	return STEER_OK;
}

int steer_input_open(steer_input_t **input, const char *path, steer_fault_t *fault)
{
	return take(input, open(path, O_RDONLY | O_CLOEXEC), path, false, fault);
}

int steer_input_open_bytes(steer_input_t **input, const char *path, steer_fault_t *fault)
{
	return take(input, open(path, O_RDONLY | O_CLOEXEC), path, true, fault);
}

/*! Looks at the path of the open file itself, so that no link can be changed afterwards. */
static bool is_below(int fd, const char *base)
{
	char link[32], path[PATH_MAX];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t len = readlink(link, path, sizeof(path));
	size_t base_len = base != NULL && strcmp(base, "/") != 0 ? strlen(base) : 0;
	return base != NULL && len > 0 && (size_t)len < sizeof(path) && (size_t)len > base_len &&
	       memcmp(path, base, base_len) == 0 && path[base_len] == '/';
}

int steer_input_open_below(steer_input_t **input, const char *path, const char *base,
                           steer_fault_t *fault)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0 && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || !is_below(fd, base))) {
		close(fd);
		return steer_fault(fault, STEER_EREFUSED, "$INCLUDE of %s; allowed: files below the folder "
		                   "of the one that is imported, or any with --include-anywhere", path);
	}
	return take(input, fd, path, false, fault);
}

void steer_input_release(steer_input_t *input)
{
	switch (input->kind) {
	case STEER_INPUT_MAPPED:
		munmap((void *)input->text, input->len);
		break;
	case STEER_INPUT_READ:
		free((void *)input->text);
		break;
	case STEER_INPUT_BORROWED:
		break;
	}
	free(input->copy);
	input->copy = NULL;
	input->text = "";
	input->len = 0;
	input->kind = STEER_INPUT_BORROWED;
}

void steer_input_free(steer_input_t *input)
{
	while (input != NULL) {
		steer_input_t *next = input->next;
		steer_input_release(input);
		free(input->dir);
		free(input->name);
		free(input);
		input = next;
	}
}
