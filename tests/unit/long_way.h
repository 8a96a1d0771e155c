/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Picking without shortcuts, beside the one with them: every policy is run by its steps, and
 *        every name is found by its hash.
 */
#pragma once

#include "core/pick.h"

/*! As steer_pick(). */
int long_pick(steer_picker_t *picker, const steer_group_t *group, unsigned taken, bool single,
              steer_picked_t *picked);
