/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The records of a document of Steer YAML.
 */
#pragma once

#include "formats/reading.h"
#include "formats/yaml/events.h"

/*! What reading records needs; made once for all documents. */
typedef struct steer_yaml_records steer_yaml_records_t;

/*! NULL: out of memory. */
steer_yaml_records_t *steer_yaml_records_new(const steer_reading_t *reading,
                                             steer_fault_t *fault);
/*! NULL is fine. */
void steer_yaml_records_free(steer_yaml_records_t *records);

/*!
 * Reads the records of a document, from its start, which is the current node, to its end.
 *
 * \param[in] head  What it says of its zone; NULL: it is skipped.
 */
int steer_yaml_records(steer_yaml_records_t *records, steer_events_t *events,
                       const steer_zone_head_t *head);
