/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What went wrong: a code for the program, a sentence for the person.
 *
 * Threads:  a fault belongs to its caller.
 * Memory:   the text is inside; a longer one is cut.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>

#include "steer/error.h"

typedef struct {
	int code;        /*!< STEER_E*. */
	char text[1024]; /*!< One line without its end: what is wrong, what is allowed. */
} steer_fault_t;

/*! Fills a fault (NULL is fine) and returns its code, so that a caller can return it at once. */
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
