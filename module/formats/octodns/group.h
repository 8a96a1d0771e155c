/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief One record of octoDNS, which is all records of a name and type, passed on.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/octodns/health.h"
#include "formats/octodns/value.h"

typedef struct {
	steer_octodns_reading_t *reading;
	steer_octodns_line_t *line;
	const steer_yaml_value_t *at; /*!< Its mapping. */
	const uint8_t *owner;
	const steer_octodns_type_t *type;
	uint32_t ttl;
	bool no_ttl; /*!< None is given; it is the default. */
	const steer_yaml_value_t *values; /*!< A list, or the only one. */
	steer_octodns_probe_t probe;
} steer_octodns_group_t;

/*! Passes on the policy of the group. \param[in] program  As text. */
void steer_octodns_pass_policy(const steer_octodns_group_t *group, const char *program);
/*! Passes on a record set, without its values. */
void steer_octodns_pass_set(const steer_octodns_group_t *group, const steer_record_set_t *set,
                            const steer_yaml_value_t *at);
/*! Passes on values. \param[in] in_set  They are of the last record set. */
void steer_octodns_pass_values(const steer_octodns_group_t *group, const steer_yaml_value_t *values,
                               bool in_set);
/*!
 * Passes on the health check of a value.
 *
 * \param[in]  down  It is never up.
 * \param[out] id    Its identifier; "": the value is wrong.
 * \param[in]  pass  Else only the identifier is wanted.
 */
void steer_octodns_check_value(const steer_octodns_group_t *group, const steer_yaml_value_t *value,
                               bool down, bool pass, char id[STEER_CHECK_ID_MAX + 1]);
