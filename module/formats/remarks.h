/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a zone file says that is not read as meant; reported once, with a count.
 *
 * Some dialects express policies in comments or in types of their own. Their records are plain
 * values to everyone else, so an import would silently lose the policies.
 *
 * Memory:   the file names of places belong to inputs, which outlive the remarks.
 * Sources:  cli53's zone files ("; AWS routing="); PowerDNS' type LUA, 65402; record_set.h.
 */
#pragma once

#include "formats/input.h"
#include "formats/record.h"

typedef enum {
	STEER_REMARK_TTL,   /*!< A record without TTL, and no $TTL before it. */
	STEER_REMARK_CLI53, /*!< A policy in a comment of cli53. */
	STEER_REMARK_STEER, /*!< One in a comment of steerctl get. */
	STEER_REMARK_LUA,   /*!< A LUA record of PowerDNS, by its number. */
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
