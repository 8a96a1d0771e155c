/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What steerctl prints: messages for a person, records, JSON, progress.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "core/node.h"
#include "ctl/verbs.h"
#include "formats/text.h"
#include "store/change/change.h"

/*! Prints the line of a fault on standard error. \return status */
int print_fault(const steer_fault_t *fault, int status);
/*! As print_fault(); the status is EXIT_REFUSED for what a person can mend, else EXIT_STORE. */
int print_store_fault(const steer_fault_t *fault);
/*! Says that there is no memory. \return EXIT_STORE */
int print_no_memory(void);
/*! Prints "file:line:column: text" on standard error; without a file text alone. */
void print_at(const char *file, uint32_t line, uint32_t column, const char *text);

/*! The ending of a noun that so many things are counted by. */
static inline const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/*! Room for a time as text. */
#define TIME_TEXT 32
/*! Local time with the zone's offset (RFC 3339) of seconds of the Unix epoch. */
void time_print(char text[TIME_TEXT], uint64_t seconds);

/*! How JSON is printed: a terminal gets no character of the store as it is. */
#define JSON_PRINTED JSON_ENSURE_ASCII

/*! A name as JSON. */
json_t *json_name(const uint8_t *name);
/*! Prints a value and its line's end, and gives it back. NULL: says that there is no memory. */
int print_json(json_t *value);

/*! An array that is printed value by value, so that it may be of any length; from the first on. */
typedef struct {
	FILE *out;
	bool begun;
} json_list_t;

void json_list_begin(json_list_t *list, FILE *out);
/*! Prints the next value and gives it back. \retval STEER_OK, STEER_ENOMEM (it is NULL) */
int json_list_add(json_list_t *list, json_t *value);
void json_list_end(json_list_t *list);

/*! A counter of records and their rate, on a terminal alone. */
typedef struct {
	bool shown;
	uint64_t records;
	struct timespec begin, last;
} progress_t;

void progress_begin(progress_t *progress);
/*! Counts a record, and shows the count a few times a second. */
void progress_count(progress_t *progress);
/*! Shows the count, and what is or was done with the records. */
void progress_show(const progress_t *progress, const char *what);
/*! Clears the line for a message. */
void progress_clear(const progress_t *progress);
