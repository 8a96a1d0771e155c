/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the readers of this folder share: a reading, its rows and its bad lines.
 */
#pragma once

#include "formats/map/lines.h"
#include "formats/map/map_types.h"

typedef struct {
	const steer_map_source_t *source;
	const steer_map_sink_t *sink;
	const steer_input_t *input; /*!< The file that is being read. */
	steer_lines_t lines;        /*!< Its lines. */
	steer_map_summary_t *summary;
	steer_report_t report;
} steer_map_reading_t;

/*! A reader of one format: reads the reading's input to its end. */
typedef int (*steer_map_reader_f)(steer_map_reading_t *reading);

int steer_map_read_atlas(steer_map_reading_t *reading);
int steer_map_read_libloc(steer_map_reading_t *reading);
int steer_map_read_list(steer_map_reading_t *reading);
int steer_map_read_maxmind_csv(steer_map_reading_t *reading);
int steer_map_read_mmdb(steer_map_reading_t *reading);
int steer_map_read_ranges(steer_map_reading_t *reading);
int steer_map_read_csv(steer_map_reading_t *reading);

/*! Gives a row to the sink, with the place of the current line. */
int steer_map_give(steer_map_reading_t *reading, steer_map_row_t *row);

/*!
 * Reports, or counts, a bad line.
 *
 * \param[in] at      Where in the current line; NULL: at its start, or, in a file without lines,
 *                    nowhere.
 * \param[in] format  What is wrong, what is allowed.
 *
 * \return STEER_OK if the reader goes on, else STEER_EREFUSED
 */
__attribute__((format(printf, 3, 4)))
int steer_map_bad(steer_map_reading_t *reading, const char *at, const char *format, ...);

/*!
 * Goes to the next line that is neither blank nor a comment; lines that are too long are bad.
 *
 * \param[out] more  Whether there is one.
 */
int steer_map_next_line(steer_map_reading_t *reading, bool *more);
/*! Reads all such lines that are left. \param[in] line  Reads the current one. */
int steer_map_lines(steer_map_reading_t *reading,
                    int (*line)(steer_map_reading_t *reading, void *ctx), void *ctx);
