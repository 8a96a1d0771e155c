/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Sources of maps: files that say where networks are, how far from which regions, in which
 *        location or autonomous system, or where regions are.
 *
 * Which format a file has is found out from its content. Rows come in the order of the file. A
 * network can come several times, and inside others: then, the longest one counts for an address.
 *
 * Threads:  a reading belongs to one thread; there is no state outside it.
 * Memory:   bounded, apart from the file itself, which is mapped, or read if it is a pipe; the
 *           locations of MaxMind's CSV files, and the regions of measurements, are kept, up to a
 *           number. Rows and what they point to are borrowed until the callback returns.
 * Trust:    a file can be anything: reading takes time in proportion to its size.
 */
#pragma once

#include <stdbool.h>

#include "formats/map/map_types.h"

const char *steer_map_format_name(steer_map_format_t format);

/*!
 * Reads a source.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  Errors; fault has the first, or with sink.error their number.
 * \retval STEER_ENOENT, STEER_EACCES, STEER_EIO  A file cannot be read.
 * \retval STEER_ENOMEM
 * \retval others          As the row callback returned.
 */
int steer_map_read(const steer_map_source_t *source, const steer_map_sink_t *sink,
                   steer_map_summary_t *summary, steer_fault_t *fault);
/*! The same for an input, instead of source->path. */
int steer_map_read_input(const steer_map_source_t *source, const steer_input_t *input,
                         const steer_map_sink_t *sink, steer_map_summary_t *summary,
                         steer_fault_t *fault);
