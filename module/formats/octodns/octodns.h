/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Zones of octoDNS's YAML provider: a file for each zone, with its records by their names.
 *
 * Threads:  belongs to one thread.
 * Memory:   yaml/tree.h; the text of a file is freed when it was read.
 * Trust:    a file can be anything: time is bounded by its size, times its logarithm, and by what
 *           a group can hold for each of its records.
 */
#pragma once

#include "formats/input.h"
#include "formats/reading.h"
#include "formats/text.h"

/*!
 * Finds the zone that a file is of by its name, which is that of the zone with .yaml.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  It is no such name.
 */
int steer_octodns_zone(const steer_input_t *input, uint8_t *zone, steer_fault_t *fault);

/*!
 * Reads a file.
 *
 * \param[in] text  NULL: one is made.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  Errors; fault has the first, or with reading.error their number.
 * \retval STEER_ENOMEM
 * \retval others          As a callback returned.
 */
int steer_octodns_read(const steer_input_t *input, const uint8_t *zone, steer_text_t *text,
                       const steer_reading_t *reading, steer_fault_t *fault);
