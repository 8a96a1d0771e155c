/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a change set changes, as a dry run and the log print it.
 *
 * A group that was and is comes twice, one after the other. Of a policy's group only the record
 * sets that differ are printed, so what was is kept until it is known what is.
 *
 * Memory:  what is given is copied where it is kept.
 */
#pragma once

#include "core/check.h"
#include "ctl/output.h"
#include "ctl/zone_line.h"
#include "store/settings.h"

typedef struct {
	steer_text_t *text;
	FILE *out;
	json_list_t *list; /*!< What is printed into; NULL: lines to out. */
	bool no_memory;    /*!< Something is missing. */
	uint8_t *kept;     /*!< A group that was ... */
	size_t room;
	bool waiting;      /*!< ... and is to be printed. */
	uint8_t name[STEER_NAME_MAX];
	steer_group_t was;
} difference_t;

/*! \param[in] list  NULL: lines to out. */
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
                      const steer_check_t *check);
