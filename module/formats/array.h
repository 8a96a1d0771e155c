/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Arrays that grow.
 */
#pragma once

#include <stddef.h>

/*!
 * Grows an array to so many items, at least.
 *
 * \param[in,out] room  Items that it has room for.
 *
 * \return The array; NULL: out of memory, and it is as it was
 */
void *steer_array_grown(void *items, size_t *room, size_t count, size_t size);
