/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

/*! Bytes of a line; the rest is cut off. */
#define LINE_SIZE 2048

void log_line(int priority, const char *format, ...)
{
	char line[LINE_SIZE], masked[STEER_MASKED(LINE_SIZE)];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	steer_utf8_mask(masked, sizeof(masked), line, strlen(line));
	const char *journal = getenv("JOURNAL_STREAM");
	if (journal != NULL && journal[0] != '\0') { // Set by systemd: see sd-daemon(3).
		fprintf(stderr, "<%d>%s\n", priority, masked);
	} else {
		fprintf(stderr, "steerd: %s\n", masked);
	}
}
