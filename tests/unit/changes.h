/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Tables of changes to a zone: what each must leave, or that it is refused.
 */
#pragma once

#include <stddef.h>

#include "unit/model.h"
#include "unit/stores.h"

#define CREATE  STEER_ZONE_CREATE
#define DELETE  STEER_ZONE_DELETE
#define MERGE   STEER_ZONE_MERGE
#define REPLACE STEER_ZONE_REPLACE

typedef struct {
	const char *what, *before; /*!< before: the zone that is there; NULL: none. */
	steer_zone_action_t action;
	const char *change, *after;
	unsigned added, changed, removed; /*!< Record sets, the SOA included. */
	unsigned nodes; /*!< Written, including the apex; 0 if there is a difference: any number. */
} change_case_t;

/*! Makes each change in a store of its own. \param[in] checks  See model_t. */
void check_changes(const change_case_t *cases, size_t count, const model_check_t *checks);

typedef struct {
	const char *what, *before; /*!< As in change_case_t. */
	steer_zone_action_t action;
	const char *change;
	int code;
	const char *text; /*!< Part of the message. */
} refusal_t;

/*! Tries each change, also as a dry run: both give the reason, and nothing changes. */
void check_refusals(const refusal_t *cases, size_t count);
