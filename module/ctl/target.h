/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The record sets that a command is about: a name, perhaps a type, and the zone of them.
 */
#pragma once

#include "ctl/verbs.h"
#include "ctl/view.h"
#include "formats/text.h"
#include "store/change.h"

typedef struct {
	const char *text; /*!< As given. */
	uint8_t name[STEER_NAME_MAX];
	uint16_t type; /*!< 0: all. */
	steer_key_t apex;
} target_t;

/*! Room for name and type as text. */
#define TARGET_TEXT (STEER_NAME_TEXT + STEER_TYPE_TEXT)

/*! Takes the first arguments, NAME and perhaps TYPE. \return GO_ON or EXIT_USAGE */
int target_parse(const run_t *run, int argc, char **argv, target_t *target);
/*! Says that its name is damaged in the store. \return EXIT_STORE */
int target_damaged(const target_t *target);
/*! Writes "www.example.com. A", or the name alone. */
void target_print(char text[TARGET_TEXT], const target_t *target);
/*!
 * Finds its group, if there is one: else it has no sets.
 *
 * \return GO_ON, or EXIT_STORE: it has been said.
 */
int target_group(const view_t *view, const target_t *target, steer_group_t *group);
/*!
 * Opens the change of its zone, of which all stays that is not named.
 *
 * \retval STEER_OK, STEER_ENOMEM
 */
int target_edit(steer_change_t *change, const target_t *target, unsigned *zone);
