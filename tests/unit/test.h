/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What each unit test needs: cmocka, with the headers that it requires before it.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/count.h"
