/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Values of settings as text and as JSON.
 */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "store/settings.h"

/*! Prints a value that the setting can have: a number, or names with a space between. */
void setting_print(FILE *out, const steer_setting_t *setting, const uint8_t *value, size_t len);
/*! The same as a number or an array of names; NULL: out of memory. */
json_t *setting_json(const steer_setting_t *setting, const uint8_t *value, size_t len);
