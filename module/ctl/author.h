/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Who runs the program and by what command, for the change log; and how the log shows it.
 */
#pragma once

#include <stddef.h>

#include "core/utf8.h"
#include "schema/layout.h"

/*! Room for a text of the log; longer ones are cut when they are stored. */
#define AUTHOR_TEXT (STEER_LOG_TEXT_MAX + 8)
/*! Room for one as it is shown. */
#define AUTHOR_SHOWN STEER_MASKED(STEER_LOG_TEXT_MAX)

/*!
 * Login name of the user, in parentheses behind that of who became that user by sudo.
 *
 * \note What sudo says comes from the environment, so the user's own name is always there.
 */
void author_who(char who[AUTHOR_TEXT]);

/*! The verb and its arguments, quoted as for a shell where needed. */
void author_what(char what[AUTHOR_TEXT], int argc, char **argv);

/*! A word quoted as for a shell where needed; what does not fit into size bytes is left out. */
void author_word(char *text, size_t size, const char *word);

/*! A text of the log as it can be shown: what is not printable UTF-8 as \\xHH. */
void author_show(char shown[AUTHOR_SHOWN], const char *text, size_t len);
