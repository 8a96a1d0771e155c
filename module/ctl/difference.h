/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a change set changes, as a dry run and the log print it.
 *
 * Of a policy's group only the record sets that differ are printed.
 *
 * Memory:  what is given is copied where it is kept.
 */
#pragma once

#include "core/health_check.h"
#include "ctl/output.h"
#include "ctl/pairs.h"
#include "store/settings.h"

/*! A zone as it is now, or was. */
typedef struct {
	char sign; /*!< STEER_LOG_IS, STEER_LOG_STAYS or STEER_LOG_WAS. */
	const uint8_t *name;
	uint8_t mode;
	const char *comment;
	size_t comment_len;
	const char *named_by; /*!< From where an import has the name; NULL: not told. */
} zone_line_t;

typedef struct {
	steer_text_t *text;
	FILE *out;
	json_list_t *list; /*!< What is printed into; NULL: lines to out. */
	bool no_memory;    /*!< Something is missing. */
	pairs_t pairs;
} difference_t;

/*! \param[in] list  NULL: lines to out. The difference stays where it is. */
void difference_begin(difference_t *difference, steer_text_t *text, FILE *out, json_list_t *list);
/*! Prints what is kept, and gives the memory back. */
void difference_end(difference_t *difference);

void difference_zone(difference_t *difference, const zone_line_t *line);
/*! \param[in] sign  '-' or '+' */
void difference_group(difference_t *difference, char sign, const uint8_t *name,
                      const steer_group_t *group);
void difference_setting(difference_t *difference, char sign, const steer_setting_t *setting,
                        const uint8_t *value, size_t len);
void difference_check(difference_t *difference, char sign, const char *id,
                      const steer_health_check_t *check);

/*! Prints a line. \param[in] prefix  "; " makes it a comment of a zone file. */
void zone_line_print(FILE *out, const char *prefix, const zone_line_t *line);

/*! Prints a value that the setting can have: a number, or names with a space between. */
void setting_print(FILE *out, const steer_setting_t *setting, const uint8_t *value, size_t len);
/*! The same as a number or an array of names; NULL: out of memory. */
json_t *setting_json(const steer_setting_t *setting, const uint8_t *value, size_t len);
