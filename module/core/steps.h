/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The steps of programs: what each does to the candidates.
 *
 * A further step is an entry more, and a function.
 *
 * Threads:  pure; any thread.
 * Rules:    steer-policies(7), S2 to S9.
 */
#pragma once

#include "core/candidates.h"

typedef struct {
	/*!
	 * Changes the candidates, and tells if that is traced.
	 *
	 * \param[in] step  Its place in the program.
	 *
	 * \retval STEER_OK
	 * \retval STEER_ESERVFAIL  That is the answer.
	 */
	int (*run)(steer_candidates_t *candidates, const uint8_t *step);
	bool orders; /*!< It orders or shortens: whether a candidate is left does not depend on it. */
} steer_step_entry_t;

/*! By number, STEER_STEP_*. */
extern const steer_step_entry_t steer_steps[];
