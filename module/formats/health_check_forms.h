/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the values of a health check's options look like.
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 */
#pragma once

#include "core/health_check.h"

/*! Size of the longest canonical text, including the terminating NUL. */
#define STEER_FORM_TEXT 4097

/*!
 * Makes the canonical text of a value.
 *
 * \param[in] item  Position in a list.
 *
 * \return false: the option does not allow that value.
 */
bool steer_form_make(const steer_health_option_t *option, unsigned item, const char *value,
                     char text[STEER_FORM_TEXT]);
/*! Writes what is allowed instead. */
void steer_form_allowed(const steer_health_option_t *option, unsigned item, char *text,
                        size_t size);
