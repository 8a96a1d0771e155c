/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief For tests of steerd: probes that end when a test says so, health checks, and its log.
 *
 * It takes the place of steerd/probe/probe.h and steerd/log.h.
 */
#pragma once

#include "steerd/checks.h"

/*! How many probes run. */
extern unsigned probes_running;
/*! Lines that were logged, and the last one. */
extern unsigned log_lines;
extern char log_last[512];

/*! Ends the probe of a check. */
void probes_end(check_t *check, bool ok);
/*! Ends it without a result. */
void probes_end_inconclusive(check_t *check);

/*!
 * A used check as the store has it.
 *
 * \param[in] text   Its type, then " key=value" for each option.
 * \param[in] state  'U' or 'D': probed so; '?': unknown.
 */
steer_health_status_t checked_of(const char *id, uint32_t slot, uint32_t created, const char *text,
                                 char state);
