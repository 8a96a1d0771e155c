/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief When a health check is probed, and what the results make of its state.
 *
 * A state changes after so many equal results in a row, "rise" of them up and "fall" down; any
 * other result in between begins the count anew. A check of which nothing is known counts as up
 * until then, so "up-delay", which holds back a check that was down, does not hold its first state
 * back.
 *
 * Threads:  pure functions; any thread.
 * Units:    milliseconds; times by the boot clock, which never goes backwards.
 * Rules:    steer-policies(7), H1 and H12. "inverted" is none of it: steer_health_decide().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*! Options of a check. */
typedef struct {
	unsigned rise, fall;
	uint64_t up_delay; /*!< Between the first of the results in a row and the state up. */
} steer_probe_rule_t;

typedef enum {
	STEER_PROBED_UNKNOWN,
	STEER_PROBED_UP,
	STEER_PROBED_DOWN,
} steer_probed_t;

/*! Zeroed memory is a check of which nothing is known; after a restart the stored state is set. */
typedef struct {
	steer_probed_t probed;
	bool ok;            /*!< The last result. */
	uint32_t in_a_row;  /*!< How many results were the same; 0: there was none yet. */
	uint64_t since;     /*!< When the first of them was. */
} steer_probe_state_t;

/*! Takes the result of a probe. \return whether probed has changed */
bool steer_probe_result(steer_probe_state_t *state, const steer_probe_rule_t *rule, bool ok,
                        uint64_t now);

/*!
 * How long it is until the next probe of a check. Probes have the same place in each interval,
 * which the id gives: so they are spread, and a restart neither moves nor bunches them.
 *
 * \return 1 to interval: never at once
 */
uint64_t steer_probe_wait(const char *id, uint64_t interval, uint64_t now);
