/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Standard output and standard error of a command, checked at its end.
 *
 * With --json, a command that fails before it has printed its value prints its messages as a JSON
 * value. Messages still go to standard error immediately.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*! Bytes of messages that are kept for the JSON value. */
#define STREAMS_KEPT 65536

typedef struct {
	bool json;
	bool printed; /*!< Something was written to standard output. */
	size_t len;
	char kept[STREAMS_KEPT];
	FILE *out, *err; /*!< The original stdout and stderr. */
} streams_t;

/*!
 * Makes sure that descriptors 0 to 2 are open, as no file of the store may get one of them, and
 * records what is printed if --json is among the arguments.
 */
void streams_begin(streams_t *streams, int argc, char **argv);
/*!
 * Writes out what is left, and puts stdout and stderr back. A command fails if its output cannot be
 * written.
 *
 * \return The exit status
 */
int streams_end(streams_t *streams, int status);
