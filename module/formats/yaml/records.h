/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The records of a document of Steer YAML.
 */
#pragma once

#include "formats/yaml/events.h"
#include "formats/yaml/reading.h"

/*! What a reading of records needs; made once, and used for all documents. */
typedef struct steer_yaml_records steer_yaml_records_t;

/*! NULL: out of memory. */
steer_yaml_records_t *steer_yaml_records_new(const steer_yaml_reading_t *reading,
                                             steer_fault_t *fault);
/*! NULL is fine. */
void steer_yaml_records_free(steer_yaml_records_t *records);

/*!
 * Reads a document, at whose begin events are, to its end: its records, and nothing else.
 *
 * \param[in] head  What it says of its zone; NULL: it is passed over.
 */
int steer_yaml_records(steer_yaml_records_t *records, steer_events_t *events,
                       const steer_yaml_head_t *head);
