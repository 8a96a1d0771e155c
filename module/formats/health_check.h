/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks as people write them: KEY=VALUE by the table in core/health_check.h.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 */
#pragma once

#include "core/health_check.h"
#include "steer/fault.h"

/*!
 * Gives a check an option in its canonical form, which is not stored if it is the default.
 *
 * \param[in] value  Of a list one item, which is added to those before.
 *
 * \retval STEER_OK
 * \retval STEER_EINVAL  fault says "KEY: what is wrong; allowed: ...": no such key, none of this
 *                       type, given already, no such value, or too long.
 */
int steer_health_check_set(steer_health_check_t *check, const char *key, const char *value,
                           steer_fault_t *fault);
/*! Whether a check has all that its type needs. \retval STEER_OK, STEER_EINVAL */
int steer_health_check_complete(const steer_health_check_t *check, steer_fault_t *fault);
