/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The order in which Route 53 lists record sets: by names with their labels reversed, as
 *        ASCII, with dots and octal escapes.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdint.h>

/*!
 * The bytes of the keys of names in that order, in which keys then are: the end of a label, as a dot,
 * is behind a dash, and a byte with an escape, as a backslash, between digits and letters.
 */
void steer_route53_order(uint8_t order[256]);
