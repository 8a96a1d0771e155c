/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What cli53 writes into zone files: record sets of Route 53 as records with comments, and
 *        aliases.
 *
 * The lines of a record set are put together, and read as the record set that
 * list-resource-record-sets would give: the rules, and the words of errors, are those of its fields.
 *
 * Threads:  belongs to one thread.
 * Memory:   some 500 bytes a line.
 * Trust:    lines can be anything; time is bounded by their number, times its logarithm.
 * Sources:  cli53's zone files, as it exports and imports them.
 */
#pragma once

#include "formats/reading.h"
#include "formats/zonefile.h"

/*! Lines of a zone. */
typedef struct steer_cli53 steer_cli53_t;

/*! NULL: out of memory. \param[in] sink  Receives record sets and warnings. */
steer_cli53_t *steer_cli53_new(const steer_reading_t *sink);
/*! NULL is fine. */
void steer_cli53_free(steer_cli53_t *cli53);
/*! Takes a line, see steer_dialects_t. */
int steer_cli53_take(steer_cli53_t *cli53, const steer_cli53_line_t *line, steer_report_t *report);
/*! Passes on the record sets of all lines since the last time, which are of a zone. */
int steer_cli53_pass(steer_cli53_t *cli53, const uint8_t *zone, steer_report_t *report);
