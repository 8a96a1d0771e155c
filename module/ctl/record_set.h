/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Record sets as steerctl shows them: lines of a zone file, rows of a table, JSON.
 *
 * What a zone file cannot say stands in comments: "; weighted, set blue, weight 90".
 *
 * Memory:  what is given is borrowed.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/node.h"
#include "formats/text.h"
#include "schema/layout.h"

/*! Room for a health check's id. */
#define CHECK_ID_TEXT (STEER_CHECK_ID_MAX + 1)

/*! The only record set of a group that zone files can say. \return false: the group is another. */
bool plain_set(const steer_group_t *group, steer_set_t *set);

/*! Prints a record set of a group as zone file lines, each behind the prefix. */
void record_set_lines(steer_text_t *text, FILE *out, const char *prefix, const uint8_t *name,
                      const steer_group_t *group, const steer_set_t *set);
/*! Prints one as a row: name, type, TTL, values and, in braces, what else it has. */
void record_set_row(steer_text_t *text, FILE *out, const uint8_t *name, const steer_group_t *group,
                    const steer_set_t *set);
/*! Adds the values of wire-ready records of a type to an array. */
void record_values_json(json_t *values, steer_text_t *text, uint16_t type, const uint8_t *rrs,
                        size_t len);
/*! One as an object; NULL: out of memory. */
json_t *record_set_json(steer_text_t *text, const uint8_t *name, const steer_group_t *group,
                        const steer_set_t *set);
