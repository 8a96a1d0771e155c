/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Puts a map that was built into the store, in place of the one of that name.
 */
#pragma once

#include "ctl/view.h"
#include "formats/map/map_builder.h"
#include "store/status.h"

/*! A map, and where it goes. */
typedef struct {
	const run_t *run;
	const view_t *view;    /*!< Of the store, open for writing. */
	steer_reader_t *maps;  /*!< NULL: the store has never had a map. */
	const char *name;
	steer_map_type_t type;
	steer_map_builder_t *builder;
	const char *files, *formats;  /*!< What it comes from, for the map. */
	steer_now_t now;
	bool dry_run;
} map_put_t;

/* Each returns GO_ON, or the exit status after an error message. */

/*! Refuses a name under which there is a map of another type. */
int map_put_check(const map_put_t *put);
/*! Ends the rows, and checks them as a whole. */
int map_put_end(const map_put_t *put);
/*! Lets go of the version of the store that was looked at, as what follows takes long. */
void map_put_let_go(const map_put_t *put);
/*!
 * Gives the names in the rows, which have ended, numbers, and puts the map.
 *
 * \param[out] result  "created", "replaced" or "unchanged".
 */
int map_put(const map_put_t *put, const char **result);

/*! Prints what went wrong with a file, or with what is in it. \return The exit status */
int map_put_fault(int ret, const steer_fault_t *fault);
