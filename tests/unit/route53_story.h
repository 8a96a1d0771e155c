/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What files of Route 53 become, as text that tests compare: unit/story.h says how.
 *
 * A batch is "zone name", or "names in name" if its zone is not known, and refused if that is the root;
 * a change "ACTION policy" with its record set below, and refused if its TTL is 13.
 */
#pragma once

#include "formats/route53/route53.h"
#include "unit/story.h"

#define STORY_FILES 4

/*! In the texts, ' is written for ". */
typedef struct {
	const char *name, *files[STORY_FILES], *want;
} route53_case_t;

/*! Reads files. \return What they say. */
char *tell_route53(const char *const files[STORY_FILES], const uint8_t *zone, int *ret);

void check_route53(const route53_case_t *cases, size_t count, int want);
