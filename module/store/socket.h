/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The UNIX socket in a store's directory, on which its steerd answers.
 *
 * Both ends go through the open directory, so its path may be longer than the address of a socket
 * and leads to the same store even if that is being replaced. Whoever may write to the store may
 * connect.
 *
 * Threads:  a socket is its user's.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "store/store.h"

/*! A listening socket with a file. */
typedef struct {
	int fd;      /*!< Does not block; -1: none. */
	char name[NAME_MAX + 1];
	int folder;  /*!< Where its file is. */
	dev_t device;
	ino_t inode;
} steer_socket_t;

/*!
 * Makes the socket of a store, in place of one that a killed steerd has left.
 *
 * \param[in] store  Claimed: no other steerd has it.
 *
 * \retval STEER_OK, STEER_EACCES, STEER_EFULL, STEER_EIO
 */
int steer_store_listen(steer_socket_t *socket, const steer_store_t *store, steer_fault_t *fault);
/*! Whether the file of a socket is still there, and is in the directory of a store. */
bool steer_store_has_socket(const steer_store_t *store, const steer_socket_t *socket);
/*!
 * Makes a socket with a path, in place of one on which nobody listens.
 *
 * \retval STEER_OK, STEER_EEXIST, STEER_EACCES, STEER_ENOENT, STEER_EFULL, STEER_EIO
 */
int steer_socket_listen(steer_socket_t *socket, const char *path, steer_fault_t *fault);
/*! Closes a socket and removes its file, unless that is another one by now. */
void steer_socket_close(steer_socket_t *socket);

/*!
 * Connects to the steerd of a store.
 *
 * \param[out] fd  Does not block.
 *
 * \retval STEER_OK, STEER_EACCES, STEER_EIO, STEER_EBUSY (it takes no more connections for now)
 * \retval STEER_ENOENT  None is running.
 */
int steer_store_connect(const steer_store_t *store, int *fd, steer_fault_t *fault);
