/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Lets root work in a store's directory with no more rights than those who may write there.
 *
 * Whoever may write to a store may replace any of its files by a link at any moment. With the
 * file-system ids of the directory's owner and group, such a link leads root only to where whoever
 * made it could go as well.
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
 * Takes the file-system ids of a directory's owner and group, and gives up all other groups.
 *
 * In a directory of root itself, the ids are those of the user nobody and of the directory's group.
 * Nothing changes for a user who is not root, in a directory where root alone has rights, or for a
 * root that may not change ids, such as a server that has given up its capabilities.
 *
 * \return 0, or ENOMEM: nothing has changed.
 */
int steer_rights_take(steer_rights_t *before, const struct stat *dir);
/*! Gives the thread its own rights back; errno stays as it is. */
void steer_rights_restore(steer_rights_t *before);
