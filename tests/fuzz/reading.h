/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A sink for readers of documents that requires what formats/reading.h promises.
 */
#pragma once

#include "core/name.h"
#include "formats/reading.h"

/*! What a reading has passed on. */
typedef struct {
	uint8_t owner[STEER_NAME_MAX]; /*!< Of the last record set. */
	uint16_t type;
	bool alias, in_zone;
	unsigned zones, records, policies, sets, checks, networks, errors, warnings;
} fuzz_story_t;

/*! Requires that a place is one of a file. */
void fuzz_check_place(const steer_place_t *place);
/*! The sink of a story. */
steer_reading_t fuzz_reading(fuzz_story_t *story);
/*! Whether two readings passed on as much. */
bool fuzz_story_equal(const fuzz_story_t *a, const fuzz_story_t *b);
