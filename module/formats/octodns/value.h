/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Values of octoDNS as records.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/octodns/fields.h"
#include "formats/octodns/types.h"

/*! A value as the text of a record, while it is made. Zeroed memory is an empty one. */
typedef struct {
	char *text;
	size_t len, room;
} steer_octodns_line_t;

void steer_octodns_line_free(steer_octodns_line_t *line);

/*!
 * Reads a value, and reports one that is wrong.
 *
 * \param[out] rdata  Borrowed until the reading's text is used again.
 *
 * \return false: it is wrong, or there is no memory
 */
bool steer_octodns_value(steer_octodns_reading_t *reading, steer_octodns_line_t *line,
                         const steer_octodns_type_t *type, const steer_yaml_value_t *value,
                         const uint8_t **rdata, uint16_t *rdata_len);
