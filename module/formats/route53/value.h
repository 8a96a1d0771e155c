/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Values that record sets and documents of traffic policies have alike.
 *
 * What is wrong is reported.
 */
#pragma once

#include "core/geo.h"
#include "core/recordset.h"
#include "formats/route53/fields.h"

/*! Largest weight. */
#define STEER_ROUTE53_WEIGHT_MAX 255

/*!
 * Reads a record.
 *
 * \param[in]  value  Its text.
 * \param[out] rdata  Borrowed until the next one is read.
 *
 * \return false: it is wrong
 */
bool steer_route53_take_value(steer_route53_reading_t *reading, const steer_field_at_t *value,
                              uint16_t type, const uint8_t **rdata, uint16_t *rdata_len);

/*! Whether a text is a name of letters, digits, - and _, such as that of a region. */
bool steer_route53_is_word(steer_route53_reading_t *reading, const steer_field_at_t *field,
                           const char *key, const char *text);

/*! Gets the identifier of a health check. \return NULL: none is given, or it is wrong */
const char *steer_route53_take_health(steer_route53_reading_t *reading,
                                      const steer_field_at_t *object, const char *key);

/*! Whether a region is a Local Zone group, which is named after the region that it belongs to. */
bool steer_route53_is_local_zone(const char *name);
/*!
 * Takes the name of a region, with a warning if its place is not known.
 *
 * \param[in] name  As the field has it.
 */
void steer_route53_take_region(steer_route53_reading_t *reading, const steer_field_at_t *field,
                               const char *key, const char *name, steer_record_set_t *set);

/*!
 * Takes the place of clients, which is that of all others if its country is *.
 *
 * \param[in] key   Of the field, for messages.
 * \param[in] keys  Those of its continent, its country and its subdivision.
 */
void steer_route53_take_place(steer_route53_reading_t *reading, const steer_field_at_t *place,
                              const char *key, const char *const keys[3],
                              steer_record_set_t *set);

/*! Takes degrees, in hundredths. \param[in] max  Most of these. \return false: they are wrong */
bool steer_route53_take_degrees(steer_route53_reading_t *reading, const steer_field_at_t *field,
                                const char *key, int max, int16_t *degrees);
/*! Takes a bias. */
void steer_route53_take_bias(steer_route53_reading_t *reading, const steer_field_at_t *field,
                             const char *key, steer_record_set_t *set);
