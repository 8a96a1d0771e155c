/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief How the owner of an SOA record, which names the zone, is written.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/input.h"

typedef enum {
	STEER_OWNER_REPEATED, /*!< The line begins with a blank. */
	STEER_OWNER_ORIGIN,   /*!< "@" */
	STEER_OWNER_RELATIVE,
	STEER_OWNER_ABSOLUTE,
} steer_owner_form_t;

/*! Form of an owner. \param[in] begin  Start of the record, see steer_zonefile_begin(); or NULL. */
steer_owner_form_t steer_owner_form(const steer_input_t *input, const char *begin);

/*!
 * Whether an owner names a zone that nobody means: the root by "@", or the origin twice for want of
 * a final dot.
 *
 * \param[in]  owner, origin  Wire names in lower case.
 * \param[in]  root           Whether the root is meant.
 * \param[out] text           If it does: what is wrong, and what is allowed.
 */
bool steer_owner_is_mistaken(const uint8_t *owner, const uint8_t *origin, steer_owner_form_t form,
                             bool root, char *text, size_t size);
