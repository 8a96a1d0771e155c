/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Following the store, the part about alias targets: the settings, which targets are used,
 *        and what the status has of them.
 *
 * Threads:  the loop's.
 * Memory:   nothing is allocated.
 */
#pragma once

#include "core/forwarders.h"
#include "steerd/targets.h"
#include "store/store.h"

typedef struct {
	targets_t *targets;
	resolver_t *resolver;
	const steer_forwarders_t *system; /*!< What "forwarders: system" stands for. */
	bool configured;
	steer_forwarders_t forwarders;    /*!< Once it is configured: the setting. */
} target_follower_t;

/*!
 * Takes the targets of a commit.
 *
 * \param[in] records, status  Renewed readers.
 * \param[in] restore          Takes also what the status has.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 */
int follow_targets(target_follower_t *follower, const steer_reader_t *records,
                   const steer_reader_t *status, bool restore);
