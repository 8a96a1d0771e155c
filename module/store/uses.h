/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief How many record sets name a health check or an alias target, so that who probes or resolves
 *        them need not scan the zones.
 *
 * Threads:  as the reader.
 */
#pragma once

#include "core/name.h"
#include "store/store.h"

/*!
 * Gets the number of record sets that name a health check, defined or not.
 *
 * \param[in] records  Renewed reader.
 *
 * \retval STEER_OK, STEER_EDAMAGED, STEER_EIO
 */
int steer_uses_get(const steer_reader_t *records, const char *id, size_t len, uint64_t *count);

/*!
 * Receives a health check that record sets name. \return false ends the walk.
 *
 * \param[in] id     Without terminating NUL.
 * \param[in] count  Number of record sets; 0: what is stored is damaged.
 */
typedef bool (*steer_uses_f)(void *ctx, const char *id, size_t len, uint64_t count);
/*! Walks over all checks that record sets name, by id. \retval STEER_OK, STEER_EIO, STEER_ENOMEM */
int steer_uses_walk(const steer_reader_t *records, steer_uses_f take, void *ctx);

/*! Gets the number of aliases that name a target. \retval As for steer_uses_get(). */
int steer_uses_of_target(const steer_reader_t *records, uint16_t type, const steer_key_t *name,
                         uint64_t *count);

/*! A type and the target of aliases of that type. */
typedef struct {
	steer_key_t name;
	uint16_t type;
	uint64_t count; /*!< Number of record sets; 0: what is stored is damaged. */
} steer_target_use_t;
/*! Receives one. \return false ends the walk */
typedef bool (*steer_target_uses_f)(void *ctx, const steer_target_use_t *use);
/*!
 * Walks over all alias targets, by type, then by name.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 * \retval STEER_EDAMAGED  A key is no target's; all others were received.
 */
int steer_uses_targets_walk(const steer_reader_t *records, steer_target_uses_f take, void *ctx);

/*! Receives an external target. \return false ends the walk */
typedef bool (*steer_external_target_f)(void *ctx, uint16_t type, const uint8_t *name);
/*!
 * Walks over the external targets that answers need: those that aliases name, and those that the
 * CNAMEs and DNAMEs of hosted targets lead to. One may be received several times.
 *
 * Which targets are external is decided when this is read, so that a zone that comes or goes need
 * not find the aliases into it. Nothing that is damaged hides a target.
 *
 * \retval As for steer_uses_targets_walk().
 */
int steer_uses_externals_walk(const steer_reader_t *records, steer_external_target_f take,
                              void *ctx);

/*! Reads a stored number. \retval STEER_OK, STEER_EDAMAGED */
int steer_uses_open(uint64_t *count, const void *value, size_t len);
