/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The routing policies of Route 53: the field of a record set implies that of its group.
 */
#pragma once

#include "core/dictionary.h"
#include "core/program.h"
#include "core/recordset.h"
#include "formats/route53/fields.h"

/*! Names of CIDR collections. Zeroed memory has none. */
typedef struct {
	struct steer_route53_collection *of;
	size_t count, room;
	const char *used; /*!< Identifier of the collection that record sets use; NULL: none. */
	bool several;     /*!< They use others, too. */
} steer_route53_collections_t;

/*! Adds a collection of list-cidr-collections. */
void steer_route53_add_collection(steer_route53_collections_t *collections,
                                  steer_route53_reading_t *reading,
                                  const steer_field_at_t *collection);
/*! The name of the only collection. \return NULL: there are several, or none */
const char *steer_route53_only_collection(const steer_route53_collections_t *collections);
/*!
 * The name of a collection by its name or identifier, or the text itself if there are no names.
 *
 * \return NULL: there is none
 */
const char *steer_route53_find_collection(const steer_route53_collections_t *collections,
                                          const char *text);
void steer_route53_collections_free(steer_route53_collections_t *collections);

/*!
 * Finds the policy of a record set.
 *
 * \param[out] key  The field that implies it; NULL: none, the record set is simple.
 */
steer_preset_t steer_route53_policy(steer_route53_reading_t *reading, const steer_field_at_t *entry,
                                    const char **key);

/*!
 * Reads the field of a policy.
 *
 * \param[out] set       Receives it.
 * \param[out] location  Text of the location of the set.
 */
void steer_route53_take_policy(steer_route53_reading_t *reading, const steer_field_at_t *entry,
                               steer_route53_collections_t *collections, steer_preset_t preset,
                               steer_record_set_t *set,
                               char location[STEER_DICTIONARY_NAME_MAX + 1]);
