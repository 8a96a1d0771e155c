/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Record sets as steerctl shows them: lines of a zone file, rows of a table, JSON.
 *
 * What a zone file cannot express is in comments: "; weighted, set blue, weight 90". Regions and
 * locations, which are numbers in a record set, are shown by their names.
 *
 * Memory:  arguments are borrowed during the call.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/dictionary.h"
#include "core/node.h"
#include "formats/text.h"
#include "schema/layout.h"

/*! Room for a health check's id. */
#define CHECK_ID_TEXT (STEER_CHECK_ID_MAX + 1)

/*!
 * Gets the only record set of a plain group, one that zone files can express.
 *
 * \return false: the group has more than values
 */
bool plain_set(const steer_group_t *group, steer_set_t *set);

/*! Prints a record set of a group as zone file lines, each after the prefix. */
void record_set_lines(steer_text_t *text, const steer_names_t *names, FILE *out,
                      const char *prefix, const uint8_t *name, const steer_group_t *group,
                      const steer_set_t *set);
/*! Prints a record set as a row: name, type, TTL, values and, in braces, everything else. */
void record_set_row(steer_text_t *text, const steer_names_t *names, FILE *out,
                    const uint8_t *name, const steer_group_t *group, const steer_set_t *set);
/*! Adds the values of records in wire format to an array. */
void record_values_json(json_t *values, steer_text_t *text, uint16_t type, const uint8_t *rrs,
                        size_t len);
/*!
 * Adds where a record set and its clients are, by these attributes (STEER_KEEP_*) alone: those that
 * it has, and of places, locations and autonomous systems also the default.
 */
void record_set_where_json(json_t *object, const steer_names_t *names, uint16_t attributes,
                           const steer_set_t *set);
/*! A record set as an object. \return NULL: out of memory */
json_t *record_set_json(steer_text_t *text, const steer_names_t *names, const uint8_t *name,
                        const steer_group_t *group, const steer_set_t *set);
