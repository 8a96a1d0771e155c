/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The record sets that a command is about: a name, possibly a type, and their zone.
 */
#pragma once

#include "ctl/verbs.h"
#include "ctl/view.h"
#include "formats/text.h"
#include "store/change/change.h"

typedef struct {
	const char *text; /*!< As given. */
	uint8_t name[STEER_NAME_MAX];
	uint16_t type; /*!< 0: all types. */
	steer_key_t apex;
} rrset_arg_t;

/*! Room for rrset_arg_print(). */
#define TARGET_TEXT (STEER_NAME_TEXT + STEER_TYPE_TEXT)

/*!
 * Parses the arguments NAME and, if there is one, TYPE.
 *
 * \return GO_ON, or EXIT_USAGE after an error message
 */
int rrset_arg_parse(const run_t *run, int argc, char **argv, rrset_arg_t *target);
/*! Prints that the name is damaged in the store. \return EXIT_STORE */
int rrset_arg_damaged(const rrset_arg_t *target);
/*! Writes "www.example.com. A", or only the name. */
void rrset_arg_print(char text[TARGET_TEXT], const rrset_arg_t *target);
/*!
 * Finds its group; if there is none, gives one without sets.
 *
 * \return GO_ON, or EXIT_STORE after an error message
 */
int rrset_arg_group(const view_t *view, const rrset_arg_t *target, steer_group_t *group);
/*!
 * Adds its zone to a change set; record sets that are not changed stay.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int rrset_arg_edit(steer_change_t *change, const rrset_arg_t *target, unsigned *zone);
