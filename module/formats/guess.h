/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Which format a file has.
 */
#pragma once

#include <stdbool.h>

#include "formats/input.h"

/*! Whether it is YAML, not a zone file: by name, else by its first line that is not a comment. */
bool steer_input_is_yaml(const steer_input_t *input);
