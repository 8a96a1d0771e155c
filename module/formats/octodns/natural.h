/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The order in which octoDNS wants keys: digits count as the number that they make.
 *
 * Threads:  a pure function; any thread.
 * Sources:  the Python package natsort, whose default order octoDNS uses.
 */
#pragma once

/*! \return Negative, 0 or positive, as strcmp() */
int steer_octodns_natural_cmp(const char *a, const char *b);
