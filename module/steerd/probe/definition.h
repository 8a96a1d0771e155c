/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The definition of a health check, read for probing: options with their defaults, as values.
 *
 * Threads:  a definition is not changed once it is made.
 * Memory:   its own, with all texts in it.
 * Units:    milliseconds.
 */
#pragma once

#include "core/health_check.h"
#include "core/health_probe.h"

/*! The data of a record, as it is in a message without compression, names in lower case. */
typedef struct {
	uint16_t len;
	uint8_t bytes[];
} rdata_t;

/*! Words for the set of HTTP status codes up to 599. */
#define CODES_WORDS 10

typedef struct {
	uint8_t type; /*!< STEER_CHECK_*: one that is probed. */

	/* Where. */
	const char *address; /*!< NULL: the host's. */
	const char *host;    /*!< NULL: none. */
	bool ipv4, ipv6;     /*!< Which addresses of the host. */
	uint16_t port;

	/* When. A limit is cut to what encloses it: its step, the whole probe, the interval. */
	uint32_t interval, timeout, connect_timeout, response_timeout, body_timeout;
	steer_probe_rule_t rule;

	/* HTTP and TLS. */
	const char *path, *method;
	const char *const *headers; /*!< Ended by NULL, as all lists here. */
	uint64_t codes[CODES_WORDS]; /*!< A bit for each code that is expected. */
	const char *search;         /*!< NULL: none. */
	bool follow_redirects, http2, sni, verify;
	const char *server_name;    /*!< Of the certificate and for SNI; NULL: none. */

	/* DNS. */
	const char *query_name, *query_type, *rcode;
	const char *const *values;
	rdata_t **rdata; /*!< The values; ended before one that is not a value of the type. */
	unsigned min_records;

	const char *const *command;

	/* The stored options, by which an equal definition is recognized. */
	uint8_t flags;
	size_t stored_len;
	const uint8_t *stored;
} definition_t;

/*! Reads a definition. \return NULL: out of memory */
definition_t *definition_new(const steer_health_check_t *check);
/*! Whether it was read from such a check. */
bool definition_is_of(const definition_t *definition, const steer_health_check_t *check);
void definition_free(definition_t *definition);

static inline bool definition_expects(const definition_t *definition, long code)
{
	return code >= 0 && code < 64 * CODES_WORDS &&
	       (definition->codes[code / 64] >> code % 64 & 1) != 0;
}
