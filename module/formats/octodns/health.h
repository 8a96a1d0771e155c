/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks: the key octodns of a record says how each of its values is probed.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/octodns/fields.h"

/*! What octoDNS probes by default. */
#define STEER_OCTODNS_PATH "/_dns"
#define STEER_OCTODNS_PORT 443
/*! Bounds of what its provider of Route 53 adds. */
#define STEER_OCTODNS_INTERVAL_MAX  86400
#define STEER_OCTODNS_THRESHOLD_MAX 10

/*! How the values of a record are probed. */
typedef struct {
	const steer_yaml_value_t *at; /*!< Where that is said, or the record. */
	uint8_t type;        /*!< STEER_CHECK_*; STEER_CHECK_MANUAL: by what is not known here. */
	const char *host;    /*!< NULL: the name of the record; "": none. */
	const char *path;
	uint32_t port;
	uint32_t interval;   /*!< Seconds; 0: the default. */
	uint32_t threshold;  /*!< 0: the default. */
} steer_octodns_probe_t;

/*! Reads the options of a record. \param[in] dynamic  Whether there is something to be probed. */
void steer_octodns_take_probe(steer_octodns_reading_t *reading, const steer_yaml_value_t *record,
                              bool dynamic, steer_octodns_probe_t *probe);
/*!
 * Passes on the health check of a value.
 *
 * \param[in] at      The value's place.
 * \param[in] number  Type of the record.
 * \param[in] value   The value as in a zone file.
 * \param[in] down    It is never up.
 */
void steer_octodns_pass_check(steer_octodns_reading_t *reading, const steer_octodns_probe_t *probe,
                              const steer_yaml_value_t *at, const uint8_t *owner, uint16_t number,
                              const char *value, bool down);
