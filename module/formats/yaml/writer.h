/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the parts of the Steer YAML writer share.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/dictionary.h"
#include "core/node.h"
#include "formats/text.h"
#include "formats/yaml/layout.h"
#include "schema/layout.h"

typedef struct steer_yaml_writer {
	steer_text_t *text;
	steer_names_t names;
	steer_yaml_sink_t sink; /*!< The stream. */
	uint8_t zone[STEER_NAME_MAX];
	uint32_t ttl;
	bool records; /*!< A name of the zone was written. */
	char name[STEER_NAME_TEXT]; /*!< Of the groups to come, as it is written. */
	bool alone;   /*!< It has one group. */
} steer_yaml_writer_t;

/*!
 * Prints a name without the labels of an ancestor, and without a final dot.
 *
 * \param[out] text  At least STEER_NAME_TEXT bytes.
 */
void steer_yaml_print_relative(const uint8_t *name, const uint8_t *ancestor, char *text);

/*!
 * Prints a name as a document has it: relative to its zone if it is in it.
 *
 * \param[out] text  At least STEER_NAME_TEXT bytes.
 */
void steer_yaml_print_name(const steer_yaml_writer_t *writer, const uint8_t *name, char *text);

/*!
 * Puts where a record set is, and where its clients are.
 *
 * \param[in] reads  What the policy of its group reads, STEER_KEEP_*: that is put even if it is the
 *                   default, if it is about clients.
 */
void steer_yaml_put_where(steer_yaml_map_t *map, const steer_names_t *names, const steer_set_t *set,
                          uint16_t reads);
