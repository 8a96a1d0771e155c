/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief A verb's change set on its way into the store.
 */
#pragma once

#include "ctl/output.h"
#include "ctl/verbs.h"
#include "store/change.h"

/*!
 * Applies a change set and tells what it did: warnings, the difference of a dry run, JSON.
 *
 * \param[in] progress  Counter whose line messages clear, or NULL; it gets the summary.
 *
 * \return The exit status.
 */
int commit(const run_t *run, steer_store_t *store, steer_change_t *change, bool dry_run,
           const progress_t *progress);
