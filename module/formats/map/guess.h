/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Which format a source has.
 */
#pragma once

#include "formats/map/map_types.h"

/*! Looks at a file's first line that is neither blank nor a comment, or at its last bytes. */
steer_map_format_t steer_map_guess(steer_map_type_t type, const steer_input_t *input);
/*! Whether a file is JSON: '{' or '[', with which it begins, or 0. */
char steer_map_guess_json(const steer_input_t *input);
