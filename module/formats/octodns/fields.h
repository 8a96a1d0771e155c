/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Keys of octoDNS's mappings, and the errors and warnings about them.
 *
 * What is wrong is reported at its place, and reading goes on, until ret is an error.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "formats/reading.h"
#include "formats/text.h"
#include "formats/yaml/tree.h"

/*! What passing on a file needs. */
typedef struct {
	const steer_reading_t *sink;
	steer_report_t report;
	steer_text_t *text;
	const steer_yaml_tree_t *tree;
	const uint8_t *zone;
	int ret; /*!< STEER_OK, or what ends the reading. */
} steer_octodns_reading_t;

/*! Reports an error. */
__attribute__((format(printf, 3, 4)))
void steer_octodns_wrong(steer_octodns_reading_t *reading, const steer_yaml_value_t *at,
                         const char *format, ...);
/*! Warns. */
__attribute__((format(printf, 3, 4)))
void steer_octodns_warn(steer_octodns_reading_t *reading, const steer_yaml_value_t *at,
                        const char *format, ...);
void steer_octodns_no_memory(steer_octodns_reading_t *reading);

/*! Text of a value; one that is empty is "". */
static inline const char *steer_octodns_text_of(const steer_octodns_reading_t *reading,
                                                const steer_yaml_value_t *value)
{
	return value->kind == STEER_YAML_TEXT ? steer_yaml_tree_text(reading->tree, value) : "";
}
/*! The value of a key, of one kind. \return NULL: it is not given, or wrong */
const steer_yaml_value_t *steer_octodns_get(steer_octodns_reading_t *reading,
                                            const steer_yaml_value_t *mapping, const char *key,
                                            steer_yaml_kind_t kind);
/*! Text. \param[out] at  Its place. \return NULL: it is not given, or wrong */
const char *steer_octodns_text(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                               const char *key, const steer_yaml_value_t **at);
/*! A whole number from min to max. \return false: it is not given, or wrong */
bool steer_octodns_number(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                          const char *key, uint32_t min, uint32_t max, uint32_t *number);
/*! Whether a key is true: that or yes. */
bool steer_octodns_is_true(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                           const char *key);
/*! Reports that a key is missing, unless it is there. */
bool steer_octodns_need(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                        const char *key, const char *allowed);

/*!
 * Gets the next item of a list, or the only item if there is no list.
 *
 * \param[in,out] item  In the beginning NULL.
 *
 * \return false: there are no more, or the reading has ended
 */
bool steer_octodns_next(const steer_octodns_reading_t *reading, const steer_yaml_value_t *list,
                        const steer_yaml_value_t **item);
/*! Whether a value is a mapping; reports one that is not. */
bool steer_octodns_is_mapping(steer_octodns_reading_t *reading, const steer_yaml_value_t *value,
                              const char *what);

/*!
 * Warns about keys that are not known, which octoDNS does not look at either.
 *
 * \param[in] keys  Ended by NULL.
 */
void steer_octodns_only(steer_octodns_reading_t *reading, const steer_yaml_value_t *mapping,
                        const char *const *keys);
