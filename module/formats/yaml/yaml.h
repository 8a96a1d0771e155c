/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Steer YAML, see steer-yaml(5), read by libyaml.
 *
 * A file is read twice side by side: one reading is a document ahead and finds out what it says of
 * its zone, which may stand behind the records, and takes health checks; the other takes the
 * records. So memory is bounded by the largest group of record sets, but for the names and the
 * identifiers of checks, which are kept to find one that stands twice.
 *
 * Threads:  a file belongs to one thread; there is no state outside it.
 * Units:    lines and columns count from 1, columns in characters.
 */
#pragma once

#include <stddef.h>

#include "formats/input.h"
#include "formats/yaml/reading.h"

/*! A YAML file in memory. */
typedef struct steer_yaml steer_yaml_t;

/*! Makes a YAML file of an input, which is its own from then on. \retval STEER_OK, STEER_ENOMEM */
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
int steer_yaml_read(steer_yaml_t *file, const steer_yaml_reading_t *reading, steer_fault_t *fault);

/*! Gives the text of a file back that will not be read again; its name stays. */
void steer_yaml_release(steer_yaml_t *file);
