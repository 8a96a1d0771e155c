/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief libyaml's errors as messages for people.
 */
#pragma once

#include <stddef.h>
#include <yaml.h>

#include "formats/input.h"
#include "formats/record.h"

/*!
 * Writes what is wrong, and what is allowed instead.
 *
 * \param[in]     parser  After an error other than lack of memory.
 * \param[in,out] place   Receives line and column.
 */
void steer_yaml_syntax(const yaml_parser_t *parser, const steer_input_t *input,
                       steer_place_t *place, char *text, size_t size);
