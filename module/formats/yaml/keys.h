/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Mappings with a table of keys, and the kinds of text that their values are.
 *
 * What is wrong is reported with its key and with what is allowed, and skipped.
 */
#pragma once

#include "formats/yaml/events.h"

/*! Most keys of a table. */
#define STEER_YAML_KEYS 64

/*!
 * Reads the value of a key, from the current node to its last one.
 *
 * \return STEER_OK, or an error that stops the reader.
 */
typedef int (*steer_yaml_value_f)(steer_events_t *events, const char *key, void *ctx);

typedef struct {
	const char *name; /*!< NULL ends a table. */
	/*!
	 * At the end of a table it reads not a value but a key that the table lacks; NULL: such a key
	 * is reported at once.
	 */
	steer_yaml_value_f take;
} steer_yaml_key_t;

/*!
 * Reads a mapping, from the current node to its end.
 *
 * \param[out] given  Bit for each key of the table that was there.
 */
int steer_yaml_mapping(steer_events_t *events, const steer_yaml_key_t *keys, void *ctx,
                       uint64_t *given);

/*! Reports a key that a table lacks. */
int steer_yaml_report_unknown(steer_events_t *events, const steer_place_t *place, const char *text,
                            size_t len, const steer_yaml_key_t *keys);

/*! Skips an item beyond max, and reports the first of these; count items come before it. */
int steer_yaml_too_many(steer_events_t *events, const char *key, unsigned count, unsigned max);

/* Values: *text, or what else is read, is as it was if the value is wrong. */

/*! Text without a zero byte. */
int steer_yaml_take_text(steer_events_t *events, const char *key, const char **text);
/*! A number, or with units if the key is a time. */
int steer_yaml_take_number(steer_events_t *events, const char *key, bool time, uint32_t *number,
                           bool *good);
/*! A TTL: a time up to STEER_TTL_MAX. */
int steer_yaml_take_ttl(steer_events_t *events, const char *key, uint32_t *ttl, bool *good);
/*! A number from 0 to 255. */
int steer_yaml_take_byte(steer_events_t *events, const char *key, uint8_t *number, bool *good);
/*! A name, relative to an origin. */
int steer_yaml_take_name(steer_events_t *events, const char *key, const uint8_t *origin,
                         uint8_t *name, bool *good);
/*! yes or no, or as JSON writes them. */
int steer_yaml_take_bool(steer_events_t *events, const char *key, bool *value, bool *good);
/*! The identifier of a health check. */
int steer_yaml_take_check_id(steer_events_t *events, const char *key, const char **id);
