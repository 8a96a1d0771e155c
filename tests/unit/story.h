/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What readers pass to their sink, formats/reading.h, as text that tests compare.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "formats/reading.h"
#include "formats/text.h"
#include "formats/zonefile.h"

/*!
 * What a reading gave, a line each: "=line:column zone key=value...", "line:column owner TTL type
 * rdata", "~line:column owner type policy", "+line:column owner type 'set' key=value..." with its
 * records below, indented, "?line:column check type key=value...", "#line:column network
 * collection/location", "!line:column error", "%line:column warning".
 *
 * It begins as zeros, except what a test chooses.
 */
typedef struct {
	bool files; /*!< The file's name is in front, without its folder; otherwise it must be f. */
	int stop;   /*!< What the callbacks, except that of zones, return. */
	steer_reading_t reading; /*!< The sink. */
	steer_text_t *text;
	FILE *out;
	char *told;
	size_t size;
} story_t;

/*! Begins a story: the caller may then take callbacks out of its sink. */
void story_begin(story_t *story);
/*! Ends it. \return What was told, which the caller frees */
char *story_end(story_t *story);

/*! Tells a zone file f of a.test, which may have dialects. \return What reading it returned */
int story_zonefile(story_t *story, const steer_dialects_t *dialects, const char *text, size_t len);

typedef struct {
	const char *name, *text, *want;
} case_t;

/*! Reads a text. \return What it says, which the caller frees */
typedef char *tell_f(const char *text, size_t len, int *ret);

/*! Each text must say what is wanted, and reading it return that. */
void check_told(tell_f *tell, const case_t *cases, size_t count, int want);
