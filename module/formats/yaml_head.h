/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a document of Steer YAML says of its zone, but for the records.
 */
#pragma once

#include "formats/yaml.h"
#include "formats/yaml_events.h"

/*!
 * Reads a document, at whose begin events are, to its end, and passes over its records.
 *
 * \param[out] found  It names a zone, and head is whole.
 */
int steer_yaml_head(steer_events_t *events, steer_yaml_head_t *head, bool *found);
