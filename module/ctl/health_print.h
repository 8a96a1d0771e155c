/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks and their states as text and as JSON.
 */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "core/health_check.h"
#include "ctl/last_results.h"
#include "ctl/record_set.h"
#include "store/status.h"

/*! Writes the id of a check as a string. */
void health_id(char id[CHECK_ID_TEXT], const steer_health_status_t *checked);

/*!
 * Prints a row: id, type, state, its source, since when, until when, by whom, reason, uses, last
 * result and its milliseconds.
 *
 * \param[in] last  NULL: none.
 */
void health_print_row(const steer_health_status_t *checked, uint64_t uses,
                      const last_result_t *last);
/*! The same as an object, without uses. \return NULL: out of memory */
json_t *health_json(const steer_health_status_t *checked);
/*!
 * Prints all that is known: options and their defaults, and states even if others override them.
 */
void health_print_full(const steer_health_status_t *checked, uint64_t uses,
                       const last_result_t *last, const steer_now_t *now);
/*! The same as an object, without uses. \return NULL: out of memory */
json_t *health_full_json(const steer_health_status_t *checked);

/*! What is known of the last probe as an object; null if last is NULL. */
json_t *health_last_json(const last_result_t *last);

/*! Prints "health force ID STATE" or "health report ID STATE", with end and reason if any. */
void health_print_state(FILE *out, uint8_t kind, const char *id, const steer_health_state_t *state);
/*! Prints a transition as a row: since when, id, state, its source, until when, by whom, reason. */
void health_print_transition(uint8_t kind, const char *id, const steer_health_state_t *state);
/*! A state or a transition as an object. \return NULL: out of memory */
json_t *health_state_json(uint8_t kind, const char *id, const steer_health_state_t *state);

/*! Prints "health set ID TYPE KEY=VALUE..." without a newline. */
void health_print_definition(FILE *out, const char *id, const steer_health_check_t *check);
/*! The same as an object. \return NULL: out of memory */
json_t *health_definition_json(const char *id, const steer_health_check_t *check);
