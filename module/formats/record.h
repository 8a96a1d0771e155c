/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What readers of text give: records, each with its place, and errors.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/health_check.h"
#include "core/recordset.h"
#include "steer/error.h"
#include "steer/fault.h"

/*! Errors after which a reading ends. */
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
	bool no_ttl;         /*!< The text does not say the TTL; it is a default. */
	bool in_set;         /*!< It is a value of the record set that was given last. */
	steer_place_t place; /*!< Where it begins. */
} steer_text_record_t;

/*!
 * A record set that needs more than records: an alias, one with a health check, one of a policy.
 */
typedef struct {
	const uint8_t *owner;
	uint16_t type;
	steer_record_set_t set;
	steer_place_t place;
} steer_text_set_t;

/*! A group's policy: a whole program. */
typedef struct {
	const uint8_t *owner;
	uint16_t type;
	const uint8_t *program;
	size_t len;
	steer_place_t place;
} steer_text_policy_t;

/*! Takes a record; an error ends the reading and is returned. */
typedef int (*steer_record_f)(void *ctx, const steer_text_record_t *record, steer_fault_t *fault);
/*! Takes a record set; its values follow, as records that say so. */
typedef int (*steer_set_f)(void *ctx, const steer_text_set_t *set, steer_fault_t *fault);
/*! Takes a policy; the record sets of its group follow. */
typedef int (*steer_policy_f)(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault);
/*! Takes a health check, which is complete. */
typedef int (*steer_health_check_f)(void *ctx, const char *id, const steer_health_check_t *check,
                                    const steer_place_t *place, steer_fault_t *fault);
/*! Takes an error, and the reading goes on. */
typedef void (*steer_error_f)(void *ctx, const steer_place_t *place, const char *text);

/*! The errors of one reading. */
typedef struct {
	steer_error_f error; /*!< NULL: the reading ends at the first one. */
	void *ctx;
	const char *name;    /*!< Of all that is read. */
	steer_fault_t *fault;
	unsigned errors;
} steer_report_t;

/*! Tells an error. \return STEER_OK if the reading goes on, else STEER_EREFUSED */
int steer_report(steer_report_t *report, const steer_place_t *place, const char *text);
/*! The result of a reading: STEER_OK, or STEER_EREFUSED with the number of errors told. */
int steer_report_end(const steer_report_t *report);
