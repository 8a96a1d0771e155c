/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Standard output and error of a command, watched to its end.
 *
 * With --json a command that fails before it has printed its value prints its messages as one.
 * Messages go to standard error all the same, at once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*! Bytes of messages that are kept for the value. */
#define STREAMS_KEPT 65536

typedef struct {
	bool json;
	bool printed; /*!< Something went to standard output. */
	size_t len;
	char kept[STREAMS_KEPT];
	FILE *out, *err; /*!< Those that stdout and stderr were. */
} streams_t;

/*!
 * Looks after the descriptors 0 to 2, none of which a file of the store may get, and with --json
 * among the arguments after what is printed.
 */
void streams_begin(streams_t *streams, int argc, char **argv);
/*!
 * Writes out what is left. What cannot be written was not done for the one who asked for it.
 *
 * \return The exit status.
 */
int streams_end(streams_t *streams, int status);
