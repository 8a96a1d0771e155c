/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief One zone's part of a change set.
 */
#pragma once

#include "store/change/alias_check.h"

/*! A hosted zone that begins, or no longer begins, inside the zone. */
typedef struct {
	steer_key_t apex;
	bool begins;
} steer_hosted_t;

typedef struct {
	steer_write_t *write;
	const steer_apply_t *options;
	steer_summary_t *summary;
	const steer_key_t *apex;
	steer_change_zone_t *change;      /*!< Its records, sorted; may be NULL. */
	steer_alias_check_t *alias_check; /*!< Gets what can make an alias loop; NULL: replayed. */
	const steer_hosted_t *hosted;     /*!< By key; only if there is no change, and not full. */
	size_t hosted_count;
	bool replayed;                /*!< No rule is checked: this was done where it was made. */
	bool all;                     /*!< Other names of the zone may differ too, by its mode. */
	bool full;                    /*!< The change has all records of the zone. */
	bool gone;                    /*!< The zone is deleted, ... */
	bool empty;                   /*!< ... and must have nothing but SOA and NS at its apex. */
	bool changed;                 /*!< Out: a record set differs. */
} steer_zone_job_t;
