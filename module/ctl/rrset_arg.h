/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The record sets that a command is about: a name, perhaps a type, and the zone of them.
 */
#pragma once

#include "ctl/verbs.h"
#include "ctl/view.h"
#include "formats/text.h"
#include "store/change/change.h"

typedef struct {
	const char *text; /*!< As given. */
	uint8_t name[STEER_NAME_MAX];
	uint16_t type; /*!< 0: all. */
	steer_key_t apex;
} rrset_arg_t;

/*! Room for name and type as text. */
#define TARGET_TEXT (STEER_NAME_TEXT + STEER_TYPE_TEXT)

/*! Takes the first arguments, NAME and perhaps TYPE. \return GO_ON or EXIT_USAGE */
int rrset_arg_parse(const run_t *run, int argc, char **argv, rrset_arg_t *target);
/*! Says that its name is damaged in the store. \return EXIT_STORE */
int rrset_arg_damaged(const rrset_arg_t *target);
/*! Writes "www.example.com. A", or the name alone. */
void rrset_arg_print(char text[TARGET_TEXT], const rrset_arg_t *target);
/*!
 * Finds its group, if there is one: else it has no sets.
 *
 * \return GO_ON, or EXIT_STORE: it has been said.
 */
int rrset_arg_group(const view_t *view, const rrset_arg_t *target, steer_group_t *group);
/*!
 * Opens the change of its zone, of which all stays that is not named.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int rrset_arg_edit(steer_change_t *change, const rrset_arg_t *target, unsigned *zone);
