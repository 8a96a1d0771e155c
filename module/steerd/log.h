/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Messages of steerd, one line an event, on standard error; with priorities for the journal.
 *
 * Threads:  any.
 */
#pragma once

#include <syslog.h>

/*! Logs a line. Bytes that are not printable are masked. */
__attribute__((format(printf, 2, 3)))
void log_line(int priority, const char *format, ...);
