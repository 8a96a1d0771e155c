/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Names that get their numbers in a change set which is not committed, and perhaps never.
 *
 * Memory:  names are copied; those found are borrowed until the end.
 */
#pragma once

#include "core/dictionary.h"

/*! Names by number; {0} is none. */
typedef struct {
	void *root;
} new_names_t;

/*! Adds a name. \retval STEER_OK, STEER_ENOMEM */
int new_names_add(new_names_t *names, uint32_t number, const steer_dictionary_name_t *name);
bool new_names_find(const new_names_t *names, uint32_t number, steer_dictionary_name_t *name);
void new_names_end(new_names_t *names);
