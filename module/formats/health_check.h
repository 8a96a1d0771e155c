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
 * Sets an option of a check to a value in its canonical form; a default is not stored.
 *
 * \param[in] value  For a list, one item, which is added to those before.
 *
 * \retval STEER_OK
 * \retval STEER_EINVAL  fault says "KEY: what is wrong; allowed: ...": an unknown key, one that the
 *                       type does not have, one given already, an invalid value, or too many bytes
 *                       of values.
 */
int steer_health_check_set(steer_health_check_t *check, const char *key, const char *value,
                           steer_fault_t *fault);
/*!
 * Checks that nothing is missing that the type needs, and that the options fit together. What is
 * given as its default counts as not given.
 *
 * \retval STEER_OK, STEER_EINVAL, STEER_ENOMEM
 */
int steer_health_check_complete(const steer_health_check_t *check, steer_fault_t *fault);

/*! Whether the value of an option counts, which it does not beside some others. */
bool steer_health_check_counts(const steer_health_check_t *check, const char *key);
/*!
 * The milliseconds of a STEER_OPTION_TIME as they count: of its value or default, and not more than
 * the timeout or interval that it is part of. UINT32_MAX if nothing limits it.
 */
uint64_t steer_health_check_time(const steer_health_check_t *check, const char *key);
