/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief explain: its values for a person.
 */
#pragma once

#include "ctl/trace.h"

/*! Prints an explained answer, see trace.h, as lines. */
void explain_print(FILE *out, const json_t *said);
