/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What readers of text produce: records, each with its place, and errors.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/health_check.h"
#include "core/network.h"
#include "core/recordset.h"
#include "formats/name_text.h"
#include "steer/error.h"
#include "steer/fault.h"

/*! Number of errors after which a reader stops. */
#define STEER_ERRORS_MAX 100

/*! A place in a file. Lines and columns count from 1; 0 is unknown. */
typedef struct {
	const char *file;
	uint32_t line;
	uint32_t column;
} steer_place_t;

/*! A record of class IN: owner and rdata in canonical form, as Knot keeps them. */
typedef struct {
	const uint8_t *owner;
	const uint8_t *rdata;
	uint16_t rdata_len;
	uint16_t type;
	uint32_t ttl;
	bool no_ttl;         /*!< The text has no TTL; this is a default. */
	bool in_set;         /*!< It is a value of the last record set. */
	steer_place_t place; /*!< Where it begins. */
} steer_text_record_t;

/*! A record set that is more than records: an alias, one with a health check, one of a policy. */
typedef struct {
	const uint8_t *owner;
	uint16_t type;
	steer_record_set_t set;
	steer_place_t place;
} steer_text_set_t;

/*! The policy of a group, a name's record sets of one type: a whole program. */
typedef struct {
	const uint8_t *owner;
	uint16_t type;
	const uint8_t *program;
	size_t len;
	steer_place_t place;
} steer_text_policy_t;

/*! A network of clients, and the location in a collection that it is of. */
typedef struct {
	const char *collection, *location;
	steer_network_t network;
	steer_place_t place;
} steer_text_network_t;

/*! Receives a record; an error stops the reader, which returns it. */
typedef int (*steer_record_f)(void *ctx, const steer_text_record_t *record, steer_fault_t *fault);
/*! Receives a record set; its values follow, as records with in_set. */
typedef int (*steer_set_f)(void *ctx, const steer_text_set_t *set, steer_fault_t *fault);
/*! Receives a policy; the record sets of its group follow. */
typedef int (*steer_policy_f)(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault);
/*! Receives a health check, which is complete. */
typedef int (*steer_health_check_f)(void *ctx, const char *id, const steer_health_check_t *check,
                                    const steer_place_t *place, steer_fault_t *fault);
/*! Receives a network of a location. */
typedef int (*steer_text_network_f)(void *ctx, const steer_text_network_t *network,
                                    steer_fault_t *fault);
/*!
 * Receives an error; the reader goes on. The text may have any bytes of the file in it: what shows
 * it masks them, by steer_utf8_mask().
 */
typedef void (*steer_error_f)(void *ctx, const steer_place_t *place, const char *text);

/*! Room for an error or a warning: some names in it may be long. */
#define STEER_MESSAGE_MAX (2 * STEER_NAME_TEXT + 512)

/*! The errors of a file that is being read. */
typedef struct {
	steer_error_f error; /*!< NULL: the reader stops at the first one. */
	void *ctx;
	const char *name;    /*!< Of the file, for the number of errors. */
	steer_fault_t *fault;
	unsigned errors;
} steer_report_t;

/*! Reports an error. \return STEER_OK if the reader goes on, else STEER_EREFUSED */
int steer_report(steer_report_t *report, const steer_place_t *place, const char *text);
/*! The same with a format, whose text is cut at STEER_MESSAGE_MAX. */
int steer_report_v(steer_report_t *report, const steer_place_t *place, const char *format,
                   va_list args);
/*! Passes a warning on likewise. \param[in] warn  NULL: nobody receives it. */
void steer_warn_v(steer_error_f warn, void *ctx, const steer_place_t *place, const char *format,
                  va_list args);
/*! The result of reading: STEER_OK, or STEER_EREFUSED with the number of errors. */
int steer_report_end(const steer_report_t *report);
