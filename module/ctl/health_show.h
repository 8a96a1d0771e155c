/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks with their states, as health list and health show print them.
 */
#pragma once

#include <jansson.h>

#include "ctl/record_set.h"
#include "store/status.h"

/*! Id of a check, ended. */
void health_id(char id[CHECK_ID_TEXT], const steer_health_status_t *checked);

/*! Prints a line: id, type, state, by what, since when, until when, who. */
void health_print_row(const steer_health_status_t *checked);
/*! The same as an object; NULL: out of memory. */
json_t *health_json(const steer_health_status_t *checked);
/*! Prints all that is known: options with their defaults, states also where others count. */
void health_print(const steer_health_status_t *checked, const steer_now_t *now);
/*! The same as an object; NULL: out of memory. */
json_t *health_full_json(const steer_health_status_t *checked);
