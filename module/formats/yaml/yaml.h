/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Steer YAML, see steer-yaml(5), read by libyaml.
 *
 * A file is read by two parsers side by side: one is a document ahead and reads what that says of
 * its zone, which may come after the records, and its health checks; the other reads the records.
 * So memory is bounded by the largest group of record sets, except for the names and the
 * identifiers of checks, which are kept to find duplicates.
 *
 * Threads:  a file belongs to one thread; there is no state outside it.
 * Units:    lines and columns count from 1, columns in characters.
 */
#pragma once

#include <stddef.h>

#include "formats/input.h"
#include "formats/reading.h"

/*! A YAML file in memory. */
typedef struct steer_yaml steer_yaml_t;

/*! Makes a YAML file of an input, and owns that if it succeeds. \retval STEER_OK, STEER_ENOMEM */
int steer_yaml_take(steer_yaml_t **file, steer_input_t *input);
/*! Makes a YAML file of text in memory, borrowed until it is closed; name is for messages. */
int steer_yaml_text(steer_yaml_t **file, const char *name, const char *text, size_t len);
/*! Closes a file; NULL is fine. */
void steer_yaml_close(steer_yaml_t *file);

/*!
 * Reads a file, any number of times.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  Errors; fault has the first, or with reading.error their number.
 * \retval STEER_ENOMEM
 * \retval others          As a callback returned.
 */
int steer_yaml_read(steer_yaml_t *file, const steer_reading_t *reading, steer_fault_t *fault);

/*! Frees the text of a file that will not be read again, but not its name. */
void steer_yaml_release(steer_yaml_t *file);
