/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What reading a source of a map gave, as text: a line for each row and each error.
 *
 * "3 192.0.2.0/24 EU/NO/03 59.91,10.75" is a row of the third line, "!3:5 ..." an error; the last
 * line of a reading that failed otherwise is "! " with its fault.
 */
#pragma once

#include <stddef.h>

#include "formats/map/map_source.h"

/*! Reads a source from memory. \return The story, to be freed. */
char *map_story(const steer_map_source_t *source, const char *text, size_t len,
                steer_map_summary_t *summary);
/*! Reads source->path. */
char *map_story_of_path(const steer_map_source_t *source, steer_map_summary_t *summary);
