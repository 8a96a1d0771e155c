/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What went wrong: a code for the program, a sentence for the person.
 *
 * Threads:  a fault belongs to its caller.
 * Memory:   it contains its text; a longer text is cut off.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>

#include "steer/error.h"

/*! A fault. */
typedef struct {
	int code;        /*!< STEER_E*. */
	char text[1024]; /*!< One line without a line feed: what is wrong, what is allowed. */
} steer_fault_t;

/*! Fills in a fault, which may be NULL. \return code, so that a caller can return it directly */
__attribute__((format(printf, 3, 4)))
static inline int steer_fault(steer_fault_t *fault, int code, const char *format, ...)
{
	if (fault != NULL) {
		va_list args;
		va_start(args, format);
		vsnprintf(fault->text, sizeof(fault->text), format, args);
		va_end(args);
		fault->code = code;
	}
	return code;
}
