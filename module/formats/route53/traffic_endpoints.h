/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The endpoints in the document of a traffic policy: values, and AWS services.
 *
 * Threads:  belong to one thread.
 */
#pragma once

#include "formats/route53/fields.h"

/*! Where rules lead to: a record, or another name. */
typedef struct {
	const char *id;
	steer_field_at_t at;
	bool alias;    /*!< data is a name. */
	bool used;     /*!< The start leads to it. */
	uint16_t len;
	uint8_t *data; /*!< Rdata or name; NULL: it was wrong. */
} steer_traffic_endpoint_t;

/*! Sorted by their identifiers. Zeroed memory has none. */
typedef struct {
	steer_traffic_endpoint_t *of;
	uint32_t count;
	size_t room;
} steer_traffic_endpoints_t;

/*! Reads the object of endpoints. \param[in] type  Of the records that are values. */
void steer_traffic_endpoints_read(steer_traffic_endpoints_t *endpoints,
                                  steer_route53_reading_t *reading, const steer_field_at_t *object,
                                  uint16_t type);
/*! Finds an endpoint. \return NULL: there is none */
steer_traffic_endpoint_t *steer_traffic_endpoint(const steer_traffic_endpoints_t *endpoints,
                                                 const char *id);
void steer_traffic_endpoints_free(steer_traffic_endpoints_t *endpoints);
