/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief External alias targets as text and as JSON.
 */
#pragma once

#include "ctl/targets.h"
#include "formats/text.h"

/*!
 * Prints a row: name, type, state, records, TTL, age of the answer, time until the next try, time
 * for which the answer stays, failures in a row, last error.
 */
void target_print_row(const target_t *target, const steer_now_t *now);
/*! Prints all that is known. \param[in] uses  Number of aliases that name it. */
void target_print_full(const target_t *target, uint64_t uses, steer_text_t *text,
                       const steer_now_t *now);
/*! All that is known as an object, without uses and values. \return NULL: out of memory */
json_t *target_json(const target_t *target, const steer_now_t *now);
/*! The values of its records as an array. \return NULL: out of memory */
json_t *target_values_json(const target_t *target, steer_text_t *text);
