/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Zone files of gdnsd, rewritten entry by entry into what any reader of zone files knows.
 *
 * A DYNA or DYNC record becomes a TXT record in the same lines, which is replaced when it is read;
 * @Z and @F become names; a string of more than 255 bytes becomes several.
 *
 * Memory:   that of the reading.
 * Sources:  gdnsd.zonefile(5).
 */
#pragma once

#include "formats/gdnsd/config.h"

/*! A DYNA or DYNC record. */
typedef struct {
	steer_place_t at;  /*!< Its first line; first, since trees compare it. */
	const char *path;  /*!< plugin!name, or the plugin alone. */
	const char *min;   /*!< Text of the lower TTL; NULL: none is given. */
	bool names;        /*!< DYNC. */
} steer_gdnsd_line_t;

/*! The lines of a zone's files. Zeroed memory has none. */
typedef struct {
	void *tree;
} steer_gdnsd_lines_t;

/*!
 * Rewrites a file.
 *
 * \param[in] zone, origin  Names as text, absolute: what @Z and @F stand for.
 *
 * \return STEER_OK, or what the reading ended with
 */
int steer_gdnsd_rewrite(steer_gdnsd_config_t *config, steer_gdnsd_lines_t *lines,
                        steer_input_t *input, const char *zone, const char *origin);
/*! Finds the record of a line. \return NULL: there is none */
const steer_gdnsd_line_t *steer_gdnsd_line(const steer_gdnsd_lines_t *lines,
                                           const steer_place_t *place);
void steer_gdnsd_lines_free(steer_gdnsd_lines_t *lines);
