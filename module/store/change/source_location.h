/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Faults and warnings about what a change set says, with the place where it says so.
 */
#pragma once

#include "store/change/contents.h"

/*! Room for a message, not counting the name it starts with. */
#define STEER_MESSAGE_MAX 256

/*! A name, and its records in a change set. */
typedef struct {
	const uint8_t *key;
	uint16_t key_len;
	const steer_change_record_t *records; /*!< May be NULL when the count is 0. */
	size_t count;
} steer_name_records_t;

/*!
 * Finds the record to point at in a message: the record set of a type and an identifier, else the
 * group's policy, else a record of the type, else any record. If there is none, the result has the
 * name alone.
 *
 * \param[in] id  NULL: the message is not about one record set.
 */
steer_change_record_t steer_name_records_find(const steer_name_records_t *name, uint16_t type,
                                              const uint8_t *id, size_t id_len);
/*! The record to point at in a message about a record set of a change set. */
steer_change_record_t steer_change_set_place(const steer_change_set_t *set);
/*! Fills a fault "file:line:column: what: text". */
int steer_source_location_fault(const steer_source_location_t *location, int code, const char *what,
                                const char *text, steer_fault_t *fault);

/*! Fills a fault "file:line:column: owner: text". */
int steer_record_fault(const steer_change_record_t *record, int code, const char *text,
                       steer_fault_t *fault);
/*! Warns "owner: text" at the record's place. \param[in] options  May be NULL: no warning. */
void steer_record_warn(const steer_change_record_t *record, const char *text,
                       const steer_apply_t *options);

/*! Room for "TYPE 'identifier'". */
#define STEER_SET_TEXT (STEER_TYPE_TEXT + 4 + STEER_SET_ID_MAX)
/*! Writes that, or the type alone if the identifier is empty. */
void steer_set_text(char text[STEER_SET_TEXT], uint16_t type, const void *id, size_t id_len);
