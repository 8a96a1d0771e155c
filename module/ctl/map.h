/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The maps of a store, as the verbs read them, and the actions of verb_map().
 */
#pragma once

#include "core/dictionary.h"
#include "ctl/view.h"
#include "store/maps.h"

/*! The maps, with the records, whose dictionary has the names in them. */
typedef struct {
	view_t view;
	steer_reader_t *maps; /*!< NULL: the store has never had a map. */
} map_view_t;

/*! Opens both as they are now. \return GO_ON, or the exit status after an error message */
int map_view_open(map_view_t *view, const run_t *run, steer_store_mode_t mode);
void map_view_close(map_view_t *view);

/*!
 * Finds a map, which is borrowed from the view.
 *
 * \return GO_ON, or the exit status after an error message
 */
int map_view_need(const map_view_t *view, const char *name, steer_map_t *map);

/*! Room for a name in the dictionary. */
#define MAP_NAME_TEXT (STEER_DICTIONARY_NAME_MAX + 1)
/*!
 * Finds the region that a map refers to, or the location, of which the name is printed without that
 * of its collection.
 *
 * \param[in] kind  STEER_DICTIONARY_REGION or STEER_DICTIONARY_LOCATION.
 *
 * \return GO_ON, or EXIT_STORE after an error message
 */
int map_view_name(const view_t *view, uint8_t kind, uint32_t number, char name[MAP_NAME_TEXT]);

/*! Takes a block of a map of locations; anything but GO_ON ends the walk. */
typedef int (*map_block_f)(void *ctx, const steer_network_t *block, const char *location);
/*!
 * Walks over the blocks of a map of locations, in order of address, each before those inside it.
 *
 * \return GO_ON, what take() returned, or EXIT_STORE after an error message
 */
int map_each_block(const view_t *view, const steer_map_t *map, map_block_f take, void *ctx);

/* Actions, which argv[0] is. \return The exit status */
int map_import(run_t *run, int argc, char **argv);
int map_export(run_t *run, int argc, char **argv);
int map_lookup(run_t *run, int argc, char **argv);
