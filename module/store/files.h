/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Opening what is in a store's directory, where nothing is trusted to be what it seems.
 *
 * Everything is opened relative to the open directory, without following links or blocking, and is
 * checked before it is written to or its mode is changed: it must be a regular file, socket or
 * directory with one name, of the store's owner, of its group, or of the user.
 *
 * Threads:  no state but that of the files.
 * Errors:   0, errno, or one of STEER_FILE_*.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/*! Modes of a store's directories and files, whatever the umask. */
#define STEER_DIR_MODE  02770
#define STEER_FILE_MODE 0660

/*! Errors besides errno and those of LMDB, which are negative: what a file must not be. */
enum {
	STEER_FILE_IS_LINK = 1 << 16, /*!< A symbolic link. */
	STEER_FILE_IS_STRANGE,        /*!< Neither a file nor a directory, or the wrong one of both. */
	STEER_FILE_HAS_NAMES,         /*!< A file that has another name too, by a hard link. */
	STEER_FILE_IS_FOREIGN,        /*!< Neither the store's nor the user's. */
	STEER_FILE_WAS_SWAPPED,       /*!< Not the one that was checked before. */
	STEER_FILE_NO_PROC,           /*!< /proc, through which LMDB opens a directory, is missing. */
};

/*! An open directory, and who may own its files. */
typedef struct {
	int fd;
	bool own;          /*!< Only the user. */
	struct stat store; /*!< The store's directory, which is this one or contains it. */
} steer_folder_t;

/*! Opens the directory that a user has named. This may be a link. */
int steer_folder_open(steer_folder_t *folder, const char *path);
/*! Opens a directory inside. */
int steer_folder_enter(steer_folder_t *inner, const steer_folder_t *outer, const char *name);
/*! Makes a directory inside unless it exists, closes it to all but the user, and opens it. */
int steer_folder_make(steer_folder_t *inner, const steer_folder_t *outer, const char *name);
void steer_folder_close(steer_folder_t *folder);

/*! Sets the group (-1: left as it is) and then the mode of a file or directory. */
int steer_file_give(int fd, gid_t group, mode_t mode);

/*! Checks a file without opening it. \param[out] st  What is there, if anything. */
int steer_file_look(const steer_folder_t *folder, const char *name, struct stat *st);
/*! Opens a file. \param[in] flags  O_RDONLY, O_WRONLY or O_RDWR. */
int steer_file_open(const steer_folder_t *folder, const char *name, int flags, int *fd);
/*! Opens a socket's file, to connect by it. */
int steer_file_reach(const steer_folder_t *folder, const char *name, int *fd);
/*! Opens a file for reading and writing; a missing one is made, with its mode. */
int steer_file_make(const steer_folder_t *folder, const char *name, int *fd);
/*! Writes a file that exists as a whole or not at all, even after a power cut. */
int steer_file_write(const steer_folder_t *folder, const char *name, const char *text, gid_t group);

/*! Suffix of a file that steer_file_write() has not renamed yet. */
#define STEER_FILE_NEW ".new"
