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
#include "ctl/zone_line.h"
#include "store/settings.h"

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
