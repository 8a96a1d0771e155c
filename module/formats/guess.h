/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Of which format a file is.
 */
#pragma once

#include <stdbool.h>

#include "formats/input.h"

/*! Whether it is YAML and no zone file: by name, else by its first line that says something. */
bool steer_input_is_yaml(const steer_input_t *input);
