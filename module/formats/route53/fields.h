/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The fields of JSON objects, each with the kind that it must have; errors and warnings.
 *
 * What is wrong is reported with the name of its field and with what is allowed, and counts as not
 * given. A reading goes on after errors, up to a number; then, or without memory, it ends, and
 * loops look at ret for that.
 *
 * Threads:  a reading belongs to one thread.
 */
#pragma once

#include "formats/reading.h"
#include "formats/route53/json.h"
#include "formats/text.h"

/*! A value and the file that it is in. Without a value: not given, or wrong, and reported. */
typedef struct {
	const steer_json_t *json;
	const steer_json_value_t *value;
} steer_field_at_t;

/*! What reading files of Route 53 needs throughout. */
typedef struct {
	const steer_reading_t *sink; /*!< What receives zones, record sets, health checks. */
	steer_report_t report;
	steer_text_t *text;
	char *scratch; /*!< STEER_JSON_TEXT_MAX + 1 bytes. */
	int ret; /*!< Other than STEER_OK: the reading has ended, and why was told. */
} steer_route53_reading_t;

static inline steer_place_t steer_field_place(const steer_field_at_t *field)
{
	return steer_json_place(field->json, field->value);
}

/*! Reports an error at a value. */
__attribute__((format(printf, 3, 4)))
void steer_field_wrong(steer_route53_reading_t *reading, const steer_field_at_t *field,
                       const char *format, ...);
/*! Reports a warning at a value. */
__attribute__((format(printf, 3, 4)))
void steer_field_warn(steer_route53_reading_t *reading, const steer_field_at_t *field,
                      const char *format, ...);
/*! Reports that memory is short, and ends the reading. */
void steer_field_no_memory(steer_route53_reading_t *reading);

/*! Gets a field of an object. */
steer_field_at_t steer_field_get(steer_route53_reading_t *reading, const steer_field_at_t *object,
                                 const char *key, steer_json_kind_t kind);
/*! Reports a field that is missing, with what is allowed. \return Whether it is there */
bool steer_field_need(steer_route53_reading_t *reading, const steer_field_at_t *object,
                      const char *key, const char *allowed);
/*! Gets text. \return NULL: not given, or wrong */
const char *steer_field_text(steer_route53_reading_t *reading, const steer_field_at_t *object,
                             const char *key, steer_field_at_t *field);
/*! Gets a whole number from min to max. \return false: not given, or wrong */
bool steer_field_number(steer_route53_reading_t *reading, const steer_field_at_t *object,
                        const char *key, uint32_t min, uint32_t max, uint32_t *number);
/*! Gets a boolean. \param[in] otherwise  If it is not given. */
bool steer_field_bool(steer_route53_reading_t *reading, const steer_field_at_t *object,
                      const char *key, bool otherwise);

/*!
 * Gets the next object of a list, and reports items that are none.
 *
 * \param[in,out] item  In the beginning without a value.
 *
 * \return false: there are no more, or the reading has ended
 */
bool steer_field_next(steer_route53_reading_t *reading, const steer_field_at_t *list,
                      steer_field_at_t *item);
/*! Gets likewise the next object that a key of an object names. */
bool steer_field_next_named(steer_route53_reading_t *reading, const steer_field_at_t *object,
                            const char **name, steer_field_at_t *item);

/*!
 * Refuses fields that are not known: they would say something about answers that is lost.
 *
 * \param[in] keys  Ended by NULL.
 */
void steer_field_only(steer_route53_reading_t *reading, const steer_field_at_t *object,
                      const char *const *keys);
