/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the parts of the writer of Steer YAML share.
 */
#pragma once

#include "formats/yaml_layout.h"
#include "formats/yaml_write.h"

struct steer_yaml_writer {
	steer_text_t *text;
	steer_yaml_sink_t sink; /*!< The stream. */
	uint8_t zone[STEER_NAME_MAX];
	uint32_t ttl;
	bool records; /*!< The zone has had a name. */
	char name[STEER_NAME_TEXT]; /*!< As it is written, of the groups to come. */
	bool alone;   /*!< It has one group. */
};

/*!
 * Prints a name as it stands in a document: relative to its zone if it lies there.
 *
 * \param[out] text  At least STEER_NAME_TEXT bytes.
 */
void steer_yaml_print_name(const steer_yaml_writer_t *writer, const uint8_t *name, char *text);
