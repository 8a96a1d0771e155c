/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The entries of a configuration, each with the kind that it must have; errors and warnings.
 *
 * What is wrong is reported with what is allowed, and counts as not given. A reading goes on after
 * errors, up to a number; then, or without memory, it ends, and loops look at ret for that.
 *
 * Threads:  a reading belongs to one thread.
 */
#pragma once

#include "formats/gdnsd/memory.h"
#include "formats/gdnsd/vscf.h"
#include "formats/reading.h"

/*! What reading gdnsd's files needs throughout. */
typedef struct {
	const steer_reading_t *sink; /*!< What receives zones, record sets, health checks. */
	steer_report_t report;
	steer_memory_t *memory;
	int ret; /*!< Other than STEER_OK: the reading has ended, and why was told. */
} steer_gdnsd_reading_t;

/*! Hashes in which a parameter is looked for, the innermost first. */
typedef struct steer_gdnsd_scope {
	const steer_vscf_t *hash;
	const struct steer_gdnsd_scope *outer; /*!< NULL: there is none. */
} steer_gdnsd_scope_t;

/*! Reports an error. */
__attribute__((format(printf, 3, 4)))
void steer_gdnsd_wrong(steer_gdnsd_reading_t *reading, const steer_place_t *place,
                       const char *format, ...);
/*! Reports a warning. */
__attribute__((format(printf, 3, 4)))
void steer_gdnsd_warn(steer_gdnsd_reading_t *reading, const steer_place_t *place,
                      const char *format, ...);
/*! Gets memory; without any, the reading ends. \return NULL: so it has */
void *steer_gdnsd_get(steer_gdnsd_reading_t *reading, size_t size);
/*! Prints text into memory. \return NULL: out of memory */
__attribute__((format(printf, 2, 3)))
char *steer_gdnsd_print(steer_gdnsd_reading_t *reading, const char *format, ...);
/*! Ends the reading, as there is no memory. */
void steer_gdnsd_no_memory(steer_gdnsd_reading_t *reading);

/*! Finds a parameter. \return NULL: it is given nowhere */
const steer_vscf_t *steer_gdnsd_find(const steer_gdnsd_scope_t *scope, const char *key);

/*! The text of a value. \return NULL: it is none, which was reported */
const char *steer_gdnsd_text(steer_gdnsd_reading_t *reading, const steer_vscf_t *value);
/*! Reads a whole number from min to max; if it is NULL or wrong, the number stays. */
void steer_gdnsd_number(steer_gdnsd_reading_t *reading, const steer_vscf_t *value, uint32_t min,
                        uint32_t max, uint32_t *number);
/*! Reads true or false, likewise. */
void steer_gdnsd_bool(steer_gdnsd_reading_t *reading, const steer_vscf_t *value, bool *is);
/*! Reads a number above 0, up to 1, likewise. */
void steer_gdnsd_share(steer_gdnsd_reading_t *reading, const steer_vscf_t *value, double *share);
/*! Whether a value is a hash; what is none is reported. */
bool steer_gdnsd_is_hash(steer_gdnsd_reading_t *reading, const steer_vscf_t *value);

/*! Whether a text is among others, which NULL ends. */
bool steer_gdnsd_among(const char *text, const char *const *others);
/*! Refuses the entries of a hash that have other keys. \param[in] keys  Ended by NULL. */
void steer_gdnsd_only(steer_gdnsd_reading_t *reading, const steer_vscf_t *hash,
                      const char *const *keys);
