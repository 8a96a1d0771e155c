/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What Steer YAML becomes, as text that tests compare: unit/story.h says how.
 */
#pragma once

#include "formats/yaml/yaml.h"
#include "unit/story.h"

/* As much memory as text, for the sanitizer's sake. */
char *tell_yaml(const char *text, size_t len, int *ret, steer_fault_t *fault);

void check_yaml(const case_t *cases, size_t count, int want);

#define Z "zone: example.\n"
#define ZONE "=1:7 example.\n"
#define R Z "records:\n"
