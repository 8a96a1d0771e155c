/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief MaxMind's CSV files by their names: blocks NAME-Blocks-IPv4.csv and NAME-Blocks-IPv6.csv,
 *        locations NAME-Locations-LANGUAGE.csv, all in one folder.
 */
#pragma once

#include "steer/fault.h"

/*! Most files of blocks of a database: one for each version of IP. */
#define STEER_MAXMIND_BLOCKS 2

/*!
 * Finds the blocks in a folder.
 *
 * \param[out] paths  To be freed; NULL after the last one.
 *
 * \retval STEER_EREFUSED  There are none, or those of several databases.
 */
int steer_maxmind_find_blocks(const char *folder, char *paths[STEER_MAXMIND_BLOCKS],
                              steer_fault_t *fault);
/*!
 * Finds the locations beside a file of blocks: the English ones, since all languages have the same
 * codes, else the first ones by name.
 *
 * \param[out] path  To be freed.
 *
 * \retval STEER_EREFUSED  There are none.
 */
int steer_maxmind_find_locations(const char *blocks, char **path, steer_fault_t *fault);
