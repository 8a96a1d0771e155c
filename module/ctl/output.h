/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What steerctl prints: messages to a person, JSON, progress.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "core/coordinates.h"
#include "core/node.h"
#include "ctl/verbs.h"
#include "formats/text.h"
#include "store/change/change.h"

/*! Prints the message of a fault on standard error. \return status */
int print_fault(const steer_fault_t *fault, int status);
/*! Prints the message of a fault. \return EXIT_REFUSED if the user can fix it, else EXIT_STORE */
int print_store_fault(const steer_fault_t *fault);
/*! Prints that there is no memory. \return EXIT_STORE */
int print_no_memory(void);
/*! Prints "file:line:column: text" on standard error; only the text if file is NULL. */
void print_at(const char *file, uint32_t line, uint32_t column, const char *text);

/*! The ending of a noun after a count. */
static inline const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/*! Columns of a field's name, of which the longest is response-timeout, and of the blank behind. */
#define FIELD_WIDTH 17
/*! Prints "NAME: TEXT" and what is behind it, the texts of all fields in one column. */
void print_field(const char *name, const char *text, const char *behind);

/*! Room for a time as text. */
#define TIME_TEXT 32
/*! Writes seconds since the Unix epoch as local time with its UTC offset (RFC 3339). */
void time_print(char text[TIME_TEXT], uint64_t seconds);
/*!
 * Parses what time_print() prints. Its end may be missing: the zone, which is the local one then, the
 * seconds, the time of day.
 *
 * \return false: it is not a time
 */
bool time_parse(const char *text, uint64_t *seconds);

/*!
 * How JSON is printed: in ASCII, so that a terminal gets no raw characters of the store, and with
 * as many digits as keep a decimal fraction what it is.
 */
#define JSON_PRINTED (JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15))

/*! A name as JSON. */
json_t *json_name(const uint8_t *name);
/*! Coordinates as JSON: [latitude, longitude], in degrees. */
json_t *json_coordinates(const steer_coordinates_t *point);
/*! A text of an object; empty if it has none by this key. */
const char *json_text(const json_t *object, const char *key);
/*! A whole number of an object; 0 if it has none by this key. */
json_int_t json_number(const json_t *object, const char *key);
/*! Prints and frees a value; prints that there is no memory if it is NULL. \return Exit status */
int print_json(json_t *value);

/*! An array that is printed value by value, and so can be of any length. */
typedef struct {
	FILE *out;
	bool begun;
} json_list_t;

void json_list_begin(json_list_t *list, FILE *out);
/*! Prints and frees the next value. \retval STEER_OK, STEER_ENOMEM (it is NULL) */
int json_list_add(json_list_t *list, json_t *value);
void json_list_end(json_list_t *list);
/*!
 * Ends a verb's list on standard output, unless the verb failed before it printed anything.
 *
 * \param[in] ret  GO_ON, or the exit status after an error message.
 *
 * \return The exit status
 */
int print_list_end(const run_t *run, json_list_t *list, int ret);

/*
 * An object whose last members may be of any length: it is printed without its closing brace, and
 * each of these members follows after its key.
 */

/*! Prints the first members, and frees them. \retval STEER_OK, STEER_ENOMEM (it is NULL) */
int json_open(FILE *out, json_t *object);
/*! The same as the next value of a list. */
int json_list_open(json_list_t *list, json_t *object);
/*! Prints a key, to be followed by its value. */
void json_open_member(FILE *out, const char *key);
void json_open_end(FILE *out);

/*! A counter of records and their rate, shown only on a terminal. */
typedef struct {
	bool shown;
	uint64_t records;
	struct timespec begin, last;
} progress_t;

void progress_begin(progress_t *progress);
/*! Counts a record, and updates the line a few times a second. */
void progress_count(progress_t *progress);
/*! Shows the count, and what is being done or was done with the records. */
void progress_show(const progress_t *progress, const char *what);
/*! Clears the line, so that a message can be printed. */
void progress_clear(const progress_t *progress);
