/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The dictionary in a write transaction: names get their numbers.
 */
#pragma once

#include "core/dictionary.h"
#include "store/change/write.h"

/*!
 * Finds the number of a name, which gets the next one if it has none; that is put, logged and
 * reported. No view of what is stored is valid afterwards.
 *
 * \param[out] given  It had none.
 *
 * \retval STEER_OK
 * \retval STEER_EINVAL    What is no name.
 * \retval STEER_EFULL     There are STEER_DICTIONARY_MAX names, or a fault of LMDB.
 * \retval STEER_EDAMAGED  The dictionary is damaged: a number could be given twice.
 */
int steer_dictionary_intern(steer_write_t *write, const steer_dictionary_name_t *name,
                            const steer_apply_t *options, uint32_t *number, bool *given);
/*! Finds the numbers of the names that record sets have; before zones are applied. */
int steer_sets_find_numbers(steer_write_t *write, steer_change_t *change,
                            const steer_apply_t *options);
/*!
 * Gives a name the number that it has in a log.
 *
 * \retval STEER_EREFUSED  It has one, or it is not the next one; without a fault.
 */
int steer_dictionary_take(steer_write_t *write, const steer_dictionary_name_t *name,
                          uint32_t number);
