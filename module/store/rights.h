/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief root at work in a store's directory, with no more rights than those who may write there.
 *
 * Whoever may write to a store may put a link in the place of any of its files, at any moment. With
 * the file-system ids of the directory's owner and group, such a link leads root nowhere that its
 * maker could not go.
 *
 * Threads:  the ids are those of the calling thread alone.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/*! What a thread had before. */
typedef struct {
	bool taken;
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int count;
} steer_rights_t;

/*!
 * Takes on the file-system ids of a directory's owner and group, and gives up all other groups.
 *
 * The directory of root itself is worked in as user nobody, with the rights of its group. Nothing
 * changes for a user who is not root, where root alone has rights, and for a root that may not
 * change ids, such as that of a server that has given up its capabilities.
 *
 * \return 0, or ENOMEM: nothing has changed.
 */
int steer_rights_take(steer_rights_t *before, const struct stat *dir);
/*! Gives a thread its own rights back; errno stays as it is. */
void steer_rights_restore(steer_rights_t *before);
