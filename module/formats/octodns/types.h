/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the values of octoDNS's record types are: one text, or the fields of a mapping, which
 *        are those of a zone file's record in its order.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*! How a text stands in a zone file. */
typedef enum {
	STEER_OCTODNS_WORD,   /*!< As it is. */
	STEER_OCTODNS_NAME,   /*!< As it is: absolute, with its final dot. */
	STEER_OCTODNS_QUOTED, /*!< In quotes, with the escapes of a zone file. */
	STEER_OCTODNS_STRING, /*!< Any bytes, cut into strings of 255; only a semicolon is escaped. */
	STEER_OCTODNS_METRES, /*!< With the unit. */
	STEER_OCTODNS_PARAMS, /*!< The rest: a mapping of keys and values. */
} steer_octodns_form_t;

/*! Most fields of a value. */
#define STEER_OCTODNS_FIELDS 12

typedef struct {
	const char *key;       /*!< NULL: there are no more fields. */
	steer_octodns_form_t form;
	const char *older;     /*!< Key in place of it in old files; NULL: there is none. */
	const char *otherwise; /*!< Value if it is not given; NULL: it must be. */
} steer_octodns_field_t;

typedef struct {
	const char *name;
	uint16_t type;
	bool one; /*!< It has one value. */
	steer_octodns_form_t form; /*!< Of a value without fields. */
	steer_octodns_field_t fields[STEER_OCTODNS_FIELDS];
} steer_octodns_type_t;

/*! A type by its name. \return NULL: octoDNS has no such type, or it is none of DNS */
const steer_octodns_type_t *steer_octodns_type(const char *name);
/*! Room for the names of all types. */
#define STEER_OCTODNS_TYPE_NAMES 256
/*! Writes the names of all types, with commas between them. \return text */
const char *steer_octodns_type_names(char text[STEER_OCTODNS_TYPE_NAMES]);
/*! A type by its number. \return NULL: octoDNS has no such type */
const steer_octodns_type_t *steer_octodns_type_of(uint16_t type);

/*! Whether records of a type can be dynamic. */
bool steer_octodns_is_dynamic(uint16_t type);
