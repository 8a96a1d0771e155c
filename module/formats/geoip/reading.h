/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the parts of reading a configuration share.
 */
#pragma once

#include "formats/geoip/files.h"
#include "formats/geoip/items.h"
#include "formats/reading.h"
#include "formats/text.h"

/*! Most files that a configuration may include and name. */
#define STEER_KNOT_FILES_MAX 4096

typedef struct {
	const steer_reading_t *sink;
	const steer_knot_files_t *files;
	steer_report_t report;
	steer_text_t *text;
	steer_input_t *inputs; /*!< All that were opened: their names are in places. */
	unsigned inputs_count;
	size_t copies; /*!< Records that were passed on in place of those that views lack. */
	int ret; /*!< Not STEER_OK: the reading ends. */
} steer_geoip_reading_t;

/*! Reports an error; the reading goes on. */
__attribute__((format(printf, 3, 4)))
void steer_geoip_wrong(steer_geoip_reading_t *reading, const steer_place_t *at, const char *format,
                       ...);
/*! Reports that there are too many of something, and ends the reading. */
void steer_geoip_too_many(steer_geoip_reading_t *reading, const steer_place_t *at, const char *what,
                          int allowed);
__attribute__((format(printf, 3, 4)))
void steer_geoip_warn(const steer_geoip_reading_t *reading, const steer_place_t *at,
                      const char *format, ...);
void steer_geoip_no_memory(steer_geoip_reading_t *reading);

/*! Whether the reading is to go on. */
static inline bool steer_geoip_goes_on(const steer_geoip_reading_t *reading)
{
	return reading->ret == STEER_OK;
}

/*!
 * Opens a file; what is wrong with it is reported.
 *
 * \param[in] at    Where it is named.
 * \param[in] what  What it is, for messages.
 *
 * \return Owned by the reading; NULL: it cannot be read
 */
steer_input_t *steer_geoip_open(steer_geoip_reading_t *reading, const steer_place_t *at,
                                const char *what, const char *path);
/*! Goes to the next item. \return false: there are no more, or an error was reported */
bool steer_geoip_next(steer_geoip_reading_t *reading, steer_knot_items_t *items);
