/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Decimal numbers as text.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*! Reads a whole number without a sign. \return false: it is none, or one beyond max. */
bool steer_number_parse(const char *text, size_t len, uint32_t max, uint32_t *number);
/*!
 * Reads a number such as -33.87, with any number of decimals, and rounds it; it has no exponent.
 *
 * \param[in]  decimals  How many are kept, at most 6: with 2, the number is in hundredths.
 * \param[in]  max       Largest number on either side of 0, before rounding, at most 2^32.
 * \param[out] number    In units of the last decimal that is kept.
 *
 * \return false: it is not a decimal number, or one beyond max.
 */
bool steer_decimal_parse(const char *text, size_t len, unsigned decimals, int64_t max,
                         int64_t *number);

/*! Room for steer_decimal_print(). */
#define STEER_DECIMAL_TEXT 24
/*!
 * Prints such a number, without zeros at the end of its decimals.
 *
 * \param[in] decimals  At most 6.
 *
 * \return text
 */
const char *steer_decimal_print(int64_t number, unsigned decimals, char text[STEER_DECIMAL_TEXT]);
