/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief gdnsd: its configuration, in vscf, and the zone files beside it.
 *
 * The files of an import belong together: zones take records from resources of the configuration.
 *
 * Threads:  belongs to one thread.
 * Memory:   some 100 bytes for each value of a configuration, and the files; what zones take from
 *           resources is passed on and not kept.
 * Trust:    files can be anything: bounds are in vscf.h, resource.h and emit.h.
 */
#pragma once

#include "formats/input.h"
#include "formats/reading.h"

typedef struct steer_gdnsd steer_gdnsd_t;

/*! \param[in] anywhere  Files may include others from outside their folder. NULL: out of memory. */
steer_gdnsd_t *steer_gdnsd_new(bool anywhere);
/*! NULL is fine. */
void steer_gdnsd_free(steer_gdnsd_t *files);

/*!
 * Adds what a folder has, in config and zones/; or the file config, and zones/ beside it.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  There is nothing, or a second configuration.
 * \retval others          As steer_input_open().
 */
int steer_gdnsd_open(steer_gdnsd_t *files, const char *path, steer_fault_t *fault);
/*! Adds a configuration; the input is owned from here on, also after errors. */
int steer_gdnsd_add_config(steer_gdnsd_t *files, steer_input_t *input, steer_fault_t *fault);
/*! Adds a zone file, likewise. \retval STEER_OK, STEER_ENOMEM */
int steer_gdnsd_add_zone(steer_gdnsd_t *files, steer_input_t *input);

/*!
 * Passes on what the files say, once. Health checks come where they are first used.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  Errors; fault has the first, or with reading.error their number.
 * \retval STEER_ENOMEM
 * \retval others          As a callback returned.
 */
int steer_gdnsd_read(steer_gdnsd_t *files, const steer_reading_t *reading, steer_fault_t *fault);
