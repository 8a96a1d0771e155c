/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The files that a configuration of Knot names.
 */
#pragma once

#include "formats/input.h"

/*! How they are found and opened. */
typedef struct {
	/*! Opens a file, as steer_input_open(). */
	int (*open)(void *ctx, steer_input_t **input, const char *path, steer_fault_t *fault);
	/*!
	 * Finds the regular files of a pattern, as glob(7) has them.
	 *
	 * \param[in] found  Called with each; an error ends the search, which returns it.
	 *
	 * \retval STEER_OK, STEER_ENOMEM
	 * \retval STEER_ENOENT  There is none, or a folder cannot be read.
	 */
	int (*match)(void *ctx, const char *pattern, int (*found)(void *to, const char *path), void *to);
	void *ctx;
} steer_knot_files_t;

/*! Those of the file system. */
extern const steer_knot_files_t steer_knot_files;
