/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Whether frequencies of draws have the shares of the weights, for tests.
 */
#pragma once

#include <stdbool.h>

#include "unit/policies.h"

#define SAMPLES 200000

/*! Compares how often each was first with its share of the healthy sets' weight. */
void check_shares(const sets_t *sets, const unsigned *hits, bool weighted);
