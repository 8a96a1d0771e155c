/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/rights.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

/*! User and group "nobody", which own nothing, on all distributions. */
#define NOBODY 65534

/*! Sets the groups of this thread; the C library would set those of all threads. */
static bool set_groups(int count, const gid_t *groups)
{
	return syscall(SYS_setgroups, (size_t)count, groups) == 0;
}

/*! Sets both ids. The calls return nothing but the id before. */
static bool set_ids(uid_t uid, gid_t gid)
{
	(void)setfsgid(gid);
	(void)setfsuid(uid);
	return (gid_t)setfsgid(-1) == gid && (uid_t)setfsuid(-1) == uid;
}

/*! Whether anyone but root has rights in a directory of root. */
static bool is_shared(const struct stat *dir)
{
	return (dir->st_gid != 0 && (dir->st_mode & S_IRWXG) != 0) || (dir->st_mode & S_IWOTH) != 0;
}

/*! Remembers what the thread has. \return 0 or ENOMEM */
static int remember(steer_rights_t *before)
{
	int count = getgroups(0, NULL);
	gid_t *groups = malloc((count > 0 ? count : 1) * sizeof(*groups));
	if (groups == NULL) {
		return ENOMEM;
	}
	*before = (steer_rights_t) {
		.taken = true, .uid = setfsuid(-1), .gid = setfsgid(-1),
		.groups = groups, .count = getgroups(count, groups),
	};
	return 0;
}

int steer_rights_take(steer_rights_t *before, const struct stat *dir)
{
	*before = (steer_rights_t) { .taken = false };
	if (geteuid() != 0 || (dir->st_uid == 0 && !is_shared(dir))) {
		return 0;
	}
	int err = remember(before);
	if (err == 0 &&
	    (!set_groups(0, NULL) || !set_ids(dir->st_uid != 0 ? dir->st_uid : NOBODY,
	                                      dir->st_gid != 0 ? dir->st_gid : NOBODY))) {
		steer_rights_restore(before);
	}
	return err;
}

void steer_rights_restore(steer_rights_t *before)
{
	int err = errno;
	if (before->taken) {
		(void)set_ids(before->uid, before->gid);
		(void)set_groups(before->count, before->groups);
		free(before->groups);
		before->taken = false;
	}
	errno = err;
}
