/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What readers of text give: records, each with its place, and errors.
 */
#pragma once

#include <stdint.h>

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
	steer_place_t place; /*!< Where it begins. */
} steer_text_record_t;

/*! Takes a record; an error ends the reading and is returned. */
typedef int (*steer_record_f)(void *ctx, const steer_text_record_t *record, steer_fault_t *fault);
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
