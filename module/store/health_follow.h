/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Bringing the health table up to date: all checks are decided once, then only those whose
 *        states have changed, as the health log says, and the calculated ones that depend on them.
 *
 * Threads:  belongs to its user.
 * Memory:   its own; see also steer_health_checks_walk_and_keep().
 */
#pragma once

#include "store/health_log.h"
#include "store/health_table_build.h"

/*! The states that the last table was made of. Zeroed memory is of none. */
typedef struct {
	bool whole; /*!< False: there is none. */
	uint64_t walked; /*!< How many walks there were. */
	steer_health_log_end_t end;
	steer_child_states_t children;
} steer_health_follow_t;

/*!
 * Makes a table of all checks.
 *
 * \param[in,out] left_ms  Lowered to the time until a state changes by itself.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 * \retval STEER_EDAMAGED  Some check is damaged and unknown in the table, which is made.
 */
int steer_health_follow_all(steer_health_follow_t *follow, const steer_health_basis_t *basis,
                            steer_health_table_build_t *table, uint64_t *left_ms);
/*!
 * Whether no state has changed since the last table was made.
 *
 * \param[in] status  Renewed reader, not older than that table.
 */
bool steer_health_follow_is_current(const steer_health_follow_t *follow,
                                    const steer_reader_t *status);
/*!
 * Makes a table of what the states are now. No check was changed since the last table, and no state
 * has ended.
 *
 * \param[in]     last     Last table.
 * \param[in,out] table    Another one. If it was made since the last walk over all checks, it gets
 *                         what it lacks; else it is first made a copy of the last one.
 * \param[in,out] left_ms  As above, for what was decided anew.
 *
 * \retval STEER_OK
 * \return If anything else, the table is spoilt: it cannot be made so, or not with less work than
 *         by steer_health_follow_all().
 */
int steer_health_follow_changes(steer_health_follow_t *follow, const steer_health_basis_t *basis,
                                const steer_health_table_t *last,
                                steer_health_table_build_t *table, uint64_t *left_ms);
void steer_health_follow_free(steer_health_follow_t *follow);
