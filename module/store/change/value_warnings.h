/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Warnings of values that are allowed, but hardly what was meant.
 */
#pragma once

#include "store/change/contents.h"

/*! Warns of a value, if need be. \param[in] options  May be NULL: no warning. */
void steer_value_warn(const steer_change_record_t *record, const steer_apply_t *options);
