/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A verb's change set on its way into the store.
 */
#pragma once

#include "ctl/output.h"
#include "ctl/verbs.h"
#include "store/change/change.h"

/*! What import needs of it beyond other verbs. */
typedef struct {
	const progress_t *progress; /*!< Counter whose line messages clear; it gets the summary. */
	/*! From where a zone that is created has its name, which is printed. */
	const char *(*named_by)(void *ctx, const uint8_t *apex);
	/*! Hears of each group that differs: as it was ('-'), as it is ('+'). */
	void (*group)(void *ctx, char sign, const uint8_t *name, const steer_group_t *group);
	void *ctx;
} commit_watch_t;

/*!
 * Applies a change set and tells what it did: warnings, the difference of a dry run, JSON.
 *
 * \param[in] watch  NULL: nothing more is needed.
 *
 * \return The exit status.
 */
int commit(const run_t *run, steer_store_t *store, steer_change_t *change, bool dry_run,
           const commit_watch_t *watch);
