/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Durations as people write them.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*! Longest duration: 2^32-1 seconds, in milliseconds. */
#define STEER_TIME_MAX (UINT64_C(1000) * UINT32_MAX)
/*! Size of a printed duration, including the terminating NUL. */
#define STEER_TIME_TEXT 24

/*!
 * Reads seconds, or numbers with units as in 1h30m: ms, s, m, h, d, w of either case.
 *
 * \return false: it is not a duration, or is longer than STEER_TIME_MAX.
 */
bool steer_time_parse(const char *text, uint64_t *ms);
/*! As steer_time_parse(), in whole seconds up to max. */
bool steer_time_parse_seconds(const char *text, uint32_t max, uint32_t *seconds);
/*! Prints a duration as one number, with the largest unit that needs no fraction. */
void steer_time_print(uint64_t ms, char text[STEER_TIME_TEXT]);
