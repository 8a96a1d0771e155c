/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The steps of programs: what each does to the candidates.
 *
 * Another step takes another entry in the table, and a function.
 *
 * Threads:  pure; any thread.
 * Rules:    steer-policies(7), S2 to S9, S11 to S16.
 */
#pragma once

#include "core/candidates.h"

/*! What a step does. */
typedef struct {
	/*!
	 * Changes the candidates, and reports it if the run is traced.
	 *
	 * \param[in] step  The step in its program.
	 *
	 * \retval STEER_OK
	 * \retval STEER_ESERVFAIL  The answer is SERVFAIL.
	 */
	int (*run)(steer_candidates_t *candidates, const uint8_t *step);
	bool orders; /*!< It orders or shortens, so it does not decide whether any candidate is left. */
} steer_step_entry_t;

/*! The steps by number, STEER_STEP_*. */
extern const steer_step_entry_t steer_steps[];
