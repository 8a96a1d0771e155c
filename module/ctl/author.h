/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Who runs the program and with which command, for the change log; and how both are shown.
 */
#pragma once

#include <stddef.h>

#include "core/utf8.h"
#include "schema/layout.h"

/*! Room for a text of the log; a longer one is cut when it is stored. */
#define AUTHOR_TEXT (STEER_LOG_TEXT_MAX + 8)
/*! Room for such a text as it is shown. */
#define AUTHOR_SHOWN STEER_MASKED(STEER_LOG_TEXT_MAX)

/*!
 * Writes the login name of the user; after sudo "NAME (USER)", where NAME called sudo.
 *
 * \note NAME comes from the environment, so the name of the actual user is always included.
 */
void author_who(char who[AUTHOR_TEXT]);

/*! Writes the verb and its arguments, quoted for a shell where needed. */
void author_what(char what[AUTHOR_TEXT], int argc, char **argv);

/*! Writes a word, quoted for a shell if needed; what does not fit into size bytes is cut off. */
void author_word(char *text, size_t size, const char *word);

/*! Writes a text of the log as it can be shown: bytes that are not printable UTF-8 as \\xHH. */
void author_show(char shown[AUTHOR_SHOWN], const char *text, size_t len);
