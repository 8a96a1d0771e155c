/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Opening what lies in a store's directory, where nothing is trusted to be what it seems.
 *
 * Everything is opened from the directory that was opened before, follows no link, never blocks,
 * and is looked at before it is written to or changed in mode: a regular file (or directory) with
 * one name, of the store's owner, of its group, or of the user.
 *
 * Threads:  pure but for the files.
 * Errors:   0, errno, or one of STEER_FILE_*.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/*! Modes of a store's directories and files, whatever the umask. */
#define STEER_DIR_MODE  02770
#define STEER_FILE_MODE 0660

/*! What a file of a store must not be; beside errno and the errors of LMDB, which are below 0. */
enum {
	STEER_FILE_IS_LINK = 1 << 16, /*!< A symbolic link. */
	STEER_FILE_IS_STRANGE,        /*!< Neither a file nor a directory, or the one for the other. */
	STEER_FILE_HAS_NAMES,         /*!< A hard link, to something that has another name too. */
	STEER_FILE_IS_FOREIGN,        /*!< Neither the store's nor the user's. */
	STEER_FILE_WAS_SWAPPED,       /*!< Not the one any more that was looked at. */
	STEER_FILE_NO_PROC,           /*!< /proc, by which LMDB is led to a directory, is missing. */
};

/*! A directory, and whose its files may be. */
typedef struct {
	int fd;
	bool own;          /*!< The user's alone. */
	struct stat store; /*!< The store's directory, of which this is one, or which this is. */
} steer_folder_t;

/*! Opens the directory that a user has named, by a link or not. */
int steer_folder_open(steer_folder_t *folder, const char *path);
/*! Opens a directory inside. */
int steer_folder_enter(steer_folder_t *inner, const steer_folder_t *outer, const char *name);
/*! Makes one inside unless it is there, closes it to all but the user, and opens it. */
int steer_folder_make(steer_folder_t *inner, const steer_folder_t *outer, const char *name);
void steer_folder_close(steer_folder_t *folder);

/*! Gives a file or directory a group (-1: as it is) and then a mode. */
int steer_file_give(int fd, gid_t group, mode_t mode);

/*! Looks at a file without opening it. \param[out] st  What is there, if anything. */
int steer_file_look(const steer_folder_t *folder, const char *name, struct stat *st);
/*! Opens a file. \param[in] flags  O_RDONLY, O_WRONLY or O_RDWR. */
int steer_file_open(const steer_folder_t *folder, const char *name, int flags, int *fd);
/*! The same for reading and writing; one that is missing is made, with its mode. */
int steer_file_make(const steer_folder_t *folder, const char *name, int *fd);
/*! Writes a file that is there whole or not at all, even after a power cut. */
int steer_file_write(const steer_folder_t *folder, const char *name, const char *text, gid_t group);

/*! Behind the name of a file that steer_file_write() has not yet renamed. */
#define STEER_FILE_NEW ".new"
