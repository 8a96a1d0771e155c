/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Whether what was drawn often has the shares of the weights, for tests.
 */
#pragma once

#include <stdbool.h>

#include "unit/policies.h"

#define SAMPLES 200000

/*! Compares how often each was the first with its share of the weight of the healthy. */
void check_shares(const sets_t *sets, const unsigned *hits, bool weighted);
