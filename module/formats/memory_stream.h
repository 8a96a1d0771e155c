/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Texts that are written to a stream in memory.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>

/*!
 * Closes a stream of open_memstream(). That of glibc may leave no text and say nothing.
 *
 * \return The text, which is freed by the caller; NULL: out of memory
 */
static inline char *steer_memory_stream_close(FILE *out, char **text)
{
	if (fclose(out) != 0) {
		free(*text);
		*text = NULL;
	}
	return *text;
}
