/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The record sets that changes of a batch have left: those of the store, and what they have
 *        made of them.
 *
 * Memory:   zones, owners, identifiers and files' names are borrowed until the end.
 */
#pragma once

#include "ctl/view.h"
#include "formats/route53/route53.h"
#include "steer/fault.h"

/*! A zone that is changed. */
typedef struct {
	steer_key_t apex;
	uint8_t name[STEER_NAME_MAX];
	unsigned number; /*!< Number in the change set. */
} batch_zone_t;

/*! With a view, and else zeroed, nothing has changed yet. */
typedef struct {
	const view_t *view;
	void *names, *groups, *sets; /*!< Trees of what has been looked at. */
} batch_sets_t;

/*!
 * Makes a change, if its record set may be changed so.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EINVAL  It may not; the fault says why, without a place.
 * \retval others        The store cannot be read.
 */
int batch_sets_change(batch_sets_t *batch, const batch_zone_t *zone,
                      const steer_route53_change_t *change, steer_fault_t *fault);
void batch_sets_end(batch_sets_t *batch);
