/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Applies one zone's part of a change set.
 */
#pragma once

#include "store/change/zone_job.h"

/*! Checks and compares a zone, and writes its nodes; in a dry run too, since that is aborted. */
int steer_zone_apply(steer_zone_job_t *job);
