/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief set: what its files share.
 */
#pragma once

#include "core/program.h"
#include "core/recordset.h"
#include "ctl/output.h"
#include "ctl/rrset_arg.h"
#include "ctl/view.h"
#include "store/change/change.h"

/*! The options as given; NULL: not given. */
typedef struct {
	const char *ttl, *id, *alias, *evaluate, *health, *policy;
	const char *weight, *failover, *tier;
	const char *region, *geo, *coordinates, *bias, *cidr, *asn;
	bool multivalue, dry_run;
} set_options_t;

typedef struct {
	const run_t *run;
	set_options_t options;
	rrset_arg_t target;
	char **values;
	int count;          /*!< Number of values. */
	steer_record_set_t set;
	uint8_t alias[STEER_NAME_MAX];
	uint32_t asns[STEER_ASNS_MAX];
	uint32_t ttl;       /*!< TTL of the values; by default that of set_parse(). */
	uint8_t program[STEER_PROGRAM_MAX]; /*!< The value of --policy. */
	size_t program_len;
	steer_preset_t preset; /*!< What the attribute implies for a new group, or STEER_PRESET_NONE. */
	view_t view;
	steer_group_t stored; /*!< The group as stored; without sets if there is none. */
	steer_change_t *change;
} setter_t;

/*! Whether no single record set is changed, but the policy or TTL of a whole group. */
static inline bool set_is_of_group(const setter_t *setter)
{
	const set_options_t *options = &setter->options;
	return setter->count == 0 && options->alias == NULL && options->id == NULL &&
	       options->health == NULL && options->evaluate == NULL;
}

/*! Makes a record set from the options. \return GO_ON, or EXIT_USAGE after an error message */
int set_parse(setter_t *setter);
