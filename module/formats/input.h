/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Files as text in memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "steer/error.h"
#include "steer/fault.h"

/*! Most bytes that are read from a pipe or a device, which may never end. */
#define STEER_INPUT_MAX (256 << 20)

typedef struct steer_input {
	struct steer_input *next; /*!< For the owner's list. */
	char *name;               /*!< As given, for messages. */
	char *dir; /*!< Where its $INCLUDE looks, with a final slash, or ""; NULL: nowhere. */
	const char *text;
	size_t len;
	char *copy;               /*!< Of the length of text, changed by a reader; NULL: unchanged. */
	bool regular;             /*!< A regular file, whose name may mean something. */
	enum { STEER_INPUT_BORROWED, STEER_INPUT_MAPPED, STEER_INPUT_READ } kind;
} steer_input_t;

/*!
 * Opens a file: a regular one is mapped, any other is read to its end.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_ENOENT, STEER_EACCES, STEER_EIO  It cannot be read.
 * \retval STEER_EREFUSED  It has zero bytes, or it is not a regular file and has more than
 *                         STEER_INPUT_MAX bytes.
 */
int steer_input_open(steer_input_t **input, const char *path, steer_fault_t *fault);
/*! The same for a file that may have zero bytes. */
int steer_input_open_bytes(steer_input_t **input, const char *path, steer_fault_t *fault);
/*! Refuses such a file where text is wanted. \return STEER_EREFUSED */
int steer_input_not_text(const char *path, steer_fault_t *fault);
/*!
 * Opens, as steer_input_open(), a regular file below a directory, whatever links lead to it. It
 * never blocks.
 *
 * \param[in] base  Path of the directory without links; NULL: there is none, so no file is below
 *                  it.
 *
 * \retval STEER_EREFUSED  It is elsewhere, or is not a regular file.
 */
int steer_input_open_below(steer_input_t **input, const char *path, const char *base,
                           steer_fault_t *fault);
/*! Makes an input of text, which is borrowed. */
int steer_input_text(steer_input_t **input, const char *name, const char *text, size_t len);
/*! Frees the text, but not the names. */
void steer_input_release(steer_input_t *input);
/*! Frees a list of inputs; NULL is fine. */
void steer_input_free(steer_input_t *input);
