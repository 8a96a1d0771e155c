/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The number of an array's elements.
 */
#pragma once

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
