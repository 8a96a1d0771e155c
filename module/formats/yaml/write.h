/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Zones and health checks written as Steer YAML, see steer-yaml(5).
 *
 * What fits into STEER_YAML_WIDTH is on one line, in braces; what does not has a line for each set
 * and value. The same calls write the same bytes.
 *
 * Threads:  a writer belongs to one thread.
 * Memory:   bounded; arguments are not kept, except the zone's name.
 * Errors:   those of the stream, which keeps them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/dictionary.h"
#include "core/health_check.h"
#include "core/node.h"
#include "formats/text.h"
#include "formats/yaml/scalar.h"

/*! What comes before the records of a zone. */
typedef struct {
	const uint8_t *name;  /*!< Wire name. */
	bool overlay;
	const char *comment;  /*!< NULL: none. */
	uint32_t ttl;         /*!< Of record sets that have none of their own. */
	uint32_t soa_ttl;
	const uint8_t *soa;   /*!< Rdata of the form of SOA; NULL: none. */
} steer_yaml_zone_t;

typedef struct steer_yaml_writer steer_yaml_writer_t;

/*!
 * Makes a writer.
 *
 * \param[in] text   For the writer's use alone until it is freed.
 * \param[in] names  Of the numbers in record sets.
 *
 * \return NULL: out of memory
 */
steer_yaml_writer_t *steer_yaml_writer_new(steer_text_t *text, steer_names_t names, FILE *out);
/*! NULL is fine. */
void steer_yaml_writer_free(steer_yaml_writer_t *writer);

/*! Puts the line between two documents. */
void steer_yaml_write_mark(steer_yaml_writer_t *writer);
/*! Begins a document. */
void steer_yaml_write_zone(steer_yaml_writer_t *writer, const steer_yaml_zone_t *zone);
/*! Begins a name of that zone; steer_yaml_write_group() follows, count times. */
void steer_yaml_write_name(steer_yaml_writer_t *writer, const uint8_t *name, unsigned count);
/*! Writes a group: values alone, an alias, or a policy and its sets. */
void steer_yaml_write_group(steer_yaml_writer_t *writer, const steer_group_t *group);
/*!
 * Puts where a set of a group is, and where its clients are, as keys that follow others in braces:
 * ", region: eu-central-1".
 */
void steer_yaml_write_where(steer_yaml_sink_t *sink, const steer_names_t *names,
                            const steer_group_t *group, const steer_set_t *set);
/*!
 * TTL of a group: that of most of its sets; of several, the smallest.
 *
 * \return false: its sets are aliases, which have none.
 */
bool steer_yaml_group_ttl(const steer_group_t *group, uint32_t *ttl);

/*! Begins a document of health checks; steer_yaml_write_check() follows, at least once. */
void steer_yaml_write_health(steer_yaml_writer_t *writer);
/*! Writes a check that is defined. */
void steer_yaml_write_check(steer_yaml_writer_t *writer, const char *id,
                            const steer_health_check_t *check);
