/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The comments of cli53: keys with values, which are fields of a record set of Route 53.
 *
 * A comment has a routing, and the keys that it needs and may have. Values are read by Route 53's
 * rules later.
 */
#pragma once

#include "formats/zonefile.h"

typedef enum {
	STEER_CLI53_ROUTING, STEER_CLI53_ID, STEER_CLI53_HEALTH, STEER_CLI53_WEIGHT,
	STEER_CLI53_REGION, STEER_CLI53_FAILOVER, STEER_CLI53_CONTINENT, STEER_CLI53_COUNTRY,
	STEER_CLI53_SUBDIVISION,
	STEER_CLI53_MULTIVALUE, /*!< What the routing MULTIVALUE stands for. */
	STEER_CLI53_KEYS,
} steer_cli53_key_t;

/*! The keys of a place: bit i is set for key i. */
#define STEER_CLI53_PLACE \
	(1u << STEER_CLI53_CONTINENT | 1u << STEER_CLI53_COUNTRY | 1u << STEER_CLI53_SUBDIVISION)

/*! A key, and the field of Route 53 that it is; NULL: it has none of that name. */
typedef struct {
	const char *name, *field;
	bool number;
} steer_cli53_field_t;

extern const steer_cli53_field_t steer_cli53_keys[STEER_CLI53_KEYS];

typedef struct {
	const char *values[STEER_CLI53_KEYS]; /*!< NULL: not given. */
	uint32_t columns[STEER_CLI53_KEYS];
} steer_cli53_comment_t;

/*!
 * Reads the comment of a line.
 *
 * \param[out] text     Of comment_len + 1 bytes: the values.
 * \param[out] comment  Points into text.
 * \param[out] good     false: an error was reported.
 *
 * \return STEER_OK, or what the report returned
 */
int steer_cli53_comment_read(const steer_cli53_line_t *line, char *text,
                             steer_cli53_comment_t *comment, steer_report_t *report, bool *good);
