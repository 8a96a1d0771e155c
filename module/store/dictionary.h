/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The dictionary: numbers of names of regions, collections and locations, and names of
 *        numbers.
 *
 * A number belongs to its name forever, so replacing a map, or deleting what refers to a name,
 * leaves everything else that refers to it as it is. Numbers are given by change sets: see
 * steer_store_apply_names().
 *
 * Threads:  as the reader, which is one of the records.
 * Memory:   names are borrowed from the map, like what the reader returns.
 */
#pragma once

#include "core/dictionary.h"
#include "store/store.h"

/*!
 * Finds the number of a name.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_ENOENT    It has none, or cannot be a name.
 * \retval STEER_EDAMAGED  What is stored is no number.
 */
int steer_dictionary_find(const steer_reader_t *records, const steer_dictionary_name_t *name,
                          uint32_t *number);
/*!
 * Finds the name of a number.
 *
 * \retval STEER_OK, STEER_EIO
 * \retval STEER_ENOENT    No name has it.
 * \retval STEER_EDAMAGED  What is stored is no name, or not one with this number.
 */
int steer_dictionary_name(const steer_reader_t *records, uint32_t number,
                          steer_dictionary_name_t *name);

/*! The names of the records that a reader sees, as long as it is not renewed or closed. */
steer_names_t steer_dictionary_names(const steer_reader_t *records);

/*! Receives a number and its name. \return false ends the walk */
typedef bool (*steer_dictionary_f)(void *ctx, uint32_t number, const steer_dictionary_name_t *name);
/*!
 * Walks over all numbers in order.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 * \retval STEER_EDAMAGED  Something is damaged; everything else was received.
 */
int steer_dictionary_walk(const steer_reader_t *records, steer_dictionary_f take, void *ctx);

/*! Receives what is wrong with the dictionary. \return false ends the check */
typedef bool (*steer_dictionary_fault_f)(void *ctx, const char *text);
/*!
 * Checks that each name has the number which has this name, and that no number is missing.
 *
 * \retval STEER_OK, STEER_EIO, STEER_ENOMEM
 */
int steer_dictionary_check(const steer_reader_t *records, steer_dictionary_fault_f take, void *ctx);
