/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Applies the settings of a change set.
 */
#pragma once

#include "store/change/write.h"

/*! Changes and logs the settings that differ, and counts them in the summary. */
int steer_settings_apply(steer_write_t *write, const steer_change_t *change,
                         const steer_apply_t *options, steer_summary_t *summary);
