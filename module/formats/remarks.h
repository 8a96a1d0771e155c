/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a zone file says that is not read as meant; reported once, with a count.
 *
 * Memory:   the file names of places belong to inputs, which outlive the remarks.
 */
#pragma once

#include "formats/input.h"
#include "formats/record.h"

typedef enum {
	STEER_REMARK_TTL,   /*!< A record without TTL, and no $TTL before it. */
	STEER_REMARK_STEER, /*!< One in a comment of steerctl get. */
	STEER_REMARKS,
} steer_remark_t;

typedef struct {
	struct {
		steer_place_t first;
		uint64_t count;
	} of[STEER_REMARKS];
} steer_remarks_t;

void steer_remark(steer_remarks_t *remarks, steer_remark_t remark, const steer_place_t *place);
/*! Looks for policies in the comments of an input. */
void steer_remark_comments(steer_remarks_t *remarks, const steer_input_t *input);
/*! Reports each, with its first place and its count. */
void steer_remarks_report(const steer_remarks_t *remarks, steer_error_f report, void *ctx);
