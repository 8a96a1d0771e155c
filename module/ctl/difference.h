/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a change set changes, as a dry run and the log print it.
 *
 * Of a group with a policy only the record sets that differ are printed.
 *
 * Memory:  arguments are borrowed during the call; what is needed longer is copied.
 */
#pragma once

#include "core/dictionary.h"
#include "core/health_check.h"
#include "core/health_state.h"
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
	const char *named_by; /*!< What gave it its name in an import; NULL: not printed. */
} zone_line_t;

typedef struct {
	steer_text_t *text;
	steer_names_t names; /*!< Of numbers in record sets. */
	FILE *out;
	json_list_t *list; /*!< Where values go; NULL: lines are printed on out instead. */
	bool no_memory;    /*!< Out of memory: something is missing. */
	pairs_t pairs;
} difference_t;

/*!
 * Begins a difference, which must not be moved afterwards.
 *
 * \param[in] list  Where values go; NULL: lines are printed on out instead.
 */
void difference_begin(difference_t *difference, steer_text_t *text, steer_names_t names, FILE *out,
                      json_list_t *list);
/*! Prints what is held back, and frees the memory. */
void difference_end(difference_t *difference);

void difference_zone(difference_t *difference, const zone_line_t *line);
/*! \param[in] sign  '-' or '+' */
void difference_group(difference_t *difference, char sign, const uint8_t *name,
                      const steer_group_t *group);
void difference_setting(difference_t *difference, char sign, const steer_setting_t *setting,
                        const uint8_t *value, size_t len);
void difference_check(difference_t *difference, char sign, const char *id,
                      const steer_health_check_t *check);
/*! \param[in] kind  STEER_STATUS_FORCE or STEER_STATUS_REPORT. */
void difference_state(difference_t *difference, char sign, uint8_t kind, const char *id,
                      const steer_health_state_t *state);
/*! A name that got a number. */
void difference_name(difference_t *difference, char sign, const steer_dictionary_name_t *name,
                     uint32_t number);

/*! Prints a line. \param[in] prefix  "; " makes it a comment of a zone file. */
void zone_line_print(FILE *out, const char *prefix, const zone_line_t *line);

/*! Room for a number, a time or a word of a setting as text. */
#define SETTING_TEXT 32
void setting_text(char text[SETTING_TEXT], const steer_setting_t *setting, uint32_t number);
/*! Prints a valid value of a setting; names and servers are separated by spaces. */
void setting_print(FILE *out, const steer_setting_t *setting, const uint8_t *value, size_t len);
/*! The same: a number, an array of names or servers, else a string. \return NULL: out of memory */
json_t *setting_json(const steer_setting_t *setting, const uint8_t *value, size_t len);
