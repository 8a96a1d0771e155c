/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief How many record sets name a health check, so that who probes it need not scan the zones.
 *
 * Threads:  as the reader.
 */
#pragma once

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

/*! Reads a stored number. \retval STEER_OK, STEER_EDAMAGED */
int steer_uses_open(uint64_t *count, const void *value, size_t len);
