/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Whether a record set of the store is just what a change of a batch says.
 */
#pragma once

#include "core/node.h"
#include "formats/route53/route53.h"
#include "store/store.h"

/*! Room for the names of all fields. */
#define BATCH_FIELDS_TEXT 256

/*!
 * Compares them.
 *
 * \param[in]  records  Reader of the names of regions and locations.
 * \param[in]  group    The group of the stored record set.
 * \param[out] fields   Names of the fields that differ, with commas; "": they are equal.
 *
 * \retval STEER_OK, STEER_EIO, STEER_EDAMAGED
 */
int batch_match(const steer_reader_t *records, const steer_group_t *group,
                const steer_set_t *stored, const steer_route53_change_t *change,
                char fields[BATCH_FIELDS_TEXT]);
