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

/*! Bytes that are read from a pipe or a device, which may have no end. */
#define STEER_INPUT_MAX (256 << 20)

typedef struct steer_input {
	struct steer_input *next; /*!< For the owner's list. */
	char *name;               /*!< As given, for messages. */
	char *dir; /*!< Where its $INCLUDE looks, with a final slash or ""; NULL: nowhere. */
	const char *text;
	size_t len;
	char *copy;               /*!< As long as text, changed by a reader; NULL: it is not. */
	bool regular;             /*!< A plain file, whose name may mean something. */
	enum { STEER_INPUT_BORROWED, STEER_INPUT_MAPPED, STEER_INPUT_READ } kind;
} steer_input_t;

/*!
 * Opens a file: a regular one is mapped, another one is read to its end.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_ENOENT, STEER_EACCES, STEER_EIO  It cannot be read.
 * \retval STEER_EREFUSED  It has zero bytes, or is no regular file and has no end in sight.
 */
int steer_input_open(steer_input_t **input, const char *path, steer_fault_t *fault);
/*!
 * The same, of a regular file that lies below a directory, whatever links lead to it; opening it
 * waits for nobody.
 *
 * \param[in] base  Path of the directory without links; NULL: there is none, so no file does.
 *
 * \retval STEER_EREFUSED  It lies elsewhere, or is no regular file.
 */
int steer_input_open_below(steer_input_t **input, const char *path, const char *base,
                           steer_fault_t *fault);
/*! Takes text as it is, borrowed. */
int steer_input_text(steer_input_t **input, const char *name, const char *text, size_t len);
/*! Gives the text back, not the names. */
void steer_input_release(steer_input_t *input);
/*! Frees a list of inputs; NULL is fine. */
void steer_input_free(steer_input_t *input);
