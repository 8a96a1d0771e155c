/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Checks the children of calculated health checks.
 */
#pragma once

#include "store/change/write.h"

/*!
 * Checks the children of calculated checks, after all checks were put. A child must not be
 * calculated itself, so that no check can be its own descendant. Warns of undefined children.
 */
int steer_apply_calculated(steer_write_t *write, const steer_change_t *change,
                           const steer_apply_t *options);
