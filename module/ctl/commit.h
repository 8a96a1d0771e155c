/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Applying a verb's change set to the store.
 */
#pragma once

#include "ctl/output.h"
#include "ctl/verbs.h"
#include "ctl/view.h"
#include "store/change/change.h"

/*! What import needs in addition to other verbs. */
typedef struct {
	const progress_t *progress; /*!< Cleared for messages; shows the summary at the end. */
	/*! What gave a new zone its name, to be printed. */
	const char *(*named_by)(void *ctx, const uint8_t *apex);
	/*!
	 * Completes the change set, when nobody else can change the store any more; the view's reader
	 * sees what it is applied to.
	 */
	int (*begun)(void *ctx, steer_fault_t *fault);
	/*!
	 * Does what follows the change set, and prints it; as JSON, more members of its object. May be
	 * NULL. \return The exit status
	 */
	int (*applied)(void *ctx);
	/*! Called for each group that changes: as it was ('-'), as it is ('+'). */
	void (*group)(void *ctx, char sign, const uint8_t *name, const steer_group_t *group);
	void *ctx;
} commit_watch_t;

/*!
 * Applies a change set and prints the outcome: warnings, the difference of a dry run, JSON.
 *
 * \param[in] view   Its reader is reset, so that it keeps no old version.
 * \param[in] watch  May be NULL.
 *
 * \return The exit status.
 */
int commit(const run_t *run, const view_t *view, steer_change_t *change, bool dry_run,
           const commit_watch_t *watch);
